/** An exclusive lock across processes: a file that names its holder. A holder that no longer runs loses it. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotReadyError } from '../../events/errors.ts';
import { bornAt, isAlive } from '../../store/alive.ts';

export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** How long to wait for another holder. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Called once when there is somebody to wait for. */
  onWait?: ((pid: number) => void) | undefined;
  pollMs?: number;
}

interface Holder {
  pid: number;
  /** When that process started, where the platform tells: a pid that was given out again is another process. */
  started: string;
  token: string;
}

/** Throws NotReadyError when another live process holds it for longer than the timeout. */
export async function acquireLock(path: string, options: LockOptions): Promise<Lock> {
  const holder: Holder = { pid: process.pid, started: bornAt(process.pid) ?? '', token: randomUUID() };
  const draft = `${path}.${holder.token}`;
  const deadline = performance.now() + options.timeoutMs;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, JSON.stringify(holder));
  let told = false;
  try {
    // The lock appears by linking a finished file, so that nobody ever reads half a holder.
    while (!(await tryLink(draft, path))) {
      const other = await readHolder(path);
      if (other && !holds(other)) await takeAway(path, other);
      else if (other) {
        if (!told) options.onWait?.(other.pid);
        told = true;
        if (performance.now() > deadline) throw busy(other.pid, options.timeoutMs);
        await sleep(options.pollMs ?? 100, undefined, { signal: options.signal });
      }
    }
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async release() {
      const current = await readHolder(path);
      if (current?.token === holder.token) await rm(path, { force: true });
    },
  };
}

function busy(pid: number, timeoutMs: number): Error {
  return new NotReadyError(
    `Another verification of this repository (process ${pid}) did not finish within ${Math.round(timeoutMs / 1000)} s.`,
    'Wait for it to end, or end that process, and try again.',
  );
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    const { pid, started, token } = parsed as Partial<Holder>;
    if (typeof pid === 'number' && typeof started === 'string' && typeof token === 'string')
      return { pid, started, token };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  return { pid: 0, started: '', token: '' }; // not ours to understand, and of no process: stale
}

/** Removes a stale lock, unless another waiter was faster and the lock is already a live one again. */
async function takeAway(path: string, stale: Holder): Promise<void> {
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved && moved.token !== stale.token) await tryLink(aside, path);
  await rm(aside, { force: true });
}

function holds({ pid, started }: Holder): boolean {
  if (pid <= 0 || !isAlive(pid)) return false;
  const born = bornAt(pid);
  return born === undefined || started === '' || born === started;
}
