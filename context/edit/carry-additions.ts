/**
 * Entries that a fix added to a document of the living context, added to what that document has become meanwhile: two
 * fixes that both append to a list are no conflict, as they would be for lines of text. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ParsedNode } from 'yaml';
import { commentsAbove } from '../document/comments.ts';
import { parseTree, type Tree } from '../document/tree.ts';
import { type JsonObject, spliceEntry } from './splice.ts';

export interface Versions {
  /** What both started from; empty where the document was not there. */
  from: string;
  fix: string;
  onto: string;
}

const LISTS = ['scenarios', 'invariants', 'incidents', 'edges', 'risk'];

/** The text of `onto` with the entries that `fix` added; undefined where it did more than add, or the two contradict. */
export function carryAdditions({ from, fix, onto }: Versions): string | undefined {
  const [before, after, now] = [documentOf(from), documentOf(fix), documentOf(onto)];
  if (!before || !after || !now || !isDeepStrictEqual(around(after), around(from === '' ? now : before)))
    return undefined;
  let text = onto;
  for (const list of LISTS) {
    const [old, all] = [entriesOf(before, list), entriesOf(after, list)];
    if (!old.every((entry, at) => isDeepStrictEqual(entry, all[at]))) return undefined;
    for (let at = old.length; at < all.length; at++) {
      const entry = all[at];
      if (entry === undefined) return undefined;
      const known = entriesOf(now, list).filter((other) => keyOf(other) === keyOf(entry));
      if (known.length > 0) return undefined;
      const comments = commentsOf(after, fix, list, at);
      const spliced = spliceEntry(
        text,
        list,
        entry,
        () => false,
        comments.length > 0 ? comments.join('\n') : undefined,
      );
      if (!spliced.ok) return undefined;
      text = spliced.text;
    }
  }
  return text;
}

type Document = Extract<Tree, { ok: true }>;

function documentOf(text: string): Document | undefined {
  const tree = parseTree(text);
  return tree.ok ? tree : undefined;
}

function mappingOf({ value }: Document): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** Everything but the lists. */
function around(document: Document): JsonObject {
  return Object.fromEntries(Object.entries(mappingOf(document)).filter(([key]) => !LISTS.includes(key)));
}

function entriesOf(document: Document, list: string): JsonObject[] {
  const entries = mappingOf(document)[list];
  return Array.isArray(entries) ? entries : [];
}

function keyOf({ id, from, to, files }: JsonObject): string {
  return JSON.stringify([id, from, to, id === undefined ? files : undefined]);
}

function commentsOf({ document }: Document, source: string, list: string, at: number): string[] {
  const item = document.getIn([list, at], true) as ParsedNode | undefined;
  return item?.range ? commentsAbove(source, item.range[0]) : [];
}
