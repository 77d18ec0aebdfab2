/** Where a rotation may have put what a log held: files of the same folder whose names begin alike. */
import { closeSync, openSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type Content, holds } from './content.ts';

/** What was compressed cannot be followed; of those, a `.gz` can be read (`compressed.ts`). */
const COMPRESSED = /\.(?:gz|bz2|xz|zst|zip|lz4)$/;

export interface Sibling {
  path: string;
  dev: number;
  ino: number;
  size: number;
  mtimeMs: number;
}

/** Newest last; those that are compressed, or all others. `close`: only names that go on where the log's own ends, as `app.log.1` does for `app.log`. */
export function siblingsOf(path: string, { close = false, compressed = false } = {}): Sibling[] {
  const name = basename(path);
  const prefix = close ? name : basename(name, extname(name));
  return namesIn(dirname(path))
    .filter((other) => other !== name && other.startsWith(prefix) && COMPRESSED.test(other) === compressed)
    .flatMap((other) => fileAt(join(dirname(path), other)) ?? [])
    .sort((a, b) => a.mtimeMs - b.mtimeMs);
}

/** Undefined for what is not there, or is no file. */
export function fileAt(path: string): Sibling | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile()
    ? { path, dev: found.dev, ino: found.ino, size: found.size, mtimeMs: found.mtimeMs }
    : undefined;
}

/** Whether the file at `path` begins with this content; no where it may not be read. */
export function pathHolds(path: string, content: Content): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    return holds(fd, content);
  } catch {
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
