/** What is asked of a law at every edit, arranged once for as long as the law is the same object. */
import { inForce, type Layers } from './law/compose.ts';
import { matches } from './path-rules.ts';
import type { PastIncident } from './schemas/incidents.ts';
import type { Invariant } from './schemas/invariants.ts';
import type { Scenario } from './schemas/scenarios.ts';

export interface LawIndex {
  /** Scenarios in force by the list of globs that those of one file share, in the order in which they are written. */
  groups: ReadonlyMap<readonly string[], readonly Scenario[]>;
  /** In force. */
  invariants: readonly Invariant[];
  scenariosOf(incident: string): readonly Scenario[];
  /** Those of which a file is one of the paths, in the order in which they are written. */
  incidentsOf(paths: readonly string[]): PastIncident[];
}

const made = new WeakMap<Layers, LawIndex>();

export function lawIndex(law: Layers): LawIndex {
  const known = made.get(law) ?? index(law);
  made.set(law, known);
  return known;
}

function index(law: Layers): LawIndex {
  const groups = new Map<readonly string[], Scenario[]>();
  const byIncident = new Map<string, Scenario[]>();
  for (const scenario of law.scenarios.filter(inForce)) {
    add(groups, scenario.files, scenario);
    if (scenario.incident !== undefined) add(byIncident, scenario.incident, scenario);
  }
  const byPath = new Map<string, number[]>();
  const byGlob: number[] = [];
  for (const [at, { files }] of law.incidents.entries()) {
    for (const file of files) add(byPath, file, at);
    if (files.some((file) => /[*?[\]{}()!+@\\|]|^\.\/|\/$/.test(file))) byGlob.push(at);
  }
  return {
    groups,
    invariants: law.invariants.filter(inForce),
    scenariosOf: (incident) => byIncident.get(incident) ?? [],
    incidentsOf(paths) {
      const plain = paths.flatMap((path) => byPath.get(path) ?? []);
      const globbed = byGlob.filter((at) => paths.some((path) => matches(law.incidents[at]?.files ?? [], path)));
      const found = [...new Set([...plain, ...globbed])].sort((a, b) => a - b);
      return found.flatMap((at) => law.incidents[at] ?? []);
    },
  };
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
