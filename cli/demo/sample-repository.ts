/** Makes a sample service of `demo/samples/` into a git repository of its own, runs it, and hands out its real error log. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { git } from '../../context/git.ts';
import { ConfigurationError, RemoteError, UserError } from '../../events/errors.ts';

export type SampleName =
  | 'node-orders'
  | 'typescript-billing'
  | 'typescript-shop'
  | 'python-inventory'
  | 'python-parcels';

interface SampleOptions {
  /** Also make a bare repository beside it, as its remote `origin`. */
  origin?: boolean;
  /** Files to write before the first commit, by root-relative path. */
  overlay?: Record<string, string>;
  /** What its README says about installing, done before it is run. */
  install?: (root: string) => Promise<void>;
  signal?: AbortSignal;
}

export interface Sample {
  /** The repository: one commit on `main`, nothing uncommitted. */
  root: string;
  /** What the service logged while it was used, stack traces included. */
  log: string;
  /** The same as a file, outside the repository. */
  logFile: string;
  /** The bare repository, when one was asked for. */
  origin: string | undefined;
}

const run = promisify(execFile);
const RUN_TIMEOUT_MS = 60_000;
const IDENTITY = ['-c', 'user.name=Sample', '-c', 'user.email=sample@example.com', '-c', 'commit.gpgSign=false'];

/** Left behind in `demo/samples/` by whoever ran a sample in place. */
const NOT_COPIED = new Set(['node_modules', 'dist', 'logs', '__pycache__', '.pytest_cache']);

/** Makes `<folder>/<name>`, which may not exist yet. Takes a second or two: the service is really run. */
export async function createSample(name: SampleName, folder: string, options: SampleOptions = {}): Promise<Sample> {
  const root = join(folder, name);
  if (existsSync(root)) throw new UserError(`${root} exists already.`, 'Give another folder.');
  await copySample(name, root, options.overlay ?? {});
  await linkPackages(root);
  await options.install?.(root);
  const origin = await commit(root, options);
  const logFile = join(folder, `${name}.log`);
  await produceError(root, logFile, options.signal);
  return { root, log: await readFile(logFile, 'utf8'), logFile, origin };
}

async function copySample(name: SampleName, root: string, overlay: Record<string, string>): Promise<void> {
  await mkdir(dirname(root), { recursive: true });
  await cp(join(productRoot(), 'demo', 'samples', name), root, {
    recursive: true,
    filter: (path) => !NOT_COPIED.has(basename(path)),
  });
  // npm packages do not carry files named .gitignore.
  await rename(join(root, 'gitignore'), join(root, '.gitignore'));
  for (const [path, text] of Object.entries(overlay)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** Up from this file, in the sources as in a bundle, to the folder that holds the samples. */
function productRoot(): string {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder))
    if (existsSync(join(folder, 'demo', 'samples'))) return folder;
  throw new ConfigurationError(
    'The sample repositories are not part of this installation.',
    'Install the npm package self-healing, or run the demo from a clone of its repository.',
  );
}

const manifestSchema = z.object({
  devDependencies: z.record(z.string(), z.string()).prefault({}),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
});

/** What the sample's package.json asks for, as links to the packages that this repository is developed with. */
async function linkPackages(root: string): Promise<void> {
  if (!existsSync(join(root, 'package.json'))) return;
  const { devDependencies } = await readManifest(root);
  for (const name of Object.keys(devDependencies)) {
    const target = join(productRoot(), 'node_modules', name);
    if (!existsSync(target))
      throw new UserError(
        `The sample needs the package ${name}, which is not installed.`,
        'Run npm ci in a clone of the repository of self-healing.',
      );
    await mkdir(join(root, 'node_modules', '.bin'), { recursive: true });
    await symlink(target, join(root, 'node_modules', name));
    const { bin = {} } = await readManifest(target);
    for (const [command, file] of Object.entries(typeof bin === 'string' ? { [name]: bin } : bin))
      await symlink(join('..', name, file), join(root, 'node_modules', '.bin', command));
  }
}

async function readManifest(folder: string): Promise<z.output<typeof manifestSchema>> {
  return manifestSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
}

async function commit(root: string, { origin = false, signal }: SampleOptions): Promise<string | undefined> {
  const at = { cwd: root, ...(signal ? { signal } : {}) };
  await git(['init', '-q', '-b', 'main'], at);
  await git(['add', '--all'], at);
  await git([...IDENTITY, 'commit', '-q', '-m', 'Start the service'], at);
  if (!origin) return undefined;
  const bare = `${root}.git`;
  await git(['init', '-q', '--bare', '-b', 'main', bare], at);
  await git(['remote', 'add', 'origin', bare], at);
  await git(['push', '-q', '-u', 'origin', 'main'], at);
  await git(['remote', 'set-head', 'origin', 'main'], at);
  return bare;
}

async function produceError(root: string, logFile: string, signal?: AbortSignal): Promise<void> {
  const script = (await readdir(root)).find((file) => file.startsWith('produce-error.'));
  if (script === undefined) throw new ConfigurationError(`${root} has no script produce-error.*.`);
  const environment = join(root, '.venv', 'bin', 'python');
  const python = existsSync(environment) ? environment : 'python3';
  const program = script.endsWith('.py') ? python : process.execPath;
  try {
    await run(program, [join(root, script), logFile], {
      cwd: root,
      timeout: RUN_TIMEOUT_MS,
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new RemoteError(`The sample service could not be run: ${text}`, `Try it by hand: ${program} ${script}`);
  }
}
