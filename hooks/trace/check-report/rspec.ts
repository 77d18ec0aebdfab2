/** RSpec: the list of commands at its end names each failure by file and description. */
import { counted, named, type ReadsReport, withUnnamed } from './reading.ts';

const SUMMARY = /^\d+ examples?, (\d+) failures?/;
const OUTSIDE = /^\d+ examples?, .{0,60}?(\d+) errors? occurred outside of examples/;
const RERUN = /^rspec (\S+) # (\S.*)$/;
const NUMBERED = /^\s{2}\d+\) (\S.*)$/;

export const readRspec: ReadsReport = (lines) => {
  const failures = counted(lines, SUMMARY);
  if (failures === null) return null;
  const listed = lines.flatMap((line) => {
    const [, file, title] = RERUN.exec(line) ?? [];
    return file === undefined ? [] : [`${file.replace(/(?::\d+|\[[\d:]+\])$/, '')} ${title}`];
  });
  const names = listed.length > 0 ? listed : named(lines, NUMBERED);
  return { failing: withUnnamed(names, failures + (counted(lines, OUTSIDE) ?? 0)) };
};
