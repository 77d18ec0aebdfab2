/** JSON files that the resolver reads: package.json, and tsconfig.json with its comments and trailing commas. */
import type { Tree } from '../../language.ts';

const COMMENTS = /("[^"\\\n]*(?:\\.[^"\\\n]*)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const TRAILING_COMMAS = /("[^"\\\n]*(?:\\.[^"\\\n]*)*")|,(?=\s*[}\]])/g;

export type JsonObject = { [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a file; undefined when there is none: a broken file only costs the edges that it would explain. */
export function readJson(tree: Tree, path: string): JsonObject | undefined {
  const text = tree.files.has(path) ? tree.read(path) : undefined;
  if (text === undefined) return undefined;
  const plain = text
    .replace(/^\uFEFF/, '')
    .replace(COMMENTS, '$1')
    .replace(TRAILING_COMMAS, '$1');
  try {
    const value: unknown = JSON.parse(plain);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
