/** node:test with the reporters spec and dot; its TAP is read as TAP. */
import { counted, named, type ReadsReport, withUnnamed } from './reading.ts';

const SIGNATURE = /^ℹ (?:tests|pass|fail) \d+$/;
const LIST = /^(?:✖ failing tests:|Failed tests:)$/;
const FAIL = /^ℹ fail (\d+)$/;
const CROSSED = /^\s*✖ (?!failing tests:)(\S.*?)(?: \(\d[\d.]*m?s\))?(?: # .*)?$/;

export const readNodeTest: ReadsReport = (lines) => {
  const list = lines.findIndex((line) => LIST.test(line));
  if (list < 0 && !lines.some((line) => SIGNATURE.test(line))) return null;
  // The list at the end names each failure once more, in full.
  const names = named(list < 0 ? lines : lines.slice(list), CROSSED);
  return { failing: withUnnamed(names, counted(lines, FAIL) ?? 0) };
};
