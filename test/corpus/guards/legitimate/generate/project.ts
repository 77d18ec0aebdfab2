/** The projects that the runs are about: their languages, files, code, and how their test runners speak. */
import type { Chance } from './chance.ts';

export interface Change {
  from: string;
  to: string;
}

/** One test case, named without a language. */
export interface Case {
  subject: string;
  does: string;
  expected: string;
  got: string;
}

export interface Tested {
  /** The subjects whose tests ran. */
  subjects: readonly string[];
  failing: readonly Case[];
  passed: number;
  clock: string;
  chance: Chance;
}

export interface Project {
  language: string;
  root: string;
  /** Which of the optional keys its recorder writes. */
  writes: { cwd: boolean; tree: boolean };
  testCommand: string;
  /** The command for one subject only. */
  testOne(subject: string): string;
  source(subject: string): string;
  test(subject: string): string;
  /** Line `number` of a file as it was before the run. */
  line(file: string, number: number): string;
  /** The `index`-th change of a run: code of this language. */
  change(index: number): Change;
  /** The `index`-th case that the run adds to a test file, below the line that it stands after. */
  testChange(index: number): Change;
  report(tested: Tested): string;
}

/** What the projects are about; each has a source file and a test file of its name. */
export const SUBJECTS = ['price', 'cart', 'invoice', 'stock', 'refund', 'customer', 'shipping', 'coupon'] as const;

const CASES: readonly (readonly [subject: string, does: string, expected: string, got: string])[] = [
  ['price', 'applies the discount once', '85', '72'],
  ['price', 'rounds half up', '12.35', '12.34'],
  ['cart', 'merges equal lines', '1', '2'],
  ['cart', 'keeps the order of lines', 'apple', 'pear'],
  ['cart', 'drops lines of zero', '0', '1'],
  ['invoice', 'numbers without gaps', '1004', '1005'],
  ['invoice', 'prints the due date', '2026-03-31', '2026-04-01'],
  ['stock', 'reserves before it ships', 'reserved', 'shipped'],
  ['stock', 'never goes below zero', '0', '-1'],
  ['refund', 'pays back the tax', '19', '0'],
  ['refund', 'refuses a second time', 'refused', 'paid'],
  ['customer', 'finds by mail in any case', 'ada', 'none'],
  ['shipping', 'is free above the limit', '0', '4'],
  ['coupon', 'ends at midnight', 'expired', 'valid'],
];

export const ALL_CASES: readonly Case[] = CASES.map(([subject, does, expected, got]) => ({
  subject,
  does,
  expected,
  got,
}));

/** `applies the discount once` → `appliesTheDiscountOnce`. */
export function camel(text: string): string {
  return text.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}

export function title(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Cases of the subjects in the order of the subjects. */
export function bySubject(failing: readonly Case[]): Map<string, Case[]> {
  const groups = new Map<string, Case[]>();
  for (const one of failing) groups.set(one.subject, [...(groups.get(one.subject) ?? []), one]);
  return groups;
}
