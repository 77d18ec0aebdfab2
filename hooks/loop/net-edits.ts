/**
 * What edits leave of a file, without looking at it: an edit that takes an earlier one back leaves what was there before.
 * Plain JSON. The original content is unknown until a Write says all of it.
 */
import { digest } from '../trace/digest.ts';

/** An edit by the digests of the text that it takes away and of the one that it puts in its place. */
type NetEdit = [from: string, to: string];

export interface NetEdits {
  /** Digest of the content that a Write put there, with its sign; empty for the original. */
  base: string;
  /** What was changed since and not taken back. */
  edits: NetEdit[];
}

/** More edits than this on one file are folded into its base. */
const MAX_EDITS = 12;

export const UNTOUCHED: Readonly<NetEdits> = { base: '', edits: [] };

export function written(content: string): NetEdits {
  return { base: `=${digest(content)}`, edits: [] };
}

export function edited(file: NetEdits, oldText: string, newText: string): NetEdits {
  const [from, to] = core(oldText, newText).map((text) => digest(text)) as NetEdit;
  if (from === to) return file;
  const at = file.edits.findLastIndex((edit) => edit[1] === from);
  const before = file.edits[at];
  if (!before) return bounded({ base: file.base, edits: [...file.edits, [from, to]] });
  const joined: NetEdit[] = before[0] === to ? [] : [[before[0], to]];
  return { base: file.base, edits: file.edits.toSpliced(at, 1, ...joined) };
}

/** Equal for equal content, in whatever order independent edits were made; empty when nothing is left of them. */
export function contentOf(file: NetEdits): string {
  if (file.edits.length === 0) return file.base;
  return digest(file.base, ...file.edits.map((edit) => edit.join()).sort());
}

/**
 * The lines that really differ: the same change is often quoted with more or fewer lines around it. A pure insertion or
 * deletion keeps its surroundings, because moving a block is one of each, and not an undo.
 */
function core(oldText: string, newText: string): [string, string] {
  const [a, b] = [oldText.split('\n'), newText.split('\n')];
  const most = Math.min(a.length, b.length) - 1;
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const cut = (lines: string[]) => lines.slice(start, lines.length - end).join('\n');
  return [cut(a), cut(b)];
}

function bounded(file: NetEdits): NetEdits {
  return file.edits.length <= MAX_EDITS ? file : { base: `+${contentOf(file)}`, edits: [] };
}
