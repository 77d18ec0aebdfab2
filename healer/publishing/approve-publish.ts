/**
 * A person's yes at the publish gate. The process that holds the evidence publishes; any other verifies the kept tree
 * again first, where it is allowed to: what was changed there since, and what is asked now for the first time, nobody has
 * seen, and they are asked again. A proposal that was pushed without a pull request gets it now.
 */
import { UserError } from '../../events/errors.ts';
import { latestVerification } from '../../store/verifications.ts';
import { closeFix, yieldFix } from '../fixes/require-fix.ts';
import { reopenFix } from '../fixes/start-fix.ts';
import { currentPass, currentTree, storedVerificationSchema } from '../fixes/verified-tree.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import { proveOnCurrentBase } from './catch-up.ts';
import { lacksPullRequest, openMissingPullRequest } from './missing-pull-request.ts';
import { type PublishRequest, type PublishResult, publish } from './publish.ts';
import { leaveToPerson, type NotPublished } from './publish-states.ts';

export type ApproveResult = PublishResult;

export interface ApproveRequest extends PublishRequest {
  /** `person:<name>` */
  who: string;
  /** Verify the kept tree again when the evidence is not held here; else that is `not_allowed`. */
  verifyAgain: boolean;
  /** The tree that the person was shown, where they were: their yes is for no other. */
  tree?: string | undefined;
}

/** Throws UserError `not_allowed` when the incident does not wait for publishing, or the evidence is elsewhere. */
export async function approvePublish(
  bench: Workbench,
  incident: string,
  request: ApproveRequest,
): Promise<PublishResult> {
  const record = await requireIncident(bench.incidents, incident);
  const lacking = lacksPullRequest(bench, record);
  if (lacking) return openMissingPullRequest(bench, record, lacking, request);
  if (record.status !== 'awaiting_publish' && record.status !== 'verified')
    throw new UserError(`${incident} is ${record.status}; it does not wait for publishing.`, '', 'not_allowed');
  const held = bench.fixes.get(incident)?.round === record.round;
  if (!held && !request.verifyAgain)
    throw new UserError(
      `The evidence for ${incident} is not held by this process.`,
      `Run \`self-healing approve ${incident}\` in a terminal: it verifies the kept tree again and publishes.`,
      'not_allowed',
    );
  const failed = held ? await approveHeld(bench, incident, request) : await verifyAgain(bench, incident, request);
  return failed ?? publish(bench, incident, request);
}

/** The tree that this process proved, and nothing else, is what the person said yes to. */
async function approveHeld(
  bench: Workbench,
  incident: string,
  { who, tree, signal }: ApproveRequest,
): Promise<undefined> {
  const fix = await reopenFix(bench, incident, signal);
  try {
    const pass = await currentPass(bench, fix);
    if (tree !== undefined && pass.row.tree !== tree)
      throw new UserError(
        `The fix of ${incident} was changed and verified again while the person was asked.`,
        'Call propose_pr again: they have to see what it is now.',
        'stale',
      );
    bench.seal.sealApproval({ incident, round: fix.round, tree: pass.row.tree, who, answers: pass.needsPerson });
  } catch (error) {
    await yieldFix(fix);
    throw error;
  }
}

async function verifyAgain(
  bench: Workbench,
  incident: string,
  { who, signal, timeoutMs = 60_000, onProgress }: ApproveRequest,
): Promise<NotPublished | undefined> {
  const fix = await reopenFix(bench, incident, signal);
  try {
    const tree = await currentTree(bench, fix, signal);
    const shown = latestVerification(bench.db, incident, fix.round);
    const answers = shown?.tree === tree ? storedVerificationSchema.parse(shown.result).needs_person : undefined;
    if (answers) bench.seal.sealApproval({ incident, round: fix.round, tree, who, answers });
    const network = { timeoutMs, signal };
    const proof = await proveOnCurrentBase(bench, fix, { held: false, by: 'person', network, onProgress });
    if (proof.status === 'proven') return undefined;
    await leaveToPerson(bench, incident, proof);
    await closeFix(bench, incident);
    return proof;
  } catch (error) {
    await closeFix(bench, incident);
    throw error;
  }
}
