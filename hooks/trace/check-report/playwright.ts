/** Playwright: the numbered failures tell the step as well, which the list at the end leaves out. */
import { counted, named, type ReadsReport, withUnnamed } from './reading.ts';

const SIGNATURE = /^Running \d+ tests? using \d+ workers?/;
const FAILED = /^\s{1,4}(\d+) (?:failed|flaky)$/;
const NUMBERED = /^\s{1,4}\d+\) (\S.* › .+)$/;
const LISTED = /^\s{3,6}(\[[^\]]{1,60}\] › .+)$/;

export const readPlaywright: ReadsReport = (lines) => {
  const failed = counted(lines, FAILED);
  if (failed === null && !lines.some((line) => SIGNATURE.test(line))) return null;
  const numbered = named(lines, NUMBERED);
  const names = (numbered.length > 0 ? numbered : named(lines, LISTED)).map((name) =>
    name
      .replace(/(\.\w{1,5}):\d+:\d+/, '$1')
      .replace(/ \([\d.]+m?s\)| ─{2,}/g, '')
      .trim(),
  );
  return { failing: withUnnamed(names, failed ?? 0) };
};
