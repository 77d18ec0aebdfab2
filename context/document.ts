/**
 * One YAML document of `.self-healing/`, from text to a trusted value, or to problems that name the exact place.
 * Never throws on what people, merges or models may have written.
 */
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type ParsedNode } from 'yaml';
import type { z } from 'zod';
import { check, dotted } from './document/issues.ts';
import type { Place, Problem } from './document/problem.ts';
import { parseTree } from './document/tree.ts';
import { foreignVersion } from './document/version.ts';

export type ParsedDocument<T> =
  /** `placeOf` tells where the value at a path, such as `['scenarios', 0]`, was written; with `atKey` the key that leads to it. */
  | { ok: true; value: T; placeOf: (path: readonly PropertyKey[], atKey?: boolean) => Place }
  | { ok: false; problems: Problem[] };

/** A file with more problems than this is broken as a whole; the first ones tell. */
const MAX_PROBLEMS = 50;

/** Offset of the value at `path`, or of the deepest one above it that exists; with `atKey` of the key that leads to it. */
function offsetOf(document: Document.Parsed<ParsedNode>, path: readonly PropertyKey[], atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [depth, segment] of [...path, undefined].entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? node;
    if (isNode(node) && node.range) offset = node.range[0];
    if (segment === undefined) break;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
      if (!pair) break;
      const last = depth === path.length - 1;
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      if (last && atKey) break;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)];
    } else break;
  }
  return offset;
}

/** `path` is the file's name in messages. An empty document counts as one without keys. */
export function parseDocument<T>(text: string, path: string, schema: z.ZodType<T>): ParsedDocument<T> {
  const tree = parseTree(text);
  if (!tree.ok) {
    const problems = tree.faults
      .slice(0, MAX_PROBLEMS)
      .map(({ code, message, offset }) => ({ file: path, ...tree.placeOf(offset), code, message }));
    return { ok: false, problems };
  }
  const { document, placeOf } = tree;
  const foreign = foreignVersion(tree.value);
  if (foreign !== undefined) {
    const place = placeOf(offsetOf(document, ['version'], false));
    return { ok: false, problems: [{ file: path, ...place, code: 'unknown_version', message: foreign }] };
  }
  const result = check(schema, tree.value ?? {});
  if (result.ok)
    return { ok: true, value: result.value, placeOf: (at, atKey = false) => placeOf(offsetOf(document, at, atKey)) };
  const problems = result.issues.slice(0, MAX_PROBLEMS).map(({ path: at, atKey, code, message }) => ({
    file: path,
    ...placeOf(offsetOf(document, at, atKey)),
    code,
    message: at.length > 0 && !atKey ? `${dotted(at)}: ${message}` : message,
  }));
  return { ok: false, problems };
}
