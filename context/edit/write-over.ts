/**
 * Puts a new text in the place of a file, whole: whoever reads it, and whenever the process ends, finds the old text or the
 * new one. A file that is no longer what the new text was made from is left alone.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** `changed`: somebody saved it since `before` was read (undefined: there was no file), and nothing was written. */
export type Written = 'written' | 'changed';

/** Only for the holder of the edit lock: what other edits left beside the file is taken away. */
export function writeOver(path: string, before: Buffer | undefined, text: string): Written {
  mkdirSync(dirname(path), { recursive: true });
  removeLeftovers(path);
  const beside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeThrough(beside, text, before && statSync(path, { throwIfNoEntry: false })?.mode);
    if (!isStill(path, before)) return 'changed';
    if (before !== undefined) {
      renameSync(beside, path);
      return 'written';
    }
    // A link does not take the place of a file that came meanwhile, as a rename would.
    return linked(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}

function writeThrough(path: string, text: string, mode = 0o666): void {
  const file = openSync(path, 'wx', mode & 0o777);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function isStill(path: string, before: Buffer | undefined): boolean {
  try {
    const now = readFileSync(path);
    return before?.equals(now) ?? false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return before === undefined;
    throw error;
  }
}

function linked(from: string, to: string): Written {
  try {
    linkSync(from, to);
    return 'written';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return 'changed';
    // A file system without links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
    renameSync(from, to);
    return 'written';
  }
}

function removeLeftovers(path: string): void {
  const start = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(start) && /^\d+-[0-9a-f]{8}\.tmp$/.test(name.slice(start.length)))
      rmSync(join(dirname(path), name), { force: true });
}
