/** Checkouts of lock files that are no longer in use are removed after two weeks; installed dependencies are large. */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeForce } from './checkout-cleaning.ts';
import { acquireLock } from './checkout-lock.ts';

const KEPT_MS = 14 * 24 * 3600 * 1000;

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
