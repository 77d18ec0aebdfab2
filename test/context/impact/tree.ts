/** A tree held in memory: path → text. */
import type { Tree } from '../../../context/impact/language.ts';
import type { Sources } from '../../../context/impact/sources.ts';

export function sourcesOf(texts: Record<string, string>): Sources {
  return { files: Object.keys(texts).sort(), read: (path) => texts[path] };
}

export function treeOf(texts: Record<string, string>): Tree {
  return { files: new Set(Object.keys(texts)), read: (path) => texts[path] };
}
