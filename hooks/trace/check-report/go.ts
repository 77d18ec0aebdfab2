/** `go test`: failures come first, the line of their package after them. */
import { type ReadsReport, withUnnamed } from './reading.ts';

const PACKAGE = /^(ok|FAIL|\?)\s+\t?(\S+)\s+(?:\(cached\)|[\d.]+s|\[(?:build|setup) failed\]|\[no test files\])/;
const FAILED = /^\s{0,40}--- FAIL: (\S+)/;
const ALONE = /^(?:PASS|FAIL)$/;
const STARTED = /^\s{0,40}(?:=== RUN |--- (?:PASS|FAIL|SKIP): )/;

export const readGoTest: ReadsReport = (lines) => {
  const isGo =
    lines.some((line) => PACKAGE.test(line)) ||
    (lines.some((line) => ALONE.test(line)) && lines.some((line) => STARTED.test(line)));
  if (!isGo) return null;
  const failing: string[] = [];
  let pending: string[] = [];
  for (const line of lines) {
    const test = FAILED.exec(line)?.[1];
    if (test !== undefined) pending.push(test);
    const [, result, name = ''] = PACKAGE.exec(line) ?? [];
    if (result === undefined) continue;
    if (result === 'FAIL') failing.push(...(pending.length > 0 ? pending.map((one) => `${name} ${one}`) : [name]));
    pending = [];
  }
  return { failing: withUnnamed([...failing, ...pending], lines.includes('FAIL') ? 1 : 0) };
};
