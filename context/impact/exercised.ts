/**
 * What running a file can execute: what it loads, and what that loads. A file that a test mocks is not run by it, and
 * neither is one of which it only reads types. A file that is used for its types alone, and uses nothing but types, counts
 * with those who read it: there is no code in it that a test could run.
 */
import { reach } from './dependents.ts';
import type { Graph } from './graph-snapshot.ts';

/** Files that running the given ones can execute, those included. */
export function exercised(graph: Graph, files: Iterable<string>): Set<string> {
  const typesOnly = typesOnlyIn(graph);
  return reach(files, (path) => graph.importsOf(path).filter((target) => runs(graph, path, target, typesOnly)));
}

/** Files that execute the given one when they are run, itself included. */
export function runBy(graph: Graph, path: string): Set<string> {
  const typesOnly = typesOnlyIn(graph);
  return reach([path], (target) => graph.importersOf(target).filter((other) => runs(graph, other, target, typesOnly)));
}

function runs(graph: Graph, from: string, to: string, typesOnly: (path: string) => boolean): boolean {
  const kind = graph.kindOf(from, to);
  switch (kind) {
    case 'value':
    case 'written':
      return true;
    case 'type':
      return typesOnly(to);
    case 'mock':
    case undefined:
      return false;
    default:
      return kind satisfies never;
  }
}

function typesOnlyIn(graph: Graph): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    let only = known.get(path);
    if (only === undefined) {
      only =
        graph.importersOf(path).every((other) => graph.kindOf(other, path) === 'type') &&
        graph.importsOf(path).every((other) => graph.kindOf(path, other) === 'type');
      known.set(path, only);
    }
    return only;
  };
}
