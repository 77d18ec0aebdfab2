/** `cargo test` and `cargo nextest`. */
import { counted, named, type ReadsReport, withUnnamed } from './reading.ts';

const RESULT = /^test result: (?:ok|FAILED)\. \d+ passed; (\d+) failed/;
const FAILED = /^test (\S.*?) \.\.\. FAILED/;
const NEXTEST = /^\s+Summary \[.{0,40}\] +\d+ tests? run: .{0,80}?(?:(\d+) failed)?/;
const NEXTEST_FAILED = /^\s+(?:FAIL|SIGABRT|TIMEOUT) \[ *[\d.]+s\] +(?:\(.{0,20}\) +)?(\S.*)$/;

export const readCargoTest: ReadsReport = (lines) => {
  const failed = counted(lines, RESULT);
  const nextest = counted(lines, NEXTEST);
  if (failed === null && nextest === null) return null;
  const names = [...named(lines, FAILED), ...named(lines, NEXTEST_FAILED)];
  return { failing: withUnnamed(names, (failed ?? 0) + (nextest ?? 0)) };
};
