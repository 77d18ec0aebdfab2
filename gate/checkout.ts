/**
 * The checkout in which trees are run: one per repository and set of lock files, at a constant path outside the worktree,
 * with dependencies installed once and one user at a time. What runs at the same time has a lane each: a folder beside it
 * with the same tree and dependencies of its own, so that no run sees the files of another. It starts from nothing that an earlier process left, and every
 * switch of trees removes what the run before left behind.
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Repository } from '../context/repository.ts';
import { removeForce, removeLeftovers } from './checkout/cleaning.ts';
import { acquireLock, type Lock } from './checkout/lock.ts';
import { pruneCheckouts, pruneScratch } from './checkout/pruning.ts';
import { type Dependencies, type DependencyConfig, prepareDependencies } from './dependencies.ts';
import { decidesInstallation } from './dependency-files.ts';
import { requireGenuine } from './genuine-objects.ts';
import { entriesOf, type TreeEntry, treeOf } from './tree.ts';
import { openWorkspace, type Workspace, workspaceGit } from './workspace.ts';

export interface Checkout {
  /** Absolute path of the folder that holds the tree; the same for every tree. */
  path: string;
  /** What the installed dependencies are determined by: lock files and `worktree` settings. */
  key: string;
  /** Puts exactly this tree there. */
  use(tree: string): Promise<void>;
  /** Makes a file of the current tree impossible to load; false when the tree has no such file. `use` repairs it. */
  breakFile(path: string): Promise<boolean>;
  /** Another checkout beside this one, made at the first call and the same at every other; lane 0 is this one. */
  lane(number: number): Promise<Lane>;
  /** Lets the next user in. */
  close(): Promise<void>;
}

export type Lane = Pick<Checkout, 'path' | 'use'>;

export interface CheckoutOptions {
  repository: Repository;
  /** `worktree` of the base's config. */
  config: DependencyConfig;
  /** The base commit or tree; its lock files decide which checkout this is. */
  base: string;
  /** How long to wait for another user; default 15 minutes. */
  waitMs?: number;
  signal?: AbortSignal | undefined;
  onWait?: ((pid: number) => void) | undefined;
}

/** Content that no language loads. */
const BROKEN = '\0))) {{{ this file was broken on purpose, to see whether the checks notice\n';

/** Throws NotReadyError when another process keeps it for longer than `waitMs`. */
export async function openCheckout(options: CheckoutOptions): Promise<Checkout> {
  const { repository, config, signal } = options;
  const workspace = await openWorkspace(repository);
  const base = await treeOf(workspace, options.base);
  const key = await checkoutKey(workspace, base, config);
  const home = join(repository.home, 'checkout', key);
  const lock = await acquireLock(join(home, 'lock'), {
    timeoutMs: options.waitMs ?? 900_000,
    signal,
    onWait: options.onWait,
  });
  let scratch: string | undefined;
  try {
    await pruneCheckouts(home);
    await pruneScratch();
    scratch = await mkdtemp(join(tmpdir(), 'self-healing-checkout-'));
    const seen = { entries: new Map(), genuine: new Set<string>() };
    const shared = { workspace, home, base, key, config, scratch, lock, signal, seen };
    const opened = new OpenCheckout(shared, 0);
    await opened.start();
    return opened;
  } catch (error) {
    if (scratch) await rm(scratch, { recursive: true, force: true });
    await lock.release();
    throw error;
  }
}

async function checkoutKey(workspace: Workspace, base: string, config: DependencyConfig): Promise<string> {
  const locks = (await entriesOf(workspace, base)).filter((entry) => decidesInstallation(entry.path));
  const parts = [config.setup, ...config.link, '', ...config.copy, '', ...locks.map(({ id, path }) => `${id} ${path}`)];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

interface Parts {
  workspace: Workspace;
  home: string;
  /** The base's tree. */
  base: string;
  key: string;
  config: DependencyConfig;
  /** A folder of this process alone. */
  scratch: string;
  lock: Lock;
  signal: AbortSignal | undefined;
  seen: {
    /** Entries of the trees seen so far. */
    entries: Map<string, TreeEntry[]>;
    /** Ids of objects that hold what they should. */
    genuine: Set<string>;
  };
}

class OpenCheckout implements Checkout {
  readonly path: string;
  readonly key: string;
  readonly #parts: Parts;
  readonly #index: string;
  /** Holds the setup command that ran here. */
  readonly #marker: string;
  /** The index as we wrote it: code under test may reach the file, not our memory. */
  #indexHash = '';
  #tree = '';
  #files: ReadonlySet<string> = new Set();
  #dependencies: Dependencies | undefined;
  readonly #lanes = new Map<number, Promise<Lane>>();

  constructor(parts: Parts, lane: number) {
    const suffix = lane === 0 ? '' : `-${lane}`;
    this.path = join(parts.home, `tree${suffix}`);
    this.key = parts.key;
    this.#parts = parts;
    this.#index = join(parts.scratch, `index${suffix}`);
    this.#marker = join(parts.home, `setup-done${suffix}`);
  }

  async start(): Promise<void> {
    const { base, config } = this.#parts;
    const marker = this.#marker;
    const found = await lstat(this.path).catch(() => undefined);
    if (found && !found.isDirectory()) await removeForce(this.path);
    await mkdir(this.path, { recursive: true });
    const request = {
      from: this.#parts.workspace.repository.root,
      to: this.path,
      config,
      exact: true,
      signal: this.#parts.signal,
    };
    const needsSetup = config.setup.trim() !== '';
    const alreadySetUp = needsSetup && (await readFile(marker, 'utf8').catch(() => '')) === config.setup;
    if (alreadySetUp) this.#dependencies = await prepareDependencies({ ...request, alreadySetUp });
    await this.#writeAll(base);
    if (this.#dependencies) await this.#dependencies.restore();
    else this.#dependencies = await prepareDependencies(request);
    if (needsSetup && !alreadySetUp) {
      await writeFile(marker, config.setup);
      await this.use(base);
    }
  }

  async use(tree: string): Promise<void> {
    const complete = (await this.#dependencies?.restore()) ?? true;
    const switched = await this.#switchTo(tree);
    if (!switched) await this.#writeAll(tree);
    if (!switched || !complete) await this.#dependencies?.restore();
  }

  /** From one tree to the next by their differences; false when the result cannot be vouched for. */
  async #switchTo(tree: string): Promise<boolean> {
    if ((await hashOf(this.#index)) !== this.#indexHash) return false;
    await removeLeftovers(this.path, { files: this.#files, dependencies: this.#dependencies?.paths ?? new Set() });
    if (tree === this.#tree && (await this.#isExact())) return true;
    await this.#git(['read-tree', '--reset', '-u', tree]);
    await this.#remember(tree);
    return this.#isExact();
  }

  async breakFile(path: string): Promise<boolean> {
    if (!this.#files.has(path)) return false;
    const file = join(this.path, path);
    await removeForce(file);
    await writeFile(file, BROKEN);
    return true;
  }

  lane(number: number): Promise<Lane> {
    if (number === 0) return Promise.resolve(this);
    const known = this.#lanes.get(number);
    if (known) return known;
    const opened = new OpenCheckout(this.#parts, number);
    const started = opened.start().then(() => opened);
    this.#lanes.set(number, started);
    return started;
  }

  async close(): Promise<void> {
    await rm(this.#parts.scratch, { recursive: true, force: true });
    await this.#parts.lock.release();
  }

  /** Every file anew, whatever is there: an index without stat data makes git write each of them. */
  async #writeAll(tree: string): Promise<void> {
    await removeLeftovers(this.path, {
      files: new Set((await this.#entriesOf(tree)).map(({ path }) => path)),
      dependencies: this.#dependencies?.paths ?? new Set(),
    });
    await rm(this.#index, { force: true });
    await this.#git(['read-tree', tree]);
    await this.#git(['checkout-index', '--all', '--force', '--index']);
    await this.#remember(tree);
  }

  async #remember(tree: string): Promise<void> {
    this.#tree = tree;
    const entries = await this.#entriesOf(tree);
    this.#files = new Set(entries.map(({ path }) => path));
    const { genuine } = this.#parts.seen;
    if (!genuine.has(tree)) await requireGenuine(this.#parts.workspace, this.path, tree, entries, genuine);
    this.#indexHash = await hashOf(this.#index);
  }

  async #entriesOf(tree: string): Promise<TreeEntry[]> {
    const { entries } = this.#parts.seen;
    const known = entries.get(tree) ?? (await entriesOf(this.#parts.workspace, tree));
    entries.set(tree, known);
    return known;
  }

  async #isExact(): Promise<boolean> {
    return (await this.#git(['diff-files', '--name-only', '--ignore-submodules=all'])) === '';
  }

  #git(args: string[]): Promise<string> {
    return workspaceGit(this.#parts.workspace, args, {
      folder: this.path,
      index: this.#index,
      signal: this.#parts.signal,
    });
  }
}

async function hashOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  return createHash('sha256').update(bytes).digest('hex');
}
