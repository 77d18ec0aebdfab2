/** The files that a graph is made of: those of a folder under git, or those of a commit or tree that is not checked out. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { type GitOptions, git } from '../git.ts';
import { LANGUAGES } from './languages.ts';

/** Larger files are no source that a person wrote, whatever their name ends in. */
const LARGEST = 2 * 1024 * 1024;

export interface Sources {
  /** Repository-relative paths, sorted. */
  files: string[];
  /** The text of a file; undefined when it is gone, a link, or larger than 2 MiB. */
  read(path: string): string | undefined;
  /**
   * Stays the same while a file's content does; undefined when that cannot be told: not a file, or changed just now, so
   * that another change may bear the same times.
   */
  stamp?(path: string): string | undefined;
}

export interface FolderOptions extends Omit<GitOptions, 'cwd'> {
  /** Files that were there the last time: their stamps are taken while git lists what is there now. */
  known?: readonly string[];
}

/** Tracked and untracked files of a checkout as they are on disk, ignored ones left out. `folder` is its root. */
export async function folderSources(folder: string, { known = [], ...options }: FolderOptions = {}): Promise<Sources> {
  const flags = ['-t', '--cached', '--others', '--deleted', '--exclude-standard'];
  const listing = git(['ls-files', ...flags, '-z'], { ...options, cwd: folder });
  const stamps = new Map<string, string | undefined>();
  const stamp = (path: string) => {
    if (!stamps.has(path)) stamps.set(path, stampOf(`${folder}/${path}`));
    return stamps.get(path);
  };
  for (const path of known) stamp(path);
  const files = new Set<string>();
  const gone: string[] = [];
  for (const line of (await listing).split('\0')) {
    const path = line.slice(2);
    if (line.startsWith('R ')) gone.push(path);
    else if (path !== '') files.add(path);
  }
  for (const path of gone) files.delete(path);
  return { files: [...files].sort(), read: (path) => readSource(join(folder, path)), stamp };
}

/** Two changes within one tick of a file system's clock look like one. */
const JUST_NOW_MS = 2000;

function stampOf(path: string): string | undefined {
  let status: Stats | undefined;
  try {
    status = lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
  if (!status?.isFile() || Math.max(status.ctimeMs, status.mtimeMs) > Date.now() - JUST_NOW_MS) return undefined;
  return `${status.mtimeMs}:${status.ctimeMs}:${status.size}:${status.ino}`;
}

/** Files of a commit or tree; all that is needed of them is read at once. `where.env` may name another object store. */
export async function treeSources(revision: string, where: GitOptions): Promise<Sources> {
  const listed = await git(['ls-tree', '-r', '-z', '--full-tree', '--long', revision], where);
  const entries = listed.split('\0').flatMap((line) => {
    const [, mode, id, size, path] = /^(\d+) blob (\w+) +(\d+)\t([\s\S]+)$/.exec(line) ?? [];
    return path === undefined || id === undefined ? [] : [{ path, id, mode, size: Number(size) }];
  });
  const wanted = entries.filter(
    ({ path, mode, size }) =>
      mode !== '120000' && size <= LARGEST && LANGUAGES.some((language) => language.owns(path) || language.reads(path)),
  );
  const contents = await readBlobs([...new Set(wanted.map(({ id }) => id))], where);
  const ids = new Map(wanted.map(({ path, id }) => [path, id]));
  return {
    files: entries.map(({ path }) => path).sort(),
    read: (path) => contents.get(ids.get(path) ?? '')?.toString('utf8'),
    stamp: (path) => ids.get(path),
  };
}

function readSource(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const status = fstatSync(file);
    return status.isFile() && status.size <= LARGEST ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** Object id → bytes, by one git process. */
async function readBlobs(ids: string[], where: GitOptions): Promise<Map<string, Buffer>> {
  if (ids.length === 0) return new Map();
  const output = await git(['cat-file', '--batch'], { ...where, input: `${ids.join('\n')}\n`, encoding: 'latin1' });
  return parseBatch(Buffer.from(output, 'latin1'));
}

/** `<id> blob <size>\n<bytes>\n`, again and again. */
function parseBatch(output: Buffer): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    if (end < 0) break;
    const [id = '', type, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type === 'missing' || size === undefined) continue;
    blobs.set(id, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}
