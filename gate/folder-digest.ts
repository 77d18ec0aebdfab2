/**
 * A cheap digest of a large folder: size, modification time and mode of every file, without reading any. One line per
 * package-sized part (two levels), so that a difference can be named.
 */
import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';

export interface FolderDigest {
  /** Path below the folder (`/name`, `/@scope/name`, or empty for the folder itself) → digest. */
  parts: Map<string, string>;
  /** Python's compiled files, each for itself: imports add to them, nothing may exchange those that were there. */
  bytecode: Map<string, string>;
}

/** What tools write on their own while they only read the rest. */
const CACHES = new Set(['.cache', '.vite', '.vite-temp', '.vitest', '.tmp']);
const BYTECODE = '__pycache__';

/** Links inside the folder are not followed. */
export async function digestFolder(given: string): Promise<FolderDigest> {
  const digest: FolderDigest = { parts: new Map(), bytecode: new Map() };
  const folder = realPathOf(given);
  const found = statOf(folder);
  if (!found?.isDirectory()) {
    digest.parts.set('', describe(folder, found));
    return digest;
  }
  for (const name of list(folder)) {
    const path = join(folder, name);
    const split = (name.startsWith('@') || name === 'lib' || name === '.pnpm') && statOf(path)?.isDirectory();
    for (const part of split ? list(path).map((child) => `${name}/${child}`) : [name]) {
      const hash = createHash('sha256');
      await walk(join(folder, part), `/${part}`, hash, digest.bytecode);
      digest.parts.set(`/${part}`, hash.digest('hex').slice(0, 32));
    }
  }
  return digest;
}

async function walk(path: string, name: string, hash: Hash, bytecode: Map<string, string>): Promise<void> {
  const found = statOf(path);
  hash.update(`${name}\0${describe(path, found)}\0`);
  if (!found?.isDirectory()) return;
  await breathe(); // a walk of 50,000 files must not keep the server from answering
  for (const child of list(path)) {
    if (child !== BYTECODE) await walk(join(path, child), `${name}/${child}`, hash, bytecode);
    else
      for (const file of list(join(path, child)))
        bytecode.set(`${name}/${child}/${file}`, describe(join(path, child, file), statOf(join(path, child, file))));
  }
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
