/** Where a structural rule matches what a change made: code that matches now, and was not there, or not so, on the base. */
import { type Found, openSearch, type StructuralRule } from '../../context/structure/search.ts';
import type { Change, LineChanges } from '../changes.ts';

/** Text of a blob; empty for none. */
export type BlobText = (blob: string | null) => Promise<string>;

export type AddedCode =
  | { status: 'found'; places: { path: string; line: number }[] }
  /** `message` ends a sentence. */
  | { status: 'not_matched'; message: string; next?: string };

/** At most one place for each file. */
export async function addedCode(
  rule: StructuralRule,
  changes: readonly Change[],
  lines: LineChanges,
  textOf: BlobText,
): Promise<AddedCode> {
  const opened = openSearch(rule);
  if (opened.status === 'invalid') return { status: 'not_matched', message: opened.message };
  if (opened.status === 'not_ready')
    return { status: 'not_matched', message: opened.message.replace(/\.$/, ''), next: opened.next };
  const places: { path: string; line: number }[] = [];
  for (const { path, oldMode, newMode, oldBlob, newBlob, binary } of changes) {
    if (binary || !newMode?.startsWith('100') || !opened.search.covers(path)) continue;
    const now = opened.search.find(path, await textOf(newBlob));
    if (now.length === 0) continue;
    const before = oldMode?.startsWith('100') ? opened.search.find(path, await textOf(oldBlob)) : [];
    const line = firstAdded(now, before, linesOf(path, lines));
    if (line !== undefined) places.push({ path, line });
  }
  return { status: 'found', places };
}

interface OwnLines {
  added: Set<number>;
  removed: Set<number>;
}

function linesOf(path: string, { added, removed }: LineChanges): OwnLines {
  const numbers = (of: LineChanges['added']) =>
    new Set(of.filter((line) => line.path === path).map(({ line }) => line));
  return { added: numbers(added), removed: numbers(removed) };
}

/** The first match that is the change's own work, or undefined. */
function firstAdded(now: readonly Found[], before: readonly Found[], lines: OwnLines): number | undefined {
  const known = before.map(({ code }) => code);
  const starts = new Set(before.map(({ line }) => line));
  const lineBefore = keptLines(lines, Math.max(...now.map(({ line }) => line)));
  for (const { line, endLine, code } of now) {
    const same = known.indexOf(code);
    if (same >= 0) known.splice(same, 1);
    // One that began here on the base already was only edited inside.
    else if (!starts.has(lineBefore.get(line) ?? 0)) return firstOf(lines.added, line, endLine) ?? line;
  }
  return undefined;
}

/** The line on the base of every line that the change kept, up to `last`. */
function keptLines({ added, removed }: OwnLines, last: number): Map<number, number> {
  const kept = new Map<number, number>();
  let before = 1;
  for (let line = 1; line <= last; line++) {
    if (added.has(line)) continue;
    while (removed.has(before)) before++;
    kept.set(line, before++);
  }
  return kept;
}

function firstOf(added: ReadonlySet<number>, from: number, to: number): number | undefined {
  for (let line = from; line <= to; line++) if (added.has(line)) return line;
  return undefined;
}
