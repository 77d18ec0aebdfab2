/**
 * A dependency folder made of links: real folders with one symlink per installed package, and the few files that name the
 * main checkout written anew. The packages stay where they are installed; nothing of them is copied.
 */
import { chmod, lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeForce } from '../checkout/cleaning.ts';

export interface Mirror {
  /** Absolute path of the mirrored folder. */
  folder: string;
  /** Path below it → what the symlink there holds. */
  links: Map<string, string>;
  /** Path below it → what the file there holds. */
  files: Map<string, MirrorFile>;
  /** Real folders below it, each after the one that holds it. */
  folders: Set<string>;
}

export interface MirrorFile {
  text: string;
  mode: number;
}

export function emptyMirror(folder: string): Mirror {
  return { folder, links: new Map(), files: new Map(), folders: new Set() };
}

/** Makes the folder match the plan; with `exact` whatever else is found there is removed. */
export async function applyMirror(mirror: Mirror, exact: boolean): Promise<void> {
  await realFolder(mirror.folder);
  for (const name of mirror.folders) await realFolder(join(mirror.folder, name));
  if (exact) await removeForeign(mirror);
  await Promise.all([
    ...[...mirror.links].map(([path, target]) => putLink(join(mirror.folder, path), target, exact)),
    ...[...mirror.files].map(([path, file]) => putFile(join(mirror.folder, path), file, exact)),
  ]);
}

async function putLink(at: string, target: string, exact: boolean): Promise<void> {
  const current = await readlink(at).catch(() => undefined);
  if (current === target) return;
  if (current !== undefined || (await isThere(at))) {
    if (!exact && current === undefined) return; // the agent installed this package itself
    await removeForce(at);
  }
  await symlink(target, at);
}

async function putFile(at: string, { text, mode }: MirrorFile, exact: boolean): Promise<void> {
  const found = await lstat(at).catch(() => undefined);
  if (found?.isFile()) {
    if (!exact || ((await readFile(at, 'utf8')) === text && (found.mode & 0o777) === mode)) return;
  }
  if (found) await removeForce(at);
  await writeFile(at, text);
  await chmod(at, mode);
}

async function removeForeign(mirror: Mirror): Promise<void> {
  const { links, files, folders } = mirror;
  for (const folder of ['', ...folders])
    for (const name of await readdir(join(mirror.folder, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!links.has(path) && !files.has(path) && !folders.has(path)) await removeForce(join(mirror.folder, path));
    }
}

async function realFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory()) return;
  if (found) await removeForce(path);
  await mkdir(dirname(path), { recursive: true });
  await mkdir(path);
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
