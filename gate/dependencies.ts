/**
 * Makes the installed dependencies of the main checkout usable in another folder without copying them and without letting
 * that folder's code be taken from the main checkout: by the project's own setup command, or by links.
 */
import { cp, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { git } from '../context/git.ts';
import { ConfigurationError, RemoteError } from '../events/errors.ts';
import { removeForce } from './checkout/cleaning.ts';
import { applyMirror, type Mirror } from './dependencies/mirror.ts';
import { planModules } from './dependencies/node-modules.ts';
import { setupEnvironment } from './dependencies/setup-environment.ts';
import { isVirtualEnvironment, planEnvironment } from './dependencies/virtual-environment.ts';
import { runGroup } from './process-group.ts';

/** The keys of `worktree` in the config that matter here. */
export interface DependencyConfig {
  /** Shell command that installs the dependencies; empty: link. */
  setup: string;
  /** Names (anywhere beside a manifest) or root-relative paths of folders to link. */
  link: readonly string[];
  /** Root-relative paths of files and folders to copy. */
  copy: readonly string[];
}

export interface DependencyRequest {
  /** Real path of the main checkout. */
  from: string;
  /** The folder that gets the dependencies. */
  to: string;
  config: DependencyConfig;
  /** The setup command ran here already. */
  alreadySetUp?: boolean;
  /** Also remove what somebody else put between our links. */
  exact?: boolean;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

export interface Dependencies {
  /** Root-relative paths in `to` that hold dependencies. */
  paths: ReadonlySet<string>;
  /** Puts back every link that was changed since. False when a link stands in the way to some of them: those are left out. */
  restore(): Promise<boolean>;
}

/** Names of folders that a setup command is expected to fill, kept between runs. */
const INSTALLED = ['node_modules', '.venv', 'venv'];

/** Throws RemoteError when the setup command fails. */
export async function prepareDependencies(request: DependencyRequest): Promise<Dependencies> {
  const { from, to, config } = request;
  const copied = config.copy.map(trim);
  const copies = await copiesOf(from, to, copied);
  await putAll(to, copies);
  if (config.setup.trim() !== '') {
    if (!request.alreadySetUp) await runSetup(request);
    const names = [...new Set([...INSTALLED, ...config.link])];
    const paths = new Set([...(await existing(from, names, to)), ...copied]);
    return { paths, restore: () => putAll(to, copies) };
  }
  const tracked = new Set(await trackedFolders(from, config.link));
  const folders = (await existing(from, config.link)).filter((path) => !tracked.has(path));
  const places = [...copies];
  const mirrored = (path: string, mirror: Mirror) =>
    places.push({ path, put: () => applyMirror(mirror, request.exact ?? false) });
  for (const path of folders) {
    if (path.split('/').at(-1) === 'node_modules') mirrored(path, await planModules(from, to, path));
    else if (await isVirtualEnvironment(join(from, path))) mirrored(path, await planEnvironment(from, to, path));
    else places.push({ path, put: () => linkFolder(join(to, path), join(from, path)) });
  }
  const restore = () => putAll(to, places);
  await restore();
  return { paths: new Set([...folders, ...copied]), restore };
}

/** Root-relative paths of the main checkout's dependency folders that links lead to. */
export function linkedFolders(root: string, link: readonly string[]): Promise<string[]> {
  return existing(root, link);
}

/** Where the named folders are in `folder`: at its root and beside every manifest that the main checkout tracks. */
async function existing(root: string, names: readonly string[], folder = root): Promise<string[]> {
  const places = await manifestFolders(root);
  const candidates = names.map(trim).flatMap((name) => {
    if (name.includes('/')) return [name];
    return places.map((place) => (place === '' ? name : `${place}/${name}`));
  });
  const found = await Promise.all(
    candidates.map(async (path) => ((await isThere(join(folder, path))) ? path : undefined)),
  );
  return found.filter((path) => path !== undefined);
}

async function manifestFolders(root: string): Promise<string[]> {
  const manifests = ['package.json', 'pyproject.toml', 'setup.py', 'requirements.txt'];
  const listed = await git(['ls-files', '-z', '--', ...manifests.map((name) => `:(glob)**/${name}`)], { cwd: root });
  const folders = listed.split('\0').map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  return [...new Set(['', ...folders])];
}

/** Folders of these names that the repository itself tracks: they come with the tree. */
async function trackedFolders(root: string, names: readonly string[]): Promise<string[]> {
  const patterns = names.map(trim).map((name) => `:(glob)${name.includes('/') ? '' : '**/'}${name}/**`);
  if (patterns.length === 0) return [];
  const listed = (await git(['ls-files', '-z', '--', ...patterns], { cwd: root })).split('\0');
  return names.map(trim).flatMap((name) =>
    listed.flatMap((path) => {
      const at = `/${path}`.indexOf(`/${name}/`);
      return at < 0 ? [] : [path.slice(0, at + name.length)];
    }),
  );
}

async function linkFolder(path: string, target: string): Promise<void> {
  const current = await readlink(path).catch(() => undefined);
  if (current === target) return;
  await removeForce(path);
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}

/** Something of the main checkout that is put at the same place in `to`. */
interface Place {
  /** Root-relative. */
  path: string;
  /** Makes it what it should be; nothing when it is. */
  put(): Promise<void>;
}

/** False when some were left out because a link leads elsewhere from `to`: what is removed there is not ours. */
async function putAll(to: string, places: readonly Place[]): Promise<boolean> {
  let complete = true;
  for (const { path, put } of places) {
    if (await leadsElsewhere(to, path)) complete = false;
    else await put();
  }
  return complete;
}

/** Whether something other than a folder stands above `path` in `to`, such as a link into the main checkout. */
async function leadsElsewhere(to: string, path: string): Promise<boolean> {
  let at = to;
  for (const name of path.split('/').slice(0, -1)) {
    at = join(at, name);
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined) return false;
    if (!found.isDirectory()) return true;
  }
  return false;
}

async function copiesOf(from: string, to: string, paths: readonly string[]): Promise<Place[]> {
  const copies: Place[] = [];
  for (const path of paths) {
    const source = resolve(from, path);
    if (!source.startsWith(from + sep))
      throw new ConfigurationError(
        `worktree.copy names "${path}", which is outside the repository.`,
        'Correct worktree.copy in .self-healing/config.yaml.',
      );
    if (!(await isThere(source))) continue;
    const inside = relative(from, source).split(sep).join('/');
    copies.push({ path: inside, put: copying(source, join(to, inside)) });
  }
  return copies;
}

/** Copies when the target is not what the last copy left there. */
function copying(source: string, target: string): () => Promise<void> {
  let state: string | undefined;
  return async () => {
    if (state !== undefined && (await stateOf(target)) === state) return;
    await removeForce(target);
    await cp(source, target, { recursive: true, verbatimSymlinks: true });
    state = await stateOf(target);
  };
}

/** Names, sizes and change times of everything there; change times cannot be set back. */
async function stateOf(path: string): Promise<string> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return 'gone';
  if (!found.isDirectory()) return `${found.size} ${found.ino} ${found.ctimeMs}`;
  const names = (await readdir(path)).sort();
  const states = await Promise.all(names.map((name) => stateOf(join(path, name))));
  return `{${names.map((name, index) => `${name} ${states[index]}`).join(', ')}}`;
}

async function runSetup({ to, config, signal, timeoutMs }: DependencyRequest): Promise<void> {
  const result = await runGroup(
    { shell: config.setup },
    { cwd: to, env: setupEnvironment(), timeoutMs: timeoutMs ?? 900_000, signal },
  );
  signal?.throwIfAborted();
  if (result.exit === 0) return;
  const why = result.timedOut ? 'did not finish in time' : `ended with exit code ${result.exit ?? 'none'}`;
  throw new RemoteError(
    `The setup command "${config.setup}" ${why}:\n${result.output.trim().slice(-1500)}`,
    'Run it by hand in a fresh clone, and correct worktree.setup in .self-healing/config.yaml.',
  );
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function trim(path: string): string {
  return path.replace(/^(\.?\/)+|\/+$/g, '');
}
