/** Who would notice a change: the files that use the given ones, at once or through others. */
import type { Graph } from './graph.ts';

export interface Dependents {
  /** Files that use one of the given files themselves. */
  direct: string[];
  /** All files that reach one of them, the direct ones included; never one of the given files. Sorted. */
  transitive: string[];
}

export function dependents(graph: Graph, files: readonly string[]): Dependents {
  const given = new Set(files);
  const reached = reach(files, (path) => graph.importersOf(path));
  const direct = new Set(files.flatMap((path) => [...graph.importersOf(path)]));
  const outside = (paths: Set<string>) => [...paths].filter((path) => !given.has(path)).sort();
  return { direct: outside(direct), transitive: outside(reached) };
}

/** The given files and all that `next` leads to from them. */
export function reach(files: Iterable<string>, next: (path: string) => readonly string[]): Set<string> {
  const reached = new Set(files);
  for (const path of reached) for (const other of next(path)) reached.add(other);
  return reached;
}
