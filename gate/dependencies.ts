/**
 * Makes the installed dependencies of the main checkout usable in another folder without copying them and without letting
 * that folder's code be taken from the main checkout: by the project's own setup command, or by links.
 */
import { cp, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { git } from '../context/git.ts';
import { ConfigurationError, RemoteError } from '../events/errors.ts';
import { removeForce } from './checkout/cleaning.ts';
import { applyMirror, type Mirror } from './dependencies/mirror.ts';
import { planModules } from './dependencies/node-modules.ts';
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
  /** Puts back every link that was changed since. */
  restore(): Promise<void>;
}

/** Names of folders that a setup command is expected to fill, kept between runs. */
const INSTALLED = ['node_modules', '.venv', 'venv'];

/** Throws RemoteError when the setup command fails. */
export async function prepareDependencies(request: DependencyRequest): Promise<Dependencies> {
  const { from, to, config } = request;
  const copied = config.copy.map(trim);
  const copies = await copyListed(from, to, copied);
  const restoreCopies = async () => {
    for (const copy of copies) if ((await stateOf(copy.to)) !== copy.state) await makeCopy(copy);
  };
  if (config.setup.trim() !== '') {
    if (!request.alreadySetUp) await runSetup(request);
    const names = [...new Set([...INSTALLED, ...config.link])];
    const paths = new Set([...(await existing(from, names, to)), ...copied]);
    return { paths, restore: restoreCopies };
  }
  const tracked = new Set(await trackedFolders(from, config.link));
  const folders = (await existing(from, config.link)).filter((path) => !tracked.has(path));
  const mirrors: Mirror[] = [];
  const links: { path: string; target: string }[] = [];
  for (const path of folders) {
    if (path.split('/').at(-1) === 'node_modules') mirrors.push(await planModules(from, to, path));
    else if (await isVirtualEnvironment(join(from, path))) mirrors.push(await planEnvironment(from, to, path));
    else links.push({ path, target: join(from, path) });
  }
  const restore = async () => {
    await restoreCopies();
    for (const mirror of mirrors) await applyMirror(mirror, request.exact ?? false);
    for (const { path, target } of links) await linkFolder(join(to, path), target);
  };
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

interface Copy {
  from: string;
  to: string;
  /** What `to` looked like right after it was copied. */
  state: string;
}

async function copyListed(from: string, to: string, paths: readonly string[]): Promise<Copy[]> {
  const copies: Copy[] = [];
  for (const path of paths) {
    const source = resolve(from, path);
    if (!source.startsWith(from + sep))
      throw new ConfigurationError(
        `worktree.copy names "${path}", which is outside the repository.`,
        'Correct worktree.copy in .self-healing/config.yaml.',
      );
    if (!(await isThere(source))) continue;
    const copy = { from: source, to: join(to, path), state: '' };
    await makeCopy(copy);
    copies.push(copy);
  }
  return copies;
}

async function makeCopy(copy: Copy): Promise<void> {
  await removeForce(copy.to);
  await cp(copy.from, copy.to, { recursive: true, verbatimSymlinks: true });
  copy.state = await stateOf(copy.to);
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
  const keep = [
    'PATH',
    'HOME',
    'LANG',
    'SHELL',
    'USER',
    'http_proxy',
    'https_proxy',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
  ];
  const env = Object.fromEntries(
    keep.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const result = await runGroup(
    { shell: config.setup },
    { cwd: to, env: { HOME: homedir(), TMPDIR: tmpdir(), CI: '1', ...env }, timeoutMs: timeoutMs ?? 900_000, signal },
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
