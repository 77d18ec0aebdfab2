/**
 * A cheap digest of a large folder: size, modification time and mode of every file, without reading any. One line per
 * package-sized part (two levels), so that a difference can be named.
 */
import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';

/**
 * What tools write on their own while they only read the rest. Bytecode caches are left out because every import of a
 * package may fill them; checks run with caches of their own, so that nothing found there is executed by us.
 */
const CACHES = new Set(['.cache', '.vite', '.vite-temp', '.vitest', '.tmp', '__pycache__']);

/** Path below the folder (`/name`, `/@scope/name`, or empty for the folder itself) → digest. Links are not followed. */
export async function digestFolder(given: string): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  const folder = realPathOf(given);
  const found = statOf(folder);
  if (!found?.isDirectory()) {
    digests.set('', describe(folder, found));
    return digests;
  }
  for (const name of list(folder)) {
    const path = join(folder, name);
    const split = (name.startsWith('@') || name === 'lib' || name === '.pnpm') && statOf(path)?.isDirectory();
    const parts = split ? list(path).map((child) => `${name}/${child}`) : [name];
    for (const part of parts) {
      const hash = createHash('sha256');
      await walk(join(folder, part), '', hash);
      digests.set(`/${part}`, hash.digest('hex').slice(0, 32));
    }
  }
  return digests;
}

async function walk(path: string, name: string, hash: Hash): Promise<void> {
  const found = statOf(path);
  hash.update(`${name}\0${describe(path, found)}\0`);
  if (!found?.isDirectory()) return;
  await breathe(); // a walk of 50,000 files must not keep the server from answering
  for (const child of list(path)) await walk(join(path, child), `${name}/${child}`, hash);
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !CACHES.has(name))
      .sort();
  } catch {
    return [];
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function describe(path: string, found: Stats | undefined): string {
  if (!found) return 'gone';
  if (found.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  if (found.isDirectory()) return `folder ${found.mode}`;
  return `${found.size} ${found.mtimeMs} ${found.mode}`;
}
