/** Before a plan of an earlier process goes on: does the worktree hold what its rows say was done? */
import { treeExists } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import type { SubtaskRow } from '../../store/plans.ts';
import { replaceFiles } from '../worktrees/worktree.ts';
import { type Healing, step } from './healing.ts';
import { treesOf } from './judge-attempt.ts';

/**
 * `as_left`: also with what a subtask that was cut off has begun. `restored`: the worktree had been made anew, and what is
 * done stands in it again. `gone`: the base is another one, or the trees are not kept any more.
 */
export type TakenUpPlan = 'as_left' | 'restored' | 'gone';

export async function takeUpPlan(healing: Healing, rows: readonly SubtaskRow[]): Promise<TakenUpPlan> {
  const { bench, fix, stop } = healing;
  const { current, base } = await treesOf(healing);
  const begunOn = rows.find(({ before_tree }) => before_tree !== null)?.before_tree ?? base;
  if (begunOn !== base) return 'gone';
  const standing = standingTree(rows) ?? base;
  if (current !== base || standing === base) return 'as_left';
  if (!(await treeExists(await openWorkspace(bench.repository), standing))) return 'gone';
  await replaceFiles(bench.repository, fix.worktree, { from: current, tree: standing, signal: stop.signal });
  step(healing, 'The worktree had been made anew; the subtasks that are done stand in it again');
  return 'restored';
}

/** What the last of them left, or began with; undefined before the first. */
function standingTree(rows: readonly SubtaskRow[]): string | undefined {
  const last = rows.findLast(({ before_tree, state }) => before_tree !== null && state !== 'waiting');
  return (last?.state === 'done' ? last.after_tree : last?.before_tree) ?? undefined;
}
