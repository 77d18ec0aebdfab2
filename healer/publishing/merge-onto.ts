/**
 * A proven tree, brought from the base it was made on to another one: a three-way merge of trees in `gate.git`, where
 * nothing of the user's (index, checkout, merge drivers, configuration) takes part.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryAdditions } from '../../context/edit/carry-additions.ts';
import { tryGit } from '../../context/git.ts';
import { CONFIG_FILE, isLawFile, LAW_FOLDER } from '../../context/law/files.ts';
import { blobText, entriesOf } from '../../gate/tree.ts';
import { type Workspace, withIndex, workspaceGit, workspaceOptions } from '../../gate/workspace.ts';

export interface MergeRequest {
  /** The commit or tree that `tree` was made from. */
  from: string;
  tree: string;
  /** The commit or tree it shall be a change of. */
  onto: string;
}

export type Merge =
  | { status: 'merged'; tree: string }
  /** Paths that both sides changed in the same place; empty where git does not tell. */
  | { status: 'conflict'; files: string[] };

/** git's exit code for an option it does not know: `merge-tree --write-tree` came with 2.38. */
const UNKNOWN_OPTION = 129;
const AUTHOR = ['-c', 'user.name=self-healing', '-c', 'user.email=self-healing@localhost'];

export async function mergeOnto(workspace: Workspace, request: MergeRequest): Promise<Merge> {
  // Commits of our own make exactly `from` the merge base, also where the branch's history was rewritten.
  const commit = async (tree: string, parents: string[]) =>
    (
      await workspaceGit(workspace, [
        ...AUTHOR,
        'commit-tree',
        `${tree}^{tree}`,
        '-m',
        'merge',
        ...parents.flatMap((parent) => ['-p', parent]),
      ])
    ).trim();
  const from = await commit(request.from, []);
  const [onto, fix] = await Promise.all([commit(request.onto, [from]), commit(request.tree, [from])]);
  const merged = await tryGit(
    ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', onto, fix],
    workspaceOptions(workspace),
  );
  const [tree = '', ...files] = merged.stdout.split('\0').filter((part) => part !== '');
  if (merged.exit === 0) return { status: 'merged', tree };
  if (merged.exit === 1) return (await withAdditions(workspace, request, tree, files)) ?? { status: 'conflict', files };
  if (merged.exit === UNKNOWN_OPTION) return mergeByIndex(workspace, request);
  throw new Error(`git merge-tree failed with exit code ${merged.exit}: ${merged.stderr.trim()}`);
}

/**
 * Where both sides only added entries to documents of the living context, those are put together: `tree` with these files
 * written anew. Undefined for any other conflict.
 */
async function withAdditions(
  workspace: Workspace,
  { from, tree: fix, onto }: MergeRequest,
  tree: string,
  files: readonly string[],
): Promise<Merge | undefined> {
  const paths = [...new Set(files)];
  if (paths.length === 0 || !paths.every((path) => isLawFile(path) && path !== CONFIG_FILE)) return undefined;
  const lines: string[] = [];
  for (const path of paths) {
    const [before, after, now] = await Promise.all([from, fix, onto].map((one) => fileOf(workspace, one, path)));
    if (after?.mode !== REGULAR || now?.mode !== REGULAR) return undefined;
    const text = carryAdditions({ from: before?.text ?? '', fix: after.text, onto: now.text });
    if (text === undefined) return undefined;
    const id = await workspaceGit(workspace, ['hash-object', '-w', '--stdin'], { input: text });
    lines.push(`${REGULAR} ${id.trim()}\t${path}`);
  }
  return withIndex(async (index) => {
    await workspaceGit(workspace, ['read-tree', tree], { index });
    await workspaceGit(workspace, ['update-index', '-z', '--index-info'], { index, input: `${lines.join('\0')}\0` });
    return { status: 'merged', tree: (await workspaceGit(workspace, ['write-tree'], { index })).trim() };
  });
}

const REGULAR = '100644';

async function fileOf(
  workspace: Workspace,
  tree: string,
  path: string,
): Promise<{ mode: string; text: string } | undefined> {
  const found = (await entriesOf(workspace, `${tree}^{tree}`, LAW_FOLDER)).find((entry) => entry.path === path);
  return found && { mode: found.mode, text: await blobText(workspace, found.id) };
}

/** The same for an older git: file by file, without following renames. */
export async function mergeByIndex(workspace: Workspace, { from, tree, onto }: MergeRequest): Promise<Merge> {
  const folder = await mkdtemp(join(tmpdir(), 'self-healing-merge-'));
  try {
    return await withIndex(async (index) => {
      const where = { folder, index };
      const trees = [from, onto, tree].map((one) => `${one}^{tree}`);
      await workspaceGit(workspace, ['read-tree', '-i', '-m', '--aggressive', ...trees], where);
      const options = workspaceOptions(workspace, where);
      const merged = await tryGit(['merge-index', '-o', '-q', 'git-merge-one-file', '-a'], options);
      const unmerged = await workspaceGit(workspace, ['diff-files', '-z', '--name-only', '--diff-filter=U'], where);
      const files = [...new Set(unmerged.split('\0').filter((path) => path !== ''))];
      if (merged.exit !== 0 || files.length > 0) return { status: 'conflict', files };
      return { status: 'merged', tree: (await workspaceGit(workspace, ['write-tree'], where)).trim() };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
