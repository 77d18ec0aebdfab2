/** Which files of a graph are tests, and what these run. */
import { matches } from '../path-rules.ts';
import { exercised } from './exercised.ts';
import type { Graph } from './graph-snapshot.ts';

interface Tests {
  globs: readonly string[];
  isTest(path: string): boolean;
  /** What a test runs. */
  tested: ReadonlySet<string>;
}

const testsOfGraphs = new WeakMap<Graph, Tests>();

/** Of one graph told once, for as long as it is asked with the same list of globs. */
export function testsOf(graph: Graph, globs: readonly string[]): Tests {
  const known = testsOfGraphs.get(graph);
  if (known?.globs === globs) return known;
  const told = new Map<string, boolean>();
  const isTest = (path: string) => {
    const answer = told.get(path) ?? matches(globs, path);
    told.set(path, answer);
    return answer;
  };
  const made = { globs, isTest, tested: exercised(graph, graph.files.filter(isTest)) };
  testsOfGraphs.set(graph, made);
  return made;
}
