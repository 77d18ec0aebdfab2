/**
 * Brings a checkout's folder back to the shape of a tree: removes what the tree does not have, and what stands in the
 * place of something it has but is of another type (a symlink where a folder should be). Works through read-only
 * files and folders that tests left behind.
 */
import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface Kept {
  /** Root-relative paths of files, symlinks and submodules of the tree. */
  files: ReadonlySet<string>;
  /** Root-relative paths of the dependency folders. */
  dependencies: ReadonlySet<string>;
}

/** Removes everything below `root` that is not kept. Folders that lead to something kept stay. */
export async function removeLeftovers(root: string, kept: Kept): Promise<void> {
  const folders = new Set<string>();
  for (const path of [...kept.files, ...kept.dependencies])
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  await clean(root, '', kept, folders);
}

async function clean(root: string, folder: string, kept: Kept, folders: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (kept.dependencies.has(path)) return;
      if (entry.isDirectory() && folders.has(path)) {
        await makeWritable(join(root, path));
        await clean(root, path, kept, folders);
      } else if (entry.isDirectory() || !kept.files.has(path)) await removeForce(join(root, path));
    }),
  );
}

async function makeWritable(folder: string): Promise<void> {
  const { mode } = await lstat(folder);
  if ((mode & 0o700) !== 0o700) await chmod(folder, mode | 0o700);
}

/** Removes a file or a whole folder, also when it or folders in it are read-only. */
export async function removeForce(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
    await unlock(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function unlock(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await unlock(join(folder, entry.name));
}
