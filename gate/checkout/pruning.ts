/**
 * What earlier verifications left: checkouts of lock files that are no longer in use are removed after two weeks
 * (installed dependencies are large), temporary folders of a gate that was killed after a day.
 */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { removeForce } from './cleaning.ts';
import { acquireLock } from './lock.ts';

const DAY_MS = 24 * 3600 * 1000;
const KEPT_MS = 14 * DAY_MS;
/** Begins the name of the temporary folder of every run. */
export const SCRATCH_PREFIX = 'self-healing-check-';

/** Notes that the checkout at `home` is used now, and removes those beside it that were not for two weeks. */
export async function pruneCheckouts(home: string, now = Date.now()): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'used'), '');
  const folder = dirname(home);
  for (const name of await readdir(folder)) {
    if (name === basename(home)) continue;
    const used = await stat(join(folder, name, 'used')).catch(() => undefined);
    if (!used || now - used.mtimeMs < KEPT_MS) continue;
    const lock = await acquireLock(join(folder, name, 'lock'), { timeoutMs: 0 }).catch(() => undefined);
    if (lock) await removeForce(join(folder, name));
  }
}

/** A run that its gate ended itself leaves none; only a killed one does. */
export async function pruneScratch(now = Date.now()): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(SCRATCH_PREFIX)) continue;
    const path = join(tmpdir(), name);
    const left = await stat(path).catch(() => undefined);
    if (left && now - left.mtimeMs > DAY_MS) await removeForce(path).catch(() => {}); // another user's
  }
}
