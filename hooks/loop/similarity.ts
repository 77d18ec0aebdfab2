/**
 * How alike two outputs are once they are masked: Ratcliff-Obershelp over trimmed lines, over words where a text is
 * shorter than 2 kB (an error message is one line; its words tell how alike it is). 0 to 1; docs/loops.md has examples.
 */
import { lineSimilarity } from '../../gate/line-similarity.ts';
import { CODE_LENGTH, code } from './digest.ts';
import { maskedLines } from './masked-output.ts';

/** Characters. */
const SHORT_TEXT = 2048;
/** Beyond it the first third and the last two thirds are compared. */
const MAX_UNITS = 120;

/** A text in the form in which it is compared: `l` (lines) or `w` (words), and a code of 4 characters for each unit. */
export type Units = string;

export function unitsOf(text: string, lines: readonly string[] = maskedLines(text)): Units {
  const short = text.length < SHORT_TEXT;
  const units = short ? (lines.join(' ').match(/\w+|<\w+>|[^\s\w]/g) ?? []) : lines;
  const third = Math.floor(MAX_UNITS / 3);
  const kept = units.length > MAX_UNITS ? [...units.slice(0, third), ...units.slice(third - MAX_UNITS)] : units;
  return (short ? 'w' : 'l') + kept.map(code).join('');
}

/** A text of words and one of lines have nothing in common. */
export function unitSimilarity(a: Units, b: Units): number {
  if (a === b) return 1;
  return a[0] === b[0] ? lineSimilarity(split(a), split(b)) : 0;
}

export function textSimilarity(a: string, b: string): number {
  return unitSimilarity(unitsOf(a), unitsOf(b));
}

function split(units: Units): string[] {
  const codes: string[] = [];
  for (let at = 1; at < units.length; at += CODE_LENGTH) codes.push(units.slice(at, at + CODE_LENGTH));
  return codes;
}
