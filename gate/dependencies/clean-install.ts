/**
 * A checkout for fixes of dependencies: what each tree's own lock file says is installed anew in the gate's folder,
 * instead of links to what the main checkout has installed. One installation per verification and set of dependency
 * files, moved in and out together with the tree.
 */
import { mkdir, mkdtemp, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeForce } from '../checkout/cleaning.ts';
import type { Checkout } from '../checkout.ts';
import type { DependencyConfig } from '../dependencies.ts';
import { isDependencyFile } from '../dependency-files.ts';
import { foreignLine } from '../foreign-line.ts';
import type { JudgedFinding } from '../judged-finding.ts';
import { runGroup } from '../process-group.ts';
import { blobText, entriesOf, type TreeEntry } from '../tree.ts';
import type { Workspace } from '../workspace.ts';
import { declaredInstaller, type Installer, installerOf } from './installer.ts';
import { setupEnvironment } from './setup-environment.ts';

export interface CleanInstalls extends Checkout {
  /** What kept this tree from being installed; null when it is, or when nothing installs it. */
  problemOf(tree: string): Promise<JudgedFinding | null>;
}

/** What a verification that was killed leaves is removed by the next one. */
const STORE = 'installed-';

interface Installed {
  installer: Installer | undefined;
  /** Where it is kept while another tree stands in the checkout. */
  store: string;
  problem: JudgedFinding | null;
}

/** `inner` must link and set up nothing by itself. */
export async function cleanInstalls(
  inner: Checkout,
  workspace: Workspace,
  config: Pick<DependencyConfig, 'setup' | 'link'>,
  signal: AbortSignal | undefined,
): Promise<CleanInstalls> {
  const beside = dirname(inner.path);
  for (const name of await readdir(beside)) if (name.startsWith(STORE)) await removeForce(join(beside, name));
  const home = await mkdtemp(join(beside, STORE));
  const known = new Map<string, Installed>();
  let standing: Installed | undefined;

  const putAway = async () => {
    const away = standing;
    standing = undefined;
    if (away)
      for (const folder of away.installer?.fills ?? []) await move(join(inner.path, folder), join(away.store, folder));
  };
  const use = async (tree: string) => {
    await putAway();
    await inner.use(tree);
    const entries = await entriesOf(workspace, tree);
    const key = keyOf(entries);
    let installed = known.get(key);
    if (installed) {
      for (const folder of installed.installer?.fills ?? [])
        await move(join(installed.store, folder), join(inner.path, folder));
    } else {
      const installer =
        config.setup.trim() === ''
          ? installerOf(entries, await isBerry(workspace, entries))
          : declaredInstaller(config.setup, config.link);
      const problem = installer ? await install(installer, inner.path, signal) : noInstaller();
      installed = { installer, store: join(home, `${known.size}`), problem };
      known.set(key, installed);
    }
    standing = installed;
  };
  const own: CleanInstalls = {
    path: inner.path,
    key: inner.key,
    use,
    // What is installed stands in one place, so that nothing runs beside anything else: `verify` gives it one job.
    lane: async () => own,
    breakFile: (path) => inner.breakFile(path),
    async problemOf(tree) {
      await use(tree);
      return standing?.problem ?? null;
    },
    async close() {
      await removeForce(home);
      await inner.close();
    },
  };
  return own;
}

async function isBerry(workspace: Workspace, entries: readonly TreeEntry[]): Promise<boolean> {
  const lock = entries.find(({ path }) => path === 'yarn.lock');
  return lock !== undefined && /^__metadata:/m.test(await blobText(workspace, lock.id));
}

/** The dependency files decide what is installed: manifests and lock files, wherever they stand. */
function keyOf(entries: readonly TreeEntry[]): string {
  return entries
    .filter(({ path }) => isDependencyFile(path) || /(^|\/)(package\.json|pyproject\.toml|setup\.cfg)$/.test(path))
    .map(({ id, path }) => `${id} ${path}`)
    .join('\n');
}

async function install(installer: Installer, folder: string, signal?: AbortSignal): Promise<JudgedFinding | null> {
  for (const { command, text } of installer.steps) {
    const result = await runGroup(command, { cwd: folder, env: setupEnvironment(), timeoutMs: 900_000, signal });
    signal?.throwIfAborted();
    if (result.exit === 0) continue;
    const said =
      result.output.split('\n').find((line) => /\b(?:ERR|error|not found|failed)\b/i.test(line)) ?? result.output;
    const why = result.startError ?? (result.timedOut ? 'it did not end in time' : `exit code ${result.exit}`);
    return {
      severity: 'fail',
      code: 'reproduction.install_failed',
      message: `\`${text}\` fails on the tree of the fix (${foreignLine(why)}): "${foreignLine(said)}".`,
      next: 'Let the lock file be written by the package manager itself, and try the same command in an empty clone.',
    };
  }
  return null;
}

function noInstaller(): JudgedFinding {
  return {
    severity: 'ask',
    code: 'reproduction.not_installed',
    message:
      'The tree has no lock file at its root that a clean installation is known for, so its dependencies were not installed.',
    next: 'Add the lock file that the package manager writes; otherwise a person decides at publishing.',
  };
}

async function move(from: string, to: string): Promise<void> {
  await removeForce(to);
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
