/** `dotnet test`. */
import { counted, named, type ReadsReport, withUnnamed } from './reading.ts';

const SUMMARY = /^\s{0,10}(?:Failed|Passed)!\s+-\s+Failed:\s+(\d+)/;
const SHORT = /^Test summary: total: \d+, failed: (\d+)/;
const NAMED = /^\s{1,10}(?:Failed|X) (\S.*?) \[[^\]]{1,20}\]$/;
const XUNIT = /^\[xUnit\.net .{1,20}\]\s+(\S.*?) \[FAIL\]$/;

export const readDotnet: ReadsReport = (lines) => {
  const failed = counted(lines, SUMMARY) ?? counted(lines, SHORT);
  if (failed === null) return null;
  return { failing: withUnnamed([...named(lines, NAMED), ...named(lines, XUNIT)], failed) };
};
