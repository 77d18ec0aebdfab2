/** Minitest, and `rails test` on top of it. */
import { counted, type ReadsReport, withUnnamed } from './reading.ts';

const FAILURES = /^\d+ (?:runs|tests), \d+ assertions, (\d+) failures/;
const ERRORS = /^\d+ (?:runs|tests), \d+ assertions, \d+ failures, (\d+) errors/;
const HEADING = /^\s{0,4}(?:\d+\) )?(?:Failure|Error):$/;
const NAMED = /^\s{0,4}(\S+#.+?)(?: \[[^\]]{1,300}\])?:$/;

export const readMinitest: ReadsReport = (lines) => {
  const failures = counted(lines, FAILURES);
  if (failures === null) return null;
  const names = lines.flatMap((line, at) => (HEADING.test(lines[at - 1] ?? '') ? (NAMED.exec(line)?.[1] ?? []) : []));
  return { failing: withUnnamed(names, failures + (counted(lines, ERRORS) ?? 0)) };
};
