/** The other names of a file with hard links: writing through one of them changes what all of them show. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** So many entries of the worktree are looked at; a name that is not found by then counts as being outside. */
const MAX_ENTRIES = 50_000;

export function hasOtherNames(path: string): boolean {
  const own = lstatSync(path, { throwIfNoEntry: false });
  return own?.isFile() === true && own.nlink > 1;
}

/**
 * Every name of the file inside the folder, its own among them; undefined when one of its names is not there.
 * A file with one name, and what is no file, has just that one: nothing is searched for it.
 */
export function namesInside(folder: string, path: string): string[] | undefined {
  const own = lstatSync(path, { throwIfNoEntry: false });
  if (!own || !hasOtherNames(path)) return [path];
  const names: string[] = [];
  const folders = [folder];
  let seen = 0;
  for (let at = folders.pop(); at !== undefined && names.length < own.nlink; at = folders.pop()) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (++seen > MAX_ENTRIES) return undefined;
      const full = join(at, entry.name);
      if (entry.isDirectory()) folders.push(full);
      else if (entry.isFile()) {
        const { ino, dev } = lstatSync(full);
        if (ino === own.ino && dev === own.dev) names.push(full);
      }
    }
  }
  return names.length === own.nlink ? names : undefined;
}
