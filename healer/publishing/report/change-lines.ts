/** The change of a fix: what it touches, why it stands where it stands, and its source part itself when it is small. */
import { type Block, firstOf, folded, type ReportSize } from './blocks.ts';
import type { Change, ReportFacts } from './facts.ts';
import { place, someFiles } from './place.ts';
import { cell, code, fence } from './quote.ts';

const STATUS = { A: 'added', M: 'changed', D: 'deleted', T: 'type changed' } as const;
/** What a reviewer looks at first. */
const ORDER: Change['kind'][] = ['source', 'support', 'test', 'context'];
/** A diff up to this many lines is not folded. */
const OPEN = 24;

export function changeBlocks(facts: ReportFacts, size: ReportSize): Block[] {
  return [...diffBlock(facts, size), { text: changesTable(facts.changes, size), spare: 'the changed files' }];
}

export function changesTable(changes: readonly Change[], size: ReportSize): string {
  const ordered = [...changes].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const row = ({ path, kind, status, added, removed, binary }: Change) =>
    `| ${cell(path)} | ${kind} | ${STATUS[status]} | ${binary ? 'binary' : `+${added} −${removed}`} |`;
  const more = (left: number) => `| and ${left} more | | | |`;
  return ['| File | Kind | What | Lines |', '|---|---|---|---|', ...firstOf(ordered, size.items, row, more)].join('\n');
}

/** Headers say what the table says already. */
const HEADER = /^(?:diff --git|index|old mode|new mode|new file mode|deleted file mode|similarity|rename) /;

function diffBlock({ sourceDiff }: ReportFacts, size: ReportSize): Block[] {
  if (sourceDiff.trim() === '') return [];
  const [most, long] = [200 * size.diffLines, 'The source change is too long to be shown here: see the commit.'];
  if (sourceDiff.length > most) return [{ text: long }];
  const lines = sourceDiff
    .trimEnd()
    .split('\n')
    .filter((line) => !HEADER.test(line));
  if (lines.length > size.diffLines) return [{ text: long }];
  const counted = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} of diff`;
  const shown = fence(lines.join('\n'), most, 'diff');
  return [{ text: folded(`The source change, ${counted}`, shown, lines.length <= OPEN), spare: 'the source change' }];
}

/** Where in the way of the error the change stands, and who else uses what it changes: computed, not told by a model. */
export function whyHere({ chain, event, changes, diagnosis, dependents }: ReportFacts): string {
  const source = changes.filter(({ kind }) => kind === 'source').map(({ path }) => path);
  const files = chain.frames.map(({ file }) => file);
  const thrower = chain.frames.at(-1);
  const places = source.slice(0, 5).map((path) => {
    if (thrower?.file === path)
      return `${code(path)} is the file ${event.frames.length > 0 ? 'that throws' : 'that the error names'}`;
    const above = files.length - 1 - files.lastIndexOf(path);
    if (thrower && files.includes(path))
      return `${code(path)} is ${above} ${above === 1 ? 'call' : 'calls'} above ${place(thrower.file, thrower.line)}, which throws and stays as it is`;
    const named = diagnosis?.affected_files.includes(path);
    return `${code(path)} is not on the stack; the diagnosis ${named ? 'names it as the cause' : 'does not name it'}`;
  });
  if (places.length === 0) return '';
  const callers = [...new Set(files)].filter((file) => file !== thrower?.file && !source.includes(file));
  return [
    `${places.join('. ')}.`,
    ...(callers.length > 0 ? [`Callers on the stack stay as they are: ${someFiles(callers, 5)}.`] : []),
    ...(dependents && dependents.direct.length > 0 ? [`Used directly by ${someFiles(dependents.direct, 5)}.`] : []),
  ].join(' ');
}
