/** `cargo test`: a test that panicked says where, and then with which words. */
import type { TestFailure } from '../step-failure.ts';

const PANICKED =
  /^thread '([^']{1,300})'(?: \(\d+\))? panicked at (?:'(.{0,500})', )?(\S{1,500}?\.rs):(\d{1,7}):(\d{1,7}):?$/;

export function readCargoFailures(text: string): TestFailure[] {
  if (!/^test result: FAILED\./m.test(text)) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, at): TestFailure[] => {
    const [, test, before, file, number, column] = PANICKED.exec(line) ?? [];
    if (test === undefined || file === undefined) return [];
    // A test may panic as it should: only those that are told as failed count.
    if (!text.includes(`test ${test} ... FAILED`) && !text.includes(`---- ${test} stdout ----`)) return [];
    const place = { file, line: Number(number), column: Number(column) };
    return [{ type: 'panic', message: before ?? saidBelow(lines, at), frames: [], place, test }];
  });
}

function saidBelow(lines: string[], at: number): string {
  const said: string[] = [];
  for (const line of lines.slice(at + 1, at + 12)) {
    if (line === '' || /^(?:note: |stack backtrace:)/.test(line)) break;
    said.push(line.trim());
  }
  return said.join(' ').slice(0, 1000) || 'it panicked';
}
