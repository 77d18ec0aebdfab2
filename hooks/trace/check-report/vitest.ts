/** Vitest's default, verbose and dot reporters. */
import { counted, named, type ReadsReport, withUnnamed } from './reading.ts';

const SIGNATURE = /^\s*(?:RUN\s+v\d|Test Files\s+(?:\d|no )|Tests\s+(?:\d+ (?:failed|passed|skipped|todo)|no tests))/;
const FILES = /^\s*Test Files\s+(?:(\d+) failed)?/;
const TESTS = /^\s*Tests\s+(?:(\d+) failed)?/;
const FAILED = /^\s*FAIL\s{1,4}(\S.*?)(?:\s\[ .+ \])?$/;
const CROSSED = /^\s*[×✗]\s+(\S.*?)(?:\s+\d+(?:\.\d+)?m?s)?$/;

export const readVitest: ReadsReport = (lines) => {
  if (!lines.some((line) => SIGNATURE.test(line))) return null;
  const failed = named(lines, FAILED);
  const names = failed.length > 0 ? failed : named(lines, CROSSED);
  const tests = counted(lines, TESTS) ?? 0;
  return { failing: withUnnamed(names, tests > 0 ? tests : (counted(lines, FILES) ?? 0)) };
};
