/**
 * A lock between processes: for the one moment in which the database itself cannot be the lock, and for documents that
 * belong to no database. The file exists only while the lock is held, and says who holds it.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from './alive.ts';

/** What is done under the lock takes milliseconds: an older one of whom nothing is known was left by a crash. */
const ABANDONED_AFTER_MS = 10_000;
/** Its number is in use, but perhaps by another process than the one that took the lock. */
const REUSED_AFTER_MS = 60_000;
const PAUSE_MS = 20;

/** Runs `work` while holding `file`. Waits synchronously for another holder. */
export function withFileLock<T>(file: string, work: () => T): T {
  let token = take(file);
  while (token === undefined) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    token = take(file);
  }
  try {
    return work();
  } finally {
    release(file, token);
  }
}

/** The same for work that waits for something itself; others of this process go on meanwhile. */
export async function holdingFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  let token = take(file);
  while (token === undefined) {
    await wait(PAUSE_MS * (0.5 + Math.random()));
    token = take(file);
  }
  try {
    return await work();
  } finally {
    release(file, token);
  }
}

/** Undefined while somebody else holds it. */
function take(file: string): string | undefined {
  const token = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}`;
  if (create(file, token)) return token;
  if (!isAbandoned(file)) return undefined;
  // Only one at a time takes away what a crash left: a second one would take away the lock of the first.
  const taking = `${file}.taking`;
  if (!create(taking, token)) {
    if (isAbandoned(taking)) rmSync(taking, { force: true });
    return undefined;
  }
  try {
    if (isAbandoned(file)) rmSync(file, { force: true });
  } finally {
    release(taking, token);
  }
  return create(file, token) ? token : undefined;
}

function create(file: string, token: string): boolean {
  try {
    writeFileSync(file, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whoever held it for too long may have lost it to another one. */
function release(file: string, token: string): void {
  if (read(file) === token) rmSync(file, { force: true });
}

function isAbandoned(file: string): boolean {
  const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (since === undefined) return false;
  const age = Date.now() - since;
  const [pid, host] = read(file)?.split(' ') ?? [];
  if (host !== hostname()) return age > ABANDONED_AFTER_MS;
  return !isAlive(Number(pid)) || age > REUSED_AFTER_MS;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
