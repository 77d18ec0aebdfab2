/**
 * A `node_modules` made of links: a real folder with one symlink per installed package. Packages of the workspace itself
 * (symlinks into the main checkout) point to the same place in the new folder, so that its own code is what is loaded.
 */
import { lstat, mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { removeForce } from './checkout-cleaning.ts';

export interface Mirror {
  /** Absolute path of the mirrored `node_modules`. */
  folder: string;
  /** Path below it → what the symlink there holds. */
  links: Map<string, string>;
  /** Real folders below it: scopes and `.bin`. */
  folders: Set<string>;
}

/** What tools write between packages while they run; never shared, and not worth removing. */
const CACHES = new Set(['.cache', '.vite', '.vite-temp', '.vitest', '.tmp', '.package-lock.json']);

/** Plans the mirror of `<from>/<path>` at `<to>/<path>`. */
export async function planMirror(from: string, to: string, path: string): Promise<Mirror> {
  const source = await realpath(join(from, path));
  const mirror: Mirror = { folder: join(to, path), links: new Map(), folders: new Set() };
  const entries = await readdir(source, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const { name } = entry;
      if (CACHES.has(name)) return;
      if (entry.isDirectory() && (name.startsWith('@') || name === '.bin')) {
        mirror.folders.add(name);
        const inner = await readdir(join(source, name), { withFileTypes: true });
        for (const child of inner) {
          const target =
            name === '.bin'
              ? await binTarget(join(source, name, child.name), child.isSymbolicLink())
              : await packageTarget(from, to, join(source, name, child.name), child.isSymbolicLink());
          mirror.links.set(`${name}/${child.name}`, target);
        }
      } else mirror.links.set(name, await packageTarget(from, to, join(source, name), entry.isSymbolicLink()));
    }),
  );
  return mirror;
}

async function packageTarget(from: string, to: string, path: string, isLink: boolean): Promise<string> {
  if (!isLink) return path;
  const real = await realpath(path).catch(() => path);
  if (!real.startsWith(from + sep)) return path;
  const inside = relative(from, real);
  return inside.split(sep).includes('node_modules') ? path : join(to, inside);
}

/** Relative links of `.bin` lead to their package through the mirror, so that a workspace's own tools are the new folder's. */
async function binTarget(path: string, isLink: boolean): Promise<string> {
  if (!isLink) return path;
  const target = await readlink(path);
  return target.startsWith('..') ? target : path;
}

/** Makes the folder match the plan; with `exact` whatever else is found there is removed. */
export async function applyMirror(mirror: Mirror, exact: boolean): Promise<void> {
  await realFolder(mirror.folder);
  await Promise.all([...mirror.folders].map((name) => realFolder(join(mirror.folder, name))));
  if (exact) await removeForeign(mirror);
  await Promise.all(
    [...mirror.links].map(async ([path, target]) => {
      const at = join(mirror.folder, path);
      const current = await readlink(at).catch(() => undefined);
      if (current === target) return;
      if (current !== undefined || (await isThere(at))) {
        if (!exact && current === undefined) return; // the agent installed this package itself
        await removeForce(at);
      }
      await symlink(target, at);
    }),
  );
}

async function removeForeign(mirror: Mirror): Promise<void> {
  for (const folder of ['', ...mirror.folders])
    for (const name of await readdir(join(mirror.folder, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!mirror.links.has(path) && !mirror.folders.has(path)) await removeForce(join(mirror.folder, path));
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
