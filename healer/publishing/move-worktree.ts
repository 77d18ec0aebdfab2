/** Puts the kept worktree of a fix onto a newer base, with the fix in it. Its changes are saved as a patch first. */
import { git, tryGit } from '../../context/git.ts';
import { readLaw } from '../../context/law.ts';
import { linkedFolders } from '../../gate/dependencies.ts';
import type { OpenFix } from '../fixes/open-fix.ts';
import type { Workbench } from '../workbench.ts';
import { outsideTree } from '../worktrees/outside-tree.ts';
import { writeRecord } from '../worktrees/record.ts';
import { saveDiff } from '../worktrees/saved-diff.ts';
import { isRegistered, replaceFiles } from '../worktrees/worktree.ts';

export interface Move {
  /** The tree that lies in the worktree now. */
  from: string;
  /** The tree that shall. */
  tree: string;
  /** The new base. */
  onto: string;
  signal?: AbortSignal | undefined;
}

/** The law of the new base is read first: where it is broken, nothing has changed. Throws ConfigurationError then. */
export async function moveWorktree(bench: Workbench, fix: OpenFix, { from, tree, onto, signal }: Move): Promise<void> {
  const { repository } = bench;
  const { incident, round, worktree: path } = fix;
  const law = await readLaw(repository, { commit: onto });
  const links = await linkedFolders(repository.root, law.config.worktree.link);
  const record = { incident, round, path, base_branch: fix.base.branch };
  await saveDiff(repository, { ...record, base: fix.base.commit }, outsideTree(fix.law.config.worktree), bench.now());

  await replaceFiles(repository, path, { from, tree, signal });
  // HEAD and index of the worktree are for whoever looks at it with git; nothing of ours reads them.
  if (await isRegistered(repository, path)) {
    await git(['update-ref', '--no-deref', 'HEAD', onto], { cwd: path });
    await git(['read-tree', onto], { cwd: path });
    await tryGit(['update-index', '-q', '--refresh'], { cwd: path, env: { GIT_LFS_SKIP_SMUDGE: '1' } });
  }
  await writeRecord(repository, { ...record, base: onto });
  // What the main checkout was like before the attempt stays what it is compared with.
  Object.assign(fix, { base: { commit: onto, branch: fix.base.branch }, law, links } satisfies Partial<OpenFix>);
}
