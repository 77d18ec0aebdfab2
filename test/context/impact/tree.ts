/** A tree held in memory: path → text. */

import type { Graph } from '../../../context/impact/graph.ts';
import type { Tree } from '../../../context/impact/language.ts';
import type { Sources } from '../../../context/impact/sources.ts';

export function sourcesOf(texts: Record<string, string>): Sources {
  return { files: Object.keys(texts).sort(), read: (path) => texts[path] };
}

export function treeOf(texts: Record<string, string>): Tree {
  return { files: new Set(Object.keys(texts)), read: (path) => texts[path] };
}

/** `from → to`, with the kind of the edge where it is not one of code that is loaded. Read from both directions. */
export function edgesOf(graph: Graph, files: Iterable<string> = graph.files): string[] {
  const every = [...new Set(files)].sort();
  const forth = every.flatMap((from) => graph.importsOf(from).map((to) => `${from} → ${to}`));
  const back = every.flatMap((to) => graph.importersOf(to).map((from) => `${from} → ${to}`));
  const edges = [...new Set([...forth, ...back])].sort();
  return edges.map((edge) => {
    const [from = '', to = ''] = edge.split(' → ');
    if (!graph.importersOf(to).includes(from) || !graph.importsOf(from).includes(to)) return `${edge} one way only`;
    const kind = graph.kindOf(from, to);
    return kind === 'value' ? edge : `${edge} ${kind}`;
  });
}
