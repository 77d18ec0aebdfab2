/** Mocha's spec reporter: `2 failing`, then each failure's number with its suites and its title, which ends with a colon. */
import { counted, type ReadsReport, withUnnamed } from './reading.ts';

const PASSING = /^\s{1,4}(\d+) passing\b/;
const FAILING = /^\s{1,4}(\d+) failing$/;
const START = /^\s{1,6}\d+\) (\S.*)$/;
const MAX_TITLES = 10;

export const readMocha: ReadsReport = (lines) => {
  const count = counted(lines, FAILING);
  if (count === null) return lines.some((line) => PASSING.test(line)) ? { failing: [] } : null;
  const told = lines.slice(lines.findIndex((line) => FAILING.test(line)));
  const names = told.flatMap((line, index) => {
    const first = START.exec(line)?.[1];
    return first === undefined ? [] : [titleFrom(told.slice(index, index + MAX_TITLES), first)];
  });
  return { failing: withUnnamed(names, count) };
};

function titleFrom(lines: readonly string[], first: string): string {
  const parts = [first];
  for (const line of lines.slice(1)) {
    if (parts.at(-1)?.endsWith(':') || line.trim() === '') break;
    parts.push(line.trim());
  }
  return parts.join(' ').replace(/:$/, '');
}
