/** The living context around some files or an error: what must hold there, what depends on it, what was learned before. */
import { posix } from 'node:path';
import { type ErrorEvent, incidentId } from '../events/event.ts';
import type { Graph } from './impact/graph.ts';
import { type Impact, impactFacts, impactOf } from './impact/impact.ts';
import { inForce, type Layers } from './law/compose.ts';
import { type RecalledIncident, recall } from './memory.ts';
import { matches } from './path-rules.ts';
import { renderContext } from './render.ts';
import { executableCheck, type Invariant } from './schemas/invariants.ts';
import { isExecutable, type Scenario } from './schemas/scenarios.ts';

export interface LivingContext {
  /** The block that a model reads. */
  text: string;
  scenarios: Array<
    Pick<Scenario, 'id' | 'name' | 'kind' | 'why' | 'constraint' | 'tags' | 'files'> & { executable: boolean }
  >;
  invariants: Array<Pick<Invariant, 'id' | 'rule' | 'severity' | 'category' | 'files'> & { executable: boolean }>;
  impact: Impact;
  incidents: RecalledIncident[];
}

export interface ContextQuery {
  law: Layers;
  graph: Graph;
  /** Repository-relative files that are asked about. */
  files?: readonly string[];
  /** The newest event of the incident; the files of its stack are asked about as well. */
  event?: ErrorEvent | undefined;
}

/** Only entries in force. Where no file is known at all, every scenario and invariant may matter and is given. */
export function getContext({ law, graph, files = [], event }: ContextQuery): LivingContext {
  const asked = [...new Set([...files.map((path) => posix.normalize(path)), ...filesOf(event, graph)])];
  const impact = impactOf(graph, asked, impactFacts(law));
  const affected = affectedBy(impact);
  const nearness = (globs: readonly string[]): number | undefined => {
    if (globs.length === 0 || asked.some((path) => matches(globs, path))) return 0;
    return asked.length === 0 || affected.some((path) => matches(globs, path)) ? 1 : undefined;
  };
  const own = event && incidentId(event.fingerprint);
  const scenarios = nearest(law.scenarios, (scenario) =>
    own !== undefined && scenario.incident === own ? -1 : nearness(scenario.files),
  );
  const invariants = nearest(law.invariants, (invariant) => nearness(invariant.files));

  const parts = {
    scenarios: scenarios.map((scenario) => {
      const { id, name, kind, why, constraint, tags, files: globs } = scenario;
      return { id, name, kind, why, constraint, tags, files: globs, executable: isExecutable(scenario) };
    }),
    invariants: invariants.map((invariant) => {
      const { id, rule, severity, category, files: globs } = invariant;
      return { id, rule, severity, category, files: globs, executable: executableCheck(invariant) !== undefined };
    }),
    incidents: recall({ event, files: asked }, law.incidents),
  };
  return { text: renderContext({ ...parts, event, affected }), ...parts, impact };
}

/** Files that depend on any of the files in an impact map, those files themselves left out. Sorted. */
export function affectedBy(impact: Impact): string[] {
  const affected = new Set(Object.values(impact.files).flatMap((file) => file.transitive));
  return [...affected].filter((path) => !(path in impact.files)).sort();
}

/** Files of the error's stack that are in the tree, its own first. */
function filesOf(event: ErrorEvent | undefined, graph: Graph): string[] {
  if (event === undefined) return [];
  const inApp = event.frames.filter((frame) => frame.in_app).map((frame) => frame.file);
  return [event.file, ...inApp].filter((path): path is string => path !== undefined && graph.has(path));
}

/** Entries in force that `rank` knows, lowest first, else in the order they are written. */
function nearest<T extends { proposed?: boolean | undefined }>(
  entries: readonly T[],
  rank: (entry: T) => number | undefined,
): T[] {
  return entries
    .filter(inForce)
    .map((entry) => ({ entry, at: rank(entry) }))
    .filter(({ at }) => at !== undefined)
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .map(({ entry }) => entry);
}
