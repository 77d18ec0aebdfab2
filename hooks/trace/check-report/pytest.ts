/** pytest, also with `-q`, `-v`, xdist, and without its short summary. */
import { named, type ReadsReport, withUnnamed } from './reading.ts';

const KIND = '(?:failed|passed|skipped|deselected|xfailed|xpassed|errors?|warnings?|rerun)';
const SUMMARY = new RegExp(`^(?:=+ )?(?:\\d+ ${KIND}(?:, \\d+ ${KIND}){0,9}|no tests ran) in \\d`);
const BANNER = /^=+ (?:test session starts|FAILURES|ERRORS|short test summary info) =+$/;
const NAMED = /^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$/;
const VERBOSE = /^(?:\[gw\d+\] \[ *\d+%\] )?(\S+::\S.*?) (?:FAILED|ERROR)\b/;
const XDIST = /^\[gw\d+\] \[ *\d+%\] (?:FAILED|ERROR) (\S+::\S.*?)$/;
const HEADING = /^_{3,} (?:ERROR (?:collecting|at (?:setup|teardown) of) )?(\S.*?) _{3,}$/;

export const readPytest: ReadsReport = (lines) => {
  if (!lines.some((line) => SUMMARY.test(line) || BANNER.test(line))) return null;
  const names = named(lines, NAMED);
  if (names.length === 0) names.push(...named(lines, VERBOSE), ...named(lines, XDIST));
  if (names.length === 0) names.push(...named(lines, HEADING));
  return { failing: withUnnamed(names, failures(lines.findLast((line) => SUMMARY.test(line)) ?? '')) };
};

function failures(summary: string): number {
  return Number(/(\d+) failed/.exec(summary)?.[1] ?? 0) + Number(/(\d+) errors?/.exec(summary)?.[1] ?? 0);
}
