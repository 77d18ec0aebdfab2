/** Python's unittest (and Django's runner on top of it). */
import { counted, named, type ReadsReport, withUnnamed } from './reading.ts';

const RAN = /^Ran \d+ tests? in [\d.]+s$/;
const NAMED = /^(?:FAIL|ERROR): (\S.*)$/;
const FAILURES = /^FAILED \(.{0,80}?failures=(\d+)/;
const ERRORS = /^FAILED \(.{0,80}?errors=(\d+)/;

export const readUnittest: ReadsReport = (lines) => {
  if (!lines.some((line) => RAN.test(line))) return null;
  const count = (counted(lines, FAILURES) ?? 0) + (counted(lines, ERRORS) ?? 0);
  return { failing: withUnnamed(named(lines, NAMED), count) };
};
