/** Jest's default reporter: `FAIL file`, then `● suite › test` for each failure. */
import { counted, type ReadsReport, withUnnamed } from './reading.ts';

const SUITES = /^Test Suites:\s+(?:(\d+) failed)?/;
const TESTS = /^Tests:\s+(?:(\d+) failed)?/;
const FILE = /^(?:FAIL|PASS)\s+(\S+)/;
const TITLE = /^\s{1,4}● (\S.*)$/;
const NO_TEST = /^(?:Console|Test suite failed to run$|Validation |Deprecation )/;

export const readJest: ReadsReport = (lines) => {
  const suites = counted(lines, SUITES);
  const tests = counted(lines, TESTS);
  if (suites === null && tests === null) return null;
  const names: string[] = [];
  let file = '';
  for (const line of lines) {
    file = FILE.exec(line)?.[1] ?? file;
    const title = TITLE.exec(line)?.[1];
    if (title === 'Test suite failed to run') names.push(`${file} does not load`);
    else if (title !== undefined && !NO_TEST.test(title)) names.push(`${file} ${title}`);
  }
  return { failing: withUnnamed(names, Math.max(tests ?? 0, suites ?? 0)) };
};
