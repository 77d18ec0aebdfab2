/** A lock between processes for the one moment in which the database itself cannot be the lock. */
import { closeSync, openSync, rmSync, statSync } from 'node:fs';

/** What is done under the lock takes milliseconds: an older one was left by a crash. */
const ABANDONED_AFTER_MS = 10_000;

/** Runs `work` while holding `file`, which exists only during that time. Waits synchronously for another holder. */
export function withFileLock<T>(file: string, work: () => T): T {
  for (;;) {
    try {
      closeSync(openSync(file, 'wx'));
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > ABANDONED_AFTER_MS) rmSync(file, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}
