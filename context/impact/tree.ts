/**
 * The dependents of a file as a tree for people: each of them once, where it is fewest steps away; what nothing covers comes
 * first, then what leads to such files, tests last.
 */
import { inForce } from '../law/compose.ts';
import { matches } from '../path-rules.ts';
import { isExecutable } from '../schemas/scenarios.ts';
import { runBy } from './exercised.ts';
import type { EdgeKind, Graph } from './graph-snapshot.ts';
import type { ImpactFacts } from './impact.ts';
import { testsOf } from './tests.ts';

export interface Dependent {
  path: string;
  /** How it uses the file above it. */
  kind: EdgeKind;
  state: 'uncovered' | 'covered' | 'test';
  /** How many of the dependents below it nothing covers. */
  uncoveredBelow: number;
  /** How many dependents stand below it. */
  below: number;
  dependents: Dependent[];
}

export interface Coverage {
  /** Ids of the scenarios about the file that something executes. */
  scenarios: string[];
  /** Test files that run it. */
  tests: string[];
}

export interface ImpactTree {
  dependents: Dependent[];
  /** Asked for each file that is shown, not for all. */
  coverageOf(path: string): Coverage;
}

export function impactTree(graph: Graph, file: string, facts: ImpactFacts): ImpactTree {
  const scenarios = facts.scenarios.filter((scenario) => inForce(scenario) && isExecutable(scenario));
  const { isTest, tested } = testsOf(graph, facts.testGlobs);
  const about = (path: string) => scenarios.filter((scenario) => matches(scenario.files, path)).map(({ id }) => id);
  const stateOf = (path: string): Dependent['state'] => {
    if (isTest(path)) return 'test';
    return tested.has(path) || about(path).length > 0 ? 'covered' : 'uncovered';
  };

  const root = { path: file, dependents: [] as Dependent[] };
  const seen = new Set([file]);
  const inOrder: Dependent[] = [];
  for (const node of walk(root, inOrder))
    for (const path of graph.importersOf(node.path)) {
      if (seen.has(path)) continue;
      seen.add(path);
      const kind = graph.kindOf(path, node.path) ?? 'value';
      const child: Dependent = { path, kind, state: stateOf(path), uncoveredBelow: 0, below: 0, dependents: [] };
      node.dependents.push(child);
      inOrder.push(child);
    }
  for (const node of inOrder.reverse()) {
    for (const child of node.dependents) {
      node.below += child.below + 1;
      node.uncoveredBelow += child.uncoveredBelow + (child.state === 'uncovered' ? 1 : 0);
    }
    node.dependents.sort(uncoveredFirst);
  }
  return {
    dependents: root.dependents.sort(uncoveredFirst),
    coverageOf: (path) => ({ scenarios: about(path), tests: [...runBy(graph, path)].filter(isTest).sort() }),
  };
}

/** The root, then all that is added to `nodes` meanwhile: nearer files before those further away. */
function* walk(root: { path: string; dependents: Dependent[] }, nodes: readonly Dependent[]) {
  yield root;
  yield* nodes;
}

function uncoveredFirst(a: Dependent, b: Dependent): number {
  return rank(a) - rank(b) || (a.path < b.path ? -1 : 1);
}

function rank({ state, uncoveredBelow }: Dependent): number {
  if (state === 'uncovered') return 0;
  if (uncoveredBelow > 0) return 1;
  return state === 'covered' ? 2 : 3;
}
