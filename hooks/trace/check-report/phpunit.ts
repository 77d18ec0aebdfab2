/** PHPUnit and Pest's summary of it. */
import { counted, named, type ReadsReport, withUnnamed } from './reading.ts';

const SIGNATURE = /^(?:OK \(\d+ tests?, |OK, but |(?:FAILURES|ERRORS)!$|Tests: \d+, Assertions: \d+)/;
const FAILURES = /^Tests: \d+, .{0,80}?Failures: (\d+)/;
const ERRORS = /^Tests: \d+, .{0,80}?Errors: (\d+)/;
const NAMED = /^\d+\) (\S+::\S.*)$/;

export const readPhpunit: ReadsReport = (lines) => {
  if (!lines.some((line) => SIGNATURE.test(line))) return null;
  const failed = (counted(lines, FAILURES) ?? 0) + (counted(lines, ERRORS) ?? 0);
  // Warnings and risky tests are listed in the same form.
  return { failing: failed === 0 ? [] : withUnnamed(named(lines, NAMED), failed) };
};
