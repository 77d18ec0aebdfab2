/** Tests that failed in a step's output. Each runner says it in its own way; none is asked for a machine report here. */
import type { StackFrame } from '../stack/block.ts';
import { parseStacks } from '../stack/stack.ts';
import type { TestFailure } from './step-failure.ts';
import { readCargoFailures } from './tests/cargo.ts';
import { readGoFailures } from './tests/go.ts';
import { readJvmFailures } from './tests/jvm.ts';

/** A runner of JavaScript's or Python's tests says that some failed. */
const SIGNS =
  /^\s*(?:FAIL\s+\S|Failed Tests \d|Test Files\s+\d+ failed|Tests:?\s+\d+ failed|\d+ failing$|not ok \d|={3,} FAILURES ={3,}|FAILED \S+::|# fail [1-9]|\u2716 failing tests:|\u2139 fail [1-9])/m;

/** In the order in which the runner tells them. */
export function readTestFailures(text: string): TestFailure[] {
  for (const read of [readGoFailures, readCargoFailures, readJvmFailures]) {
    const found = read(text);
    if (found.length > 0) return found;
  }
  return SIGNS.test(text) ? ofStacks(text) : [];
}

function ofStacks(text: string): TestFailure[] {
  const names = namesOf(text);
  const seen = new Set<string>();
  return parseStacks(text).flatMap(({ type, message, frames }) => {
    // Runners tell every failure where it happens, and some again at the end.
    const key = `${type}: ${message} ${at(frames)}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ type, message: message || type, frames, test: names.length === 1 ? names[0] : undefined }];
  });
}

function at(frames: StackFrame[]): string {
  const own = frames.find((frame) => frame.in_app);
  return own ? `${own.file}:${own.line ?? ''}` : '';
}

/** vitest, jest, pytest: names that stand alone on their line. */
function namesOf(text: string): string[] {
  const found = text.matchAll(
    /^\s*(?:FAIL\s+(\S+ > .{1,300})|\u25cf (.{1,200} \u203a .{1,200})|FAILED (\S+::[^\s]{1,200}))/gm,
  );
  return [...new Set([...found].map(([, vitest, jest, pytest]) => (vitest ?? jest ?? pytest ?? '').trim()))];
}
