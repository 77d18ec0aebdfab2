/**
 * The import graph: which file of the repository uses which. The same files give the same graph in every run. For a tree
 * that is asked about again and again see `live-graph.ts`.
 */
import type { Graph } from './graph-snapshot.ts';
import { type GraphInput, LiveGraph } from './live-graph.ts';

export type { Graph } from './graph-snapshot.ts';
export type { HandWrittenEdge } from './written-edges.ts';

export function buildGraph(input: GraphInput): Graph {
  return new LiveGraph().refresh(input);
}
