/** Nothing is removed before its diff is saved: a worktree's changes against its base, as a patch `git apply` takes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../context/repository.ts';
import { snapshot, treeOf } from '../../gate/tree.ts';
import { openWorkspace, workspaceGit } from '../../gate/workspace.ts';

export interface DiffSource {
  incident: string;
  round: number;
  /** Absolute path of the worktree. */
  path: string;
  base: string;
}

/**
 * Writes `<home>/saved/<incident>-<round>-<time>.patch` and answers with its path; undefined when nothing differs from
 * the base. Throws when the folder cannot be read, so that the caller does not go on to remove it.
 */
export async function saveDiff(
  repository: Repository,
  source: DiffSource,
  linked: readonly string[],
  now: Date,
): Promise<string | undefined> {
  const workspace = await openWorkspace(repository);
  const tree = await snapshot({ workspace, folder: source.path, base: source.base, linked });
  const base = await treeOf(workspace, source.base);
  if (tree === base) return undefined;
  const patch = await workspaceGit(workspace, [
    'diff-tree',
    '-r',
    '-p',
    '--binary',
    '--full-index',
    '--no-renames',
    base,
    tree,
  ]);
  const folder = join(repository.home, 'saved');
  await mkdir(folder, { recursive: true });
  const time = now.toISOString().replace(/[:.]/g, '-');
  const file = join(folder, `${source.incident}-${source.round}-${time}.patch`);
  await writeFile(file, patch, { mode: 0o600 });
  return file;
}
