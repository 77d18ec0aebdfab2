/**
 * The mirror of a `node_modules`: one link per installed package. Packages of the workspace itself (symlinks into the main
 * checkout) lead to the same place in the new folder, so that its own code is what is loaded.
 */
import { readdir, readlink, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { emptyMirror, type Mirror } from './mirror.ts';

/** What tools write between packages while they run; never shared, and not worth removing. */
const CACHES = new Set(['.cache', '.vite', '.vite-temp', '.vitest', '.tmp', '.package-lock.json']);

/** Plans the mirror of `<from>/<path>` at `<to>/<path>`. */
export async function planModules(from: string, to: string, path: string): Promise<Mirror> {
  const source = await realpath(join(from, path));
  const mirror = emptyMirror(join(to, path));
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
