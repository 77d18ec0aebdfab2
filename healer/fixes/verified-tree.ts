/** Whether what lies in the worktree right now is what this process verified, and whether it may be published. */
import { z } from 'zod';
import { UserError } from '../../events/errors.ts';
import { oneLine } from '../../events/plain-text.ts';
import { snapshot } from '../../gate/tree.ts';
import { type Verification, verificationSchema } from '../../gate/verification.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import type { VerificationRow } from '../../store/verifications.ts';
import type { Workbench } from '../workbench.ts';
import { outsideTree } from '../worktrees/outside-tree.ts';
import { effectiveConfig } from './effective-config.ts';
import { verdictEvidence } from './evidence.ts';
import type { OpenFix } from './open-fix.ts';

/** What is stored of a verification: the result, and why a person has to decide about publishing. */
export const storedVerificationSchema = verificationSchema.extend({
  needs_person: z.array(z.string()),
  /** Cases are red on the base as well. */
  draft: z.boolean(),
});
export type StoredVerification = z.infer<typeof storedVerificationSchema>;

export interface Pass {
  row: VerificationRow;
  verification: Verification;
  /** Findings that a person has to decide about: a weak reproduction, a main checkout that changed meanwhile. */
  needsPerson: string[];
}

/** The tree id of the worktree as it is on disk. */
export async function currentTree(bench: Workbench, fix: OpenFix, signal?: AbortSignal): Promise<string> {
  const workspace = await openWorkspace(bench.repository);
  const linked = outsideTree(fix.law.config.worktree);
  return snapshot({ workspace, folder: fix.worktree, base: fix.base.commit, linked, signal });
}

/** Throws UserError unless the newest verdict of this process is `pass`, about exactly the tree on disk. */
export async function currentPass(bench: Workbench, fix: OpenFix): Promise<Pass> {
  const evidence = verdictEvidence(bench.db, bench.seal, {
    incident: fix.incident,
    round: fix.round,
    base: fix.base.commit,
  });
  if (evidence.status !== 'held')
    throw new UserError(
      evidence.status === 'stale'
        ? `The verdicts for ${fix.incident} were made by another process, or before this one was restarted.`
        : `${fix.incident} has not been verified.`,
      'Call verify_fix; a verdict counts only in the process that made it.',
      evidence.status === 'stale' ? 'stale' : 'not_allowed',
    );
  const { row } = evidence;
  if (row.verdict !== 'pass')
    throw new UserError(
      `The last verdict for ${fix.incident} is ${row.verdict}, not pass.`,
      row.verdict === 'refuse' ? 'Call escalate.' : 'Correct what verify_fix found, and verify again.',
      'not_allowed',
    );
  const tree = await currentTree(bench, fix);
  if (tree !== row.tree)
    throw new UserError(
      `The worktree changed after it was verified (${row.tree.slice(0, 12)} then, ${tree.slice(0, 12)} now).`,
      'Call verify_fix again; a verdict is about one tree.',
      'stale',
    );
  const stored = storedVerificationSchema.parse(row.result);
  const unmet = (stored.criteria ?? []).filter(({ met }) => !met);
  if (unmet.length > 0)
    throw new UserError(
      `The gate passes, but not every success criterion holds: ${unmet.map(({ id, found }) => `${id} (${oneLine(found, 300)})`).join('; ')}.`,
      'Make them hold, and verify again; or hand the incident over.',
      'not_allowed',
    );
  return { row, verification: verificationSchema.parse(row.result), needsPerson: stored.needs_person };
}

/** Why a person has to say yes to publishing first, to end a sentence with; undefined when nobody has to, or somebody did. */
export function askBeforePublishing(bench: Workbench, fix: OpenFix, pass: Pass): string | undefined {
  const given = bench.seal.approvalOf(fix.incident, fix.round, pass.row.tree);
  const asked = pass.needsPerson.filter((question) => !given?.answers.includes(question));
  if (asked.length > 0) return asked.join(' ').replace(/\.$/, '');
  if (given) return undefined;
  return effectiveConfig(bench, fix).approval.publish === 'ask' ? 'approval.publish is "ask"' : undefined;
}

/** Throws UserError `not_allowed` while a person's approval is missing. */
export function mayPublish(bench: Workbench, fix: OpenFix, pass: Pass): void {
  const why = askBeforePublishing(bench, fix, pass);
  if (why === undefined) return;
  throw new UserError(
    `Publishing the fix of ${fix.incident} needs a person's approval: ${why}.`,
    `A person approves it with \`self-healing approve ${fix.incident}\`.`,
    'not_allowed',
  );
}
