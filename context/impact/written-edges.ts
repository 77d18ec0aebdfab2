/** Edges that people wrote into `impact-map.yaml` for what code cannot show: HTTP, queues, SQL. */
import { inForce } from '../law/compose.ts';
import { matches } from '../path-rules.ts';

/** `from` uses `to`. Both are paths, or globs for several files. */
export interface HandWrittenEdge {
  from: string;
  to: string;
  why: string;
  /** Drafted by a model: without force. */
  proposed?: boolean | undefined;
}

/** Path → files it uses, globs expanded, proposed edges left out. */
export function writtenEdges(edges: readonly HandWrittenEdge[], files: ReadonlySet<string>): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const { from, to } of edges.filter(inForce)) {
    const targets = expand(to, files);
    for (const source of expand(from, files)) {
      const own = found.get(source) ?? new Set();
      for (const target of targets) if (target !== source) own.add(target);
      found.set(source, own);
    }
  }
  return new Map([...found].filter(([, targets]) => targets.size > 0).map(([from, targets]) => [from, [...targets]]));
}

function expand(pathOrGlob: string, files: ReadonlySet<string>): string[] {
  if (files.has(pathOrGlob)) return [pathOrGlob];
  return [...files].filter((path) => matches([pathOrGlob], path));
}
