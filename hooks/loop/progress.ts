/**
 * Whether failures that read alike once masked move on all the same: the place of the error, a falling count, or another
 * thing that it is about each time. What the agent itself said, or shifted by its edits, is no progress. Plain JSON.
 */
import type { ToolCall } from '../trace/happening.ts';
import { code } from './digest.ts';

export interface Standing {
  /** Lines, rows, statements: where it failed. */
  places: number[];
  /** Failures that are left, and parts of a whole. */
  counts: number[];
  /** Codes of the words of what it is about; of git, its commits. */
  subjects: string[];
  /** How many lines edits have added and taken away so far. */
  shift: number;
}

const PLACE =
  /(?<=[\w.\])]:|\.\w{1,12}\(|\b(?:line|row|statement|stmt|step|record|item|chunk|page|part|batch|offset|position|index|col|column|char|byte|at|revision|version|migration|rule|entry|document|test)\s?[#:=]?\s?)\d{1,9}(?![\w.]\d)/gi;
const COUNT =
  /(?<![\w.:])(?:\d{1,9}(?= (?:\w+ )?(?:errors?|failures?|failed|failing|problems?|warnings?|remaining|left|to go|pending|conflicts?|issues?|violations?|offen[cs]es?|unresolved)\b)|\d{1,9}(?= ?%| ?\/ ?\d| of \d))/gi;
const SUBJECT =
  /'[^'\n]{2,80}'|"[^"\n]{2,80}"|`[^`\n]{2,80}`|“[^”\n]{2,80}”|[\w@$-]{1,60}(?:(?:[./\\]|::|->)[\w@$-]{1,60}){1,12}/g;
const COMMIT = /(?<![0-9A-Za-z])(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[0-9a-f]{7,40}(?![0-9A-Za-z])/g;
/** A part with digits in it may be made up for this one run. */
const WORD = /(?<![\w-])[A-Za-z_-]{3,60}(?![\w-])/g;

/** What is read of an output: programs say at its beginning and end what matters. */
const READ = 3000;
const MAX_MARKS = 12;
const MAX_SUBJECTS = 40;
const MAX_SAID = 2000;
/** Of more words the earliest are forgotten. Inputs since the last failure are rarely longer. */
/** More lines than a file has. */
const ANYWHERE = 1_000_000;
export const MAX_OWN_WORDS = 240;

/** `shift` and what was said before are for the run to add. */
export function standingOf({ input, output }: Pick<ToolCall, 'input' | 'output'>): Standing {
  const text = output.length > 2 * READ ? `${output.slice(0, READ)}\n${output.slice(-READ)}` : output;
  const own = new Set(wordsSaid(input));
  const named = (text.match(SUBJECT) ?? []).flatMap((name) => name.match(WORD) ?? []).map(wordCode);
  const isGit = typeof input.command === 'string' && /\bgit\b/.test(input.command);
  const commits = isGit ? commitsIn(text) : [];
  const subjects = [...new Set([...commits, ...named])].filter((word) => !own.has(word)).slice(0, MAX_SUBJECTS);
  return { places: numbers(text, PLACE, input), counts: numbers(text, COUNT, input), subjects, shift: 0 };
}

/** Codes of the commits that git names. */
export function commitsIn(text: string): string[] {
  return (text.slice(-READ).match(COMMIT) ?? []).map((commit) => code(commit.slice(0, 7)));
}

/** Codes of the words of a call's input. */
export function wordsSaid(input: Readonly<Record<string, unknown>>): string[] {
  const said = Object.values(input).map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')));
  const text = said.map((value) => value.slice(0, MAX_SAID)).join(' ');
  return [...new Set((text.match(/[A-Za-z_-]{3,60}/g) ?? []).map(wordCode))];
}

/** How far an edit may have moved what stands below it, in lines; a new content may have moved anything. */
export function linesMoved({ old_string, new_string, content, edits }: Readonly<Record<string, unknown>>): number {
  if (typeof content === 'string') return ANYWHERE;
  if (Array.isArray(edits)) return edits.reduce<number>((sum, edit) => sum + linesMoved(Object(edit)), 0);
  if (typeof old_string !== 'string' || typeof new_string !== 'string') return 0;
  return Math.abs(new_string.split('\n').length - old_string.split('\n').length);
}

/** Every failure after the first is further on than the one before it, or they are about something else each time. */
export function movesOn(standings: readonly Standing[]): boolean {
  if (standings.length < 2) return false;
  return (
    oneWay(standings, ({ places }) => places, true) ||
    oneWay(standings, ({ counts }) => counts, false) ||
    standings.every(({ subjects }, at) =>
      subjects.some((word) => standings.every((other, i) => i === at || !other.subjects.includes(word))),
    )
  );
}

function oneWay(standings: readonly Standing[], marksOf: (one: Standing) => number[], moved: boolean): boolean {
  const count = Math.min(...standings.map((one) => marksOf(one).length));
  return Array.from({ length: count }, (_, mark) => mark).some((mark) => {
    const steps = standings.slice(1).map((one, i) => {
      const before = standings[i] ?? one;
      const step = (marksOf(one)[mark] ?? 0) - (marksOf(before)[mark] ?? 0);
      // Edits above it move the place of an error that is still the same.
      return moved && Math.abs(step) <= Math.abs(one.shift - before.shift) ? 0 : Math.sign(step);
    });
    return steps[0] !== 0 && steps.every((step) => step === steps[0]);
  });
}

function numbers(text: string, pattern: RegExp, input: Readonly<Record<string, unknown>>): number[] {
  const asked = typeof input.command === 'string' ? input.command : '';
  return (text.match(pattern) ?? [])
    .filter((number) => number.length < 2 || !asked.includes(number))
    .slice(0, MAX_MARKS)
    .map(Number);
}

function wordCode(word: string): string {
  return code(word.toLowerCase());
}
