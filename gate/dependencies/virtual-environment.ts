/**
 * The mirror of a Python virtual environment. What an editable install writes there (`.pth` lines, finder modules, links)
 * and the first lines of its scripts name the main checkout by absolute paths; here they name the new folder, so that its
 * own code is what is imported. Everything else is one link per installed package.
 */
import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { emptyMirror, type Mirror } from './mirror.ts';

/** Larger files are programs or data, whatever they are called. */
const LARGEST = 1024 * 1024;

export async function isVirtualEnvironment(folder: string): Promise<boolean> {
  return lstat(join(folder, 'pyvenv.cfg')).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Plans the mirror of the environment `<from>/<path>` at `<to>/<path>`. */
export async function planEnvironment(from: string, to: string, path: string): Promise<Mirror> {
  const source = await realpath(join(from, path));
  const mirror = emptyMirror(join(to, path));
  const plan = new Plan({ from, to, source, mirror, names: await namesOf(from, path, source) });
  await plan.folder('');
  return mirror;
}

interface Parts {
  from: string;
  to: string;
  /** Real path of the environment. */
  source: string;
  mirror: Mirror;
  /** How files of the environment name the main checkout: its real path, and the one it was created under. */
  names: string[];
}

class Plan {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async folder(folder: string): Promise<void> {
    const { source, mirror } = this.#parts;
    for (const entry of await readdir(join(source, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && LAYOUT.test(path)) {
        mirror.folders.add(path);
        await this.folder(path);
      } else if (entry.isSymbolicLink()) mirror.links.set(path, await this.#linkTarget(path));
      // Compiled from the modules beside it, the finders of editable installs among them.
      else if (entry.name === '__pycache__') continue;
      else if (!entry.isFile() || !(await this.#rewritten(path))) mirror.links.set(path, join(source, path));
    }
  }

  /** `lib64` leads to `lib` beside it; a package linked to its source (flit, a link by hand) to the new folder's. */
  async #linkTarget(path: string): Promise<string> {
    const { from, to, source } = this.#parts;
    const at = join(source, path);
    const target = await readlink(at);
    if (LAYOUT.test(path) && !target.startsWith('/')) return target;
    const real = await realpath(at).catch(() => at);
    const isOurs = real.startsWith(from + sep) && real !== source && !real.startsWith(source + sep);
    return isOurs && path.includes('site-packages/') ? join(to, relative(from, real)) : at;
  }

  /** True when the file names the main checkout and is written anew. */
  async #rewritten(path: string): Promise<boolean> {
    if (!WRITTEN.test(path)) return false;
    const { source, mirror, names, to } = this.#parts;
    const { size, mode } = await lstat(join(source, path));
    if (size > LARGEST) return false;
    const text = await readFile(join(source, path), 'utf8');
    if (text.includes('\0')) return false;
    const moved = names.reduce((moving, name) => moving.replaceAll(mentionOf(name), () => to), text);
    if (moved === text) return false;
    mirror.files.set(path, { text: moved, mode: mode & 0o777 });
    await this.#keepMetadata(path, text);
    return true;
  }

  /** `setup.py develop` leaves the metadata beside the source, where git ignores it: without it no version is found. */
  async #keepMetadata(path: string, text: string): Promise<void> {
    if (!path.endsWith('.egg-link')) return;
    const [folder = ''] = text.split('\n');
    const name = `${basename(path, '.egg-link').replaceAll('-', '_')}.egg-info`;
    const found = await lstat(join(folder.trim(), name)).catch(() => undefined);
    if (found?.isDirectory()) this.#parts.mirror.links.set(`${dirname(path)}/${name}`, join(folder.trim(), name));
  }
}

/** Folders of an environment that the mirror makes itself; on Linux and macOS. */
const LAYOUT = /^(?:bin|lib|lib64)$|^lib(?:64)?\/python[\d.]+t?$|^lib(?:64)?\/python[\d.]+t?\/site-packages$/;
/** Scripts, and what editable installs write. */
const WRITTEN = /^bin\/[^/]+$|\/site-packages\/[^/]+\.(?:pth|py|egg-link)$/;

/** The path as a whole, not as the beginning of another name. */
function mentionOf(path: string): RegExp {
  return new RegExp(`(?<![\\w.-])${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`, 'g');
}

async function namesOf(from: string, path: string, source: string): Promise<string[]> {
  const config = await readFile(join(source, 'pyvenv.cfg'), 'utf8').catch(() => '');
  const activate = await readFile(join(source, 'bin/activate'), 'utf8').catch(() => '');
  const written = [
    /^command\s*=.*\s(\/\S.*)$/m.exec(config)?.[1],
    /^\s*(?:export )?VIRTUAL_ENV=["']?(\/[^"'\n]+)/m.exec(activate)?.[1],
  ];
  const names = new Set([from]);
  for (const folder of written) {
    if (folder === undefined || !folder.endsWith(`${sep}${path}`)) continue;
    const root = resolve(folder.slice(0, -path.length));
    if ((await realpath(root).catch(() => '')) === from) names.add(root);
  }
  // The longest first: one may begin with the other.
  return [...names].sort((a, b) => b.length - a.length);
}
