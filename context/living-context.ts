/** The living context around some files or an error: what must hold there, what depends on it, what was learned before. */
import { posix } from 'node:path';
import { type ErrorEvent, incidentId } from '../events/event.ts';
import { dependents } from './impact/dependents.ts';
import type { Graph } from './impact/graph.ts';
import { type Impact, impactFacts, impactOf } from './impact/impact.ts';
import type { Layers } from './law/compose.ts';
import { lawIndex } from './law-index.ts';
import { type RecalledIncident, recall } from './memory.ts';
import { PathSet } from './path-sets.ts';
import { renderContext, type Shown, shownOf } from './render.ts';
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
  /** How many of each list the text tells: the first ones. */
  shown: Shown;
}

export interface ContextQuery {
  law: Layers;
  graph: Graph;
  /** Repository-relative files that are asked about. */
  files?: readonly string[];
  /** The newest event of the incident; the files of its stack are asked about as well. */
  event?: ErrorEvent | undefined;
}

/**
 * Only entries in force, the most relevant first: the incident's own reproduction, then what is about the files, about
 * everything, about their dependents; among these what is about security or executed. Critical invariants come before
 * warnings. Where no file is known at all, every scenario and invariant may matter and is given.
 */
export function getContext({ law, graph, files = [], event }: ContextQuery): LivingContext {
  const asked = [...new Set([...files.map((path) => posix.normalize(path)), ...filesOf(event, graph)])];
  const index = lawIndex(law);
  const near = nearness(asked, dependents(graph, asked).transitive);
  const groups = [...index.groups].flatMap(([globs, group]) => {
    const rank = near(globs);
    return rank === undefined ? [] : group.map((scenario) => ({ scenario, rank }));
  });
  const own = event && incidentId(event.fingerprint);
  const reproductions = own === undefined ? [] : index.scenariosOf(own);
  const impact = impactOf(graph, asked, {
    ...impactFacts(law),
    scenarios: groups.map(({ scenario }) => scenario),
    incidents: index.incidentsOf(asked),
  });
  const affected = affectedBy(impact);
  const others = groups
    .filter(({ scenario }) => own === undefined || scenario.incident !== own)
    .map(({ scenario, rank }) => {
      return { scenario, rank: 4 * rank + (isSecurity(scenario.tags) ? 0 : 2) + (isExecutable(scenario) ? 0 : 1) };
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ scenario }) => scenario);
  const scenarios = [...reproductions, ...others];
  const invariants = index.invariants
    .map((invariant) => ({ invariant, rank: near(invariant.files) }))
    .filter(({ rank }) => rank !== undefined)
    .map(({ invariant, rank = 0 }) => ({ invariant, rank: rank + (invariant.severity === 'critical' ? 0 : 10) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ invariant }) => invariant);

  const parts = {
    scenarios: scenarios.map((scenario) => {
      const { id, name, kind, why, constraint, tags, files: globs } = scenario;
      return { id, name, kind, why, constraint, tags, files: globs, executable: isExecutable(scenario) };
    }),
    invariants: invariants.map((invariant) => {
      const { id, rule, severity, category, files: globs } = invariant;
      return { id, rule, severity, category, files: globs, executable: executableCheck(invariant) !== undefined };
    }),
    // An error is also recalled by its type; files are recalled by themselves.
    incidents: recall({ event, files: asked }, event ? law.incidents : index.incidentsOf(asked)),
  };
  const block = { ...parts, event, affected, problems: law.problems };
  return { text: renderContext(block), ...parts, impact, shown: shownOf(block) };
}

function isSecurity(tags: readonly string[]): boolean {
  return tags.some((tag) => /^(?:security|critical)$/i.test(tag));
}

/** 0: about one of the files; 1: about everything; 2: about a dependent; undefined: about something else. */
function nearness(asked: readonly string[], affected: readonly string[]) {
  const [own, others] = [new PathSet(asked), new PathSet(affected)];
  return (globs: readonly string[]): number | undefined => {
    if (own.meets(globs)) return 0;
    if (globs.length === 0) return 1;
    return asked.length === 0 || others.meets(globs) ? 2 : undefined;
  };
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
