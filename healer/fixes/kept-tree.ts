/**
 * A verified fix waits in its worktree, for days maybe. When somebody tidied that away meanwhile, what was verified is put
 * back: without it, an empty worktree would look like a fix that the base has already.
 */
import { UserError } from '../../events/errors.ts';
import { treeExists, treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { verificationsOf } from '../../store/verifications.ts';
import type { Workbench } from '../workbench.ts';
import { replaceFiles } from '../worktrees/worktree.ts';
import type { OpenFix } from './open-fix.ts';
import { currentTree } from './verified-tree.ts';

/** Nothing when the worktree holds a change. Throws UserError when what was verified is in the object store no more. */
export async function restoreKeptTree(bench: Workbench, fix: OpenFix, signal?: AbortSignal): Promise<void> {
  const { incident, round, worktree } = fix;
  const passed = verificationsOf(bench.db, incident, round).findLast(({ verdict }) => verdict === 'pass');
  const workspace = await openWorkspace(bench.repository);
  const base = await treeOf(workspace, fix.base.commit);
  if (passed === undefined || (await currentTree(bench, fix, signal)) !== base) return;
  const { tree } = passed;
  if (!(await treeExists(workspace, tree)))
    throw new UserError(
      `The fix of ${incident} is gone from its worktree, and the verified tree ${tree.slice(0, 12)} is not kept any more.`,
      `\`self-healing reject ${incident} --reason TEXT\`, then retry: it is healed anew.`,
      'not_allowed',
    );
  await replaceFiles(bench.repository, worktree, { from: base, tree, signal });
}
