/**
 * A folder's files as a git tree, built with a private index straight from the bytes on disk. What the user's own git
 * would leave out or rewrite (`info/exclude`, assume-unchanged, filters, autocrlf, replace refs) is in the tree as it is;
 * what `.gitignore` files inside the folder ignore is not, and dependency folders that were linked in never are.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError, tryGit } from '../context/git.ts';
import { UserError } from '../events/errors.ts';
import { type Workspace, withIndex, workspaceGit, workspaceOptions } from './workspace.ts';

export interface SnapshotOptions {
  workspace: Workspace;
  /** The folder to look at: a worktree, or the main checkout. */
  folder: string;
  /** The base commit or tree the folder is compared with. */
  base: string;
  /** Names (or root-relative paths) of dependency folders: `worktree.link` of the base's law. */
  linked: readonly string[];
  signal?: AbortSignal | undefined;
}

/** The tree id of the folder as it is on disk now. Throws UserError when a part of it cannot be read. */
export async function snapshot(options: SnapshotOptions): Promise<string> {
  return withIndex(async (index) => (await openView(options, { index }))(options.signal));
}

/** Looks at the folder again: the tree id as it is on disk now. */
export type View = (signal?: AbortSignal) => Promise<string>;

/**
 * For looking at a folder many times: `kept` (an empty folder, removed by the caller after the last look) holds an index
 * in which an unchanged file costs a stat only, and the objects that are made, so that the repository gets none. Unlike
 * a snapshot, a file that was seen once stays in the tree when a later `.gitignore` ignores it. One look at a time; after
 * one that failed, open another view.
 */
export async function openKeptView(options: SnapshotOptions, kept: string): Promise<View> {
  const objects = join(kept, 'objects');
  await mkdir(objects);
  return openView(options, { index: join(kept, 'index'), objects });
}

async function openView(options: SnapshotOptions, own: { index: string; objects?: string }): Promise<View> {
  const { workspace, folder } = options;
  const base = await treeOf(workspace, options.base);
  const tracked = await trackedLinkNames(workspace, base, options.linked);
  const untouched = options.linked.filter((name) => !tracked.has(name));
  const runWith =
    (signal: AbortSignal | undefined): Run =>
    (args, input) =>
      workspaceGit(workspace, args, {
        folder,
        ...own,
        signal,
        timeoutMs: 600_000,
        ...(input === undefined ? {} : { input }),
      });
  await runWith(options.signal)(['read-tree', base]);
  return async (signal) => {
    const run = runWith(signal);
    await addAll(run, untouched);
    for (const name of tracked) await dropAdded(run, base, name);
    return (await run(['write-tree'])).trim();
  };
}

type Run = (args: string[], input?: string) => Promise<string>;

async function addAll(run: Run, excluded: readonly string[]): Promise<void> {
  const excludes = excluded.flatMap((name) => {
    const path = literal(name);
    const anywhere = name.includes('/') ? path : `**/${path}`;
    return [`:(top,exclude,glob)${anywhere}`, `:(top,exclude,glob)${anywhere}/**`];
  });
  try {
    await run(['add', '--all', '--', ':(top)', ...excludes]);
  } catch (error) {
    throw error instanceof GitError ? explain(error) : error;
  }
}

/** A folder name that the base itself tracks (vendored modules, fixtures): only what the base does not have is dropped. */
async function dropAdded(run: Run, base: string, name: string): Promise<void> {
  const added = await run(['diff-index', '--cached', '--name-only', '--no-renames', '--diff-filter=A', '-z', base]);
  const tracked = split(await run(['ls-tree', '-r', '-d', '--name-only', '-z', base])).filter((path) =>
    isNamed(path, name),
  );
  const foreign = split(added).filter(
    (path) => hasNamed(path, name) && !tracked.some((folder) => path.startsWith(`${folder}/`)),
  );
  if (foreign.length > 0) await run(['update-index', '-z', '--force-remove', '--stdin'], `${foreign.join('\0')}\0`);
}

async function trackedLinkNames(workspace: Workspace, base: string, linked: readonly string[]): Promise<Set<string>> {
  const folders = split(await workspaceGit(workspace, ['ls-tree', '-r', '-d', '--name-only', '-z', base]));
  return new Set(linked.filter((name) => folders.some((folder) => isNamed(folder, name))));
}

function isNamed(path: string, name: string): boolean {
  return name.includes('/') ? path === name : path === name || path.endsWith(`/${name}`);
}

function hasNamed(path: string, name: string): boolean {
  return name.includes('/') ? path === name || path.startsWith(`${name}/`) : path.split('/').includes(name);
}

function explain(error: GitError): Error {
  const stderr = error.result.stderr;
  const nested = /'(.+?)\/?' does not have a commit checked out/.exec(stderr)?.[1];
  if (nested)
    return new UserError(
      `${nested} is a git repository of its own, inside the one that is verified.`,
      `Remove ${nested}/.git, or the whole folder, and verify again.`,
      'failed',
    );
  const unreadable = /open\("(.+?)"\): (.+)/.exec(stderr);
  if (unreadable)
    return new UserError(
      `${unreadable[1]} cannot be read: ${unreadable[2]}.`,
      'Make the file readable or remove it, and verify again.',
      'failed',
    );
  return error;
}

function literal(name: string): string {
  return name.replace(/^\/+|\/+$/g, '').replace(/[\\*?[\]]/g, '\\$&');
}

function split(output: string): string[] {
  return output.split('\0').filter((item) => item !== '');
}

/** The tree id of a commit or tree. Throws GitError when the object is not there. */
export async function treeOf(workspace: Workspace, revision: string): Promise<string> {
  return (await workspaceGit(workspace, ['rev-parse', '--verify', '--end-of-options', `${revision}^{tree}`])).trim();
}

/** Whether a tree that was made once is still in the object store. */
export async function treeExists(workspace: Workspace, tree: string): Promise<boolean> {
  return (await tryGit(['cat-file', '-e', `${tree}^{tree}`], workspaceOptions(workspace))).exit === 0;
}

export interface TreeEntry {
  /** `100644`, `100755`, `120000` (symlink) or `160000` (submodule). */
  mode: string;
  id: string;
  path: string;
}

/** Every file, symlink and submodule of a tree (or below `folder` of it), in git's order. */
export async function entriesOf(workspace: Workspace, tree: string, folder?: string): Promise<TreeEntry[]> {
  const output = await workspaceGit(workspace, [
    'ls-tree',
    '-r',
    '-z',
    '--full-tree',
    tree,
    ...(folder ? [`${folder}/`] : []),
  ]);
  return split(output).map((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', , id = ''] = line.slice(0, tab).split(' ');
    return { mode, id, path: line.slice(tab + 1) };
  });
}

/** The text of a blob; empty for none (an added or deleted side). Bytes that are not UTF-8 become U+FFFD. */
export async function blobText(workspace: Workspace, blob: string | null): Promise<string> {
  return blob === null ? '' : workspaceGit(workspace, ['cat-file', 'blob', blob]);
}
