/**
 * The agent's worktree: a linked worktree of the user's repository at `<worktree.root>/hotfix/auto-<fingerprint>`,
 * detached at the base. The branch is made later, from a proven tree only, so that a branch always means a proposal.
 *
 * Files are written from the base's tree by the gate's own git: no hook, no LFS download, no filter of the user's runs,
 * and an untouched file is byte for byte what the gate will compare it with.
 */
import { mkdir, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { git, tryGit } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';
import { ConfigurationError } from '../../events/errors.ts';
import { openWorkspace, withIndex, workspaceGit } from '../../gate/workspace.ts';
import { excludeFolder } from './exclude.ts';
import { dropRecord, readRecord, type WorktreeRecord, writeRecord } from './record.ts';
import { saveDiff } from './saved-diff.ts';

export interface WorktreeRequest {
  incident: string;
  fingerprint: string;
  round: number;
  base: string;
  baseBranch: string | null;
  /** `worktree.root` of the config. */
  root: string;
  /** See `outside-tree.ts`. */
  linked: readonly string[];
  now: Date;
  signal?: AbortSignal | undefined;
}

export interface OpenWorktree {
  path: string;
  /** True when an earlier process had made it for this round on this base; its changes are still there. */
  reopened: boolean;
  /** What was found and moved or saved on the way. */
  warnings: string[];
}

/** `hotfix/auto-<fingerprint>`, from round 2 on with `-<round>`. */
export function branchName(fingerprint: string, round: number): string {
  return `hotfix/auto-${fingerprint}${round > 1 ? `-${round}` : ''}`;
}

/** Throws ConfigurationError when `worktree.root` leaves the repository or points into a folder that is not its own. */
export function worktreePath(repository: Repository, root: string, fingerprint: string): string {
  const folder = resolve(repository.root, root);
  const inside = relative(repository.root, folder);
  const first = inside.split(sep)[0] ?? '';
  if (inside === '' || first === '..' || first === '.git' || first === '.self-healing' || resolve(inside) === inside)
    throw new ConfigurationError(
      `worktree.root in .self-healing/config.yaml is "${root}", which is not a folder of its own inside the repository.`,
      'Give a folder such as .worktrees.',
    );
  return join(folder, 'hotfix', `auto-${fingerprint}`);
}

/** Our line in `.git/info/exclude`; called before anything of the main checkout is digested. */
export async function hideWorktrees(repository: Repository, root: string): Promise<void> {
  await excludeFolder(repository, relative(repository.root, resolve(repository.root, root)).split(sep).join('/'));
}

/** Re-opens the worktree an earlier process left for this round on this base, else makes it; what was there is saved. */
export async function openWorktree(repository: Repository, request: WorktreeRequest): Promise<OpenWorktree> {
  const path = worktreePath(repository, request.root, request.fingerprint);
  const warnings: string[] = [];
  const record = await readRecord(repository, request.incident);
  const same = record?.round === request.round && record.base === request.base && record.path === path;
  if (same && (await isRegistered(repository, path))) return { path, reopened: true, warnings };

  const left = { incident: request.incident, round: request.round, base: request.base, base_branch: null, ...record };
  // The folder's name may have changed with worktree.root since.
  for (const place of new Set([path, left.path ?? path])) {
    if (!(await isRegistered(repository, place))) continue;
    const saved = await clearAway(repository, { ...left, path: place }, request.linked, request.now);
    if (saved) warnings.push(`Changes of an earlier attempt were saved to ${saved}.`);
  }
  const moved = await moveAside(path, request.now);
  if (moved) warnings.push(`A folder that stood where the worktree belongs was moved to ${moved}.`);

  await mkdir(dirname(path), { recursive: true });
  await git(['worktree', 'prune'], { cwd: repository.root });
  await git(['worktree', 'add', '--detach', '--no-checkout', '--force', path, request.base], {
    cwd: repository.root,
    timeoutMs: 600_000,
    ...(request.signal ? { signal: request.signal } : {}),
  });
  await writeFiles(repository, path, request.base, request.signal);
  await writeRecord(repository, {
    incident: request.incident,
    round: request.round,
    path,
    base: request.base,
    base_branch: request.baseBranch,
  });
  return { path, reopened: false, warnings };
}

/** Saves the diff, then removes worktree and record. Answers with the saved patch, if there was a change. */
export async function removeWorktree(
  repository: Repository,
  incident: string,
  linked: readonly string[],
  now: Date,
): Promise<string | undefined> {
  const record = await readRecord(repository, incident);
  if (!record) return undefined;
  const saved = (await isRegistered(repository, record.path))
    ? await clearAway(repository, record, linked, now)
    : undefined;
  await dropRecord(repository, incident);
  return saved;
}

/**
 * True when `path` is there and git knows it as a worktree of this repository. Where its `.git` is gone or leads into the
 * main checkout, git started in it would work on the person's own HEAD and index.
 */
export async function isRegistered(repository: Repository, path: string): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return false;
  const own = await tryGit(['rev-parse', '--show-toplevel', '--absolute-git-dir'], { cwd: real });
  const [top, gitDir = ''] = own.stdout.split('\n');
  if (own.exit !== 0 || top !== real || dirname(gitDir) !== join(repository.gitDir, 'worktrees')) return false;
  const listed = await git(['worktree', 'list', '--porcelain', '-z'], { cwd: repository.root });
  return listed.split('\0').includes(`worktree ${real}`);
}

/** Makes the files of `from`, which lie in the worktree, those of `tree`. */
export async function replaceFiles(
  repository: Repository,
  path: string,
  { from, tree, signal }: { from: string; tree: string; signal?: AbortSignal | undefined },
): Promise<void> {
  const workspace = await openWorkspace(repository);
  await withIndex(async (index) => {
    const options = { folder: path, index, timeoutMs: 600_000, signal };
    await workspaceGit(workspace, ['read-tree', from], options);
    await workspaceGit(workspace, ['read-tree', '--reset', '-u', tree], options);
  });
}

async function clearAway(
  repository: Repository,
  record: WorktreeRecord,
  linked: readonly string[],
  now: Date,
): Promise<string | undefined> {
  const saved = await saveDiff(repository, record, linked, now);
  await git(['worktree', 'remove', '--force', '--force', record.path], { cwd: repository.root, timeoutMs: 600_000 });
  await rm(record.path, { recursive: true, force: true }); // git leaves what it does not know of
  return saved;
}

/** A folder that git does not know as a worktree is not ours to judge: it is kept under another name. */
async function moveAside(path: string, now: Date): Promise<string | undefined> {
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    if (error.code === 'ENOTDIR') return ['a file'];
    throw error;
  });
  if (entries === undefined) return undefined;
  if (entries.length === 0) {
    await rmdir(path);
    return undefined;
  }
  const aside = `${path}.left-${now.toISOString().replace(/[:.]/g, '-')}`;
  await rename(path, aside);
  return aside;
}

async function writeFiles(repository: Repository, path: string, base: string, signal?: AbortSignal): Promise<void> {
  const workspace = await openWorkspace(repository);
  const options = { folder: path, timeoutMs: 600_000, signal };
  await withIndex(async (index) => {
    await workspaceGit(workspace, ['read-tree', `${base}^{tree}`], { ...options, index });
    await workspaceGit(workspace, ['checkout-index', '--all', '--force', '--quiet'], { ...options, index });
  });
  // The worktree's own index is for the agent's `git status` and `git diff`; nothing of ours reads it.
  await git(['read-tree', base], { cwd: path });
  await tryGit(['update-index', '-q', '--refresh'], { cwd: path, env: { GIT_LFS_SKIP_SMUDGE: '1' } });
}
