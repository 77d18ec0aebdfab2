/**
 * Another turn at a proposal that is open: people asked for changes, CI is red, or its base moved. The worktree begins with
 * what was proposed, brought onto the base as it is now, and what was found is told to the agent as data.
 */

import { treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { proposalOf } from '../../store/proposals.ts';
import { runsOf } from '../../store/runs.ts';
import { closeFix } from '../fixes/require-fix.ts';
import { currentTree } from '../fixes/verified-tree.ts';
import { pendingOn } from '../following/pending.ts';
import { readProposalCommit } from '../publishing/commit.ts';
import { mergeOnto } from '../publishing/merge-onto.ts';
import type { PreviousAttempt } from '../recovery/corrective-prompt.ts';
import { declaredCriteria } from '../recovery/declared-criteria.ts';
import { replaceFiles } from '../worktrees/worktree.ts';
import { attemptsMade } from './attempts.ts';
import { type End, publishProven } from './conclude.ts';
import { type Healing, step } from './healing.ts';
import { findingsIn, unmetIn, verifyAsParent } from './judge-attempt.ts';

export interface Rework {
  /** What the agent is told. */
  previous: PreviousAttempt;
  /** The tree that the worktree began with; undefined where the proposal does not apply to the new base. */
  tree: string | undefined;
  /** Attempts of this turn that earlier processes made. */
  made: number;
}

/** Undefined when this is no rework. An end, when the fix as it is stands on a base that moved, or is not needed there. */
export async function beginRework(healing: Healing): Promise<Rework | { end: End } | undefined> {
  const { bench, fix, stop } = healing;
  const { incident, round } = fix;
  const proposal = proposalOf(bench.db, incident, round);
  const pending = pendingOn(bench.db, incident, round);
  if (proposal === undefined || pending === undefined) return undefined;
  step(healing, `Taking up the proposal again: ${pending.why}`);
  const earlier = runsOf(bench.db, incident, round).filter(({ started_at }) => started_at < pending.since);
  const before = Math.max(0, ...earlier.filter(({ phase }) => phase === 'fix').map(({ attempt }) => attempt));
  const made = Math.max(0, attemptsMade(healing).whole - before);

  const workspace = await openWorkspace(bench.repository);
  const from = (await readProposalCommit(bench.repository, proposal.commit))?.parents[0];
  const merged =
    from === undefined ? undefined : await mergeOnto(workspace, { from, tree: proposal.tree, onto: fix.base.commit });
  const tree = merged?.status === 'merged' ? merged.tree : undefined;
  const [base, current] = [await treeOf(workspace, fix.base.commit), await currentTree(bench, fix, stop.signal)];
  // What an interrupted turn left there is gone on with.
  if (tree !== undefined && current === base)
    await replaceFiles(bench.repository, fix.worktree, { from: base, tree, signal: stop.signal });

  const conflict = merged?.status === 'conflict' ? merged.files.slice(0, 5).join(', ') || 'the same lines' : undefined;
  const why =
    conflict === undefined
      ? 'The fix was proposed, and is in the worktree as it was. It has to be changed: what reviewers and CI said is below.'
      : `The fix was proposed, and the base has changed ${conflict} since. The worktree holds the base: make the fix anew there.`;
  const told: PreviousAttempt = {
    mode: 'verification',
    why: `${why} They ask for this change only; the rules of the task hold for it as well.`,
    unmet: pending.wishes,
    actions: [],
    output: pending.text,
    triedBefore: [],
  };
  const rework: Rework = { previous: told, tree, made };
  if (!pending.onlyBase || tree === undefined || made > 0 || (current !== base && current !== tree)) return rework;
  return asItIs(healing, rework);
}

const GREEN_ALREADY = ['reproduction.green_on_base', 'reproduction.already_fixed'];

/** The same change on the new base: proven there, nobody has to work on it. */
async function asItIs(healing: Healing, rework: Rework): Promise<Rework | { end: End }> {
  const { bench, fix } = healing;
  step(healing, `Verifying the fix on ${fix.base.commit.slice(0, 12)}, where it applies as it is`);
  const criteria = declaredCriteria(bench, fix);
  const { verification, text } = await verifyAsParent(healing, { run: undefined }, { criteria });
  const { verdict } = verification;
  const { unmet, output } = unmetIn(verification, text);
  if (verdict === 'pass' && unmet.length === 0) return { end: await publishProven(healing, verdict) };
  const { incident } = fix;
  if (verification.checks.reproduction.findings.some(({ code }) => GREEN_ALREADY.includes(code))) {
    const why = `the reproduction is green on ${fix.base.commit.slice(0, 12)} without the fix; its pull request can be closed`;
    await bench.incidents.transition({
      ...{ incident, to: 'dismissed', from: ['healing'], who: 'gate' },
      why: `already_fixed: ${why}`,
    });
    await closeFix(bench, incident);
    return { end: { why: `It is dismissed: ${why}.`, verdict } };
  }
  const found = findingsIn(verification).map(({ code, message, next }) => `[${code}] ${message} Next: ${next}`);
  return {
    ...rework,
    previous: { ...rework.previous, unmet: [...unmet, ...found.slice(0, 5)], output },
  };
}
