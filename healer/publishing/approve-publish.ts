/**
 * A person's yes at the publish gate. The process that holds the evidence publishes; any other verifies the kept tree
 * again first, where it is allowed to: what was changed there since, and what is asked now for the first time, nobody has
 * seen, and they are asked again. A proposal that was pushed without a pull request gets it now.
 */
import { describeError, UserError } from '../../events/errors.ts';
import { addDecision, endDecision } from '../../store/approvals.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { latestVerification } from '../../store/verifications.ts';
import { voidLeftBehind } from '../approval/left-behind.ts';
import { askingOf } from '../approval/question.ts';
import { whoInWords } from '../approval/words.ts';
import { verdictEvidence } from '../fixes/evidence.ts';
import { closeFix, yieldFix } from '../fixes/require-fix.ts';
import { reopenFix } from '../fixes/start-fix.ts';
import { currentPass, currentTree, storedVerificationSchema } from '../fixes/verified-tree.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import { readRecord } from '../worktrees/record.ts';
import { proveOnCurrentBase } from './catch-up.ts';
import { lacksPullRequest, openMissingPullRequest } from './missing-pull-request.ts';
import { type PublishRequest, type PublishResult, publish } from './publish.ts';
import { hasMovedOn, leaveToPerson, type NotPublished, whilePaused } from './publish-states.ts';

export type ApproveResult = PublishResult;

export interface ApproveRequest extends PublishRequest {
  /** `person:<name>` */
  who: string;
  /** Verify the kept tree again when the evidence is not held here; else that is `not_allowed`. */
  verifyAgain: boolean;
  /** The tree that the person was shown, where they were: their yes is for no other. */
  tree?: string | undefined;
}

/**
 * Decided and carried out in this process. Throws UserError `not_allowed` when the incident does not wait for publishing,
 * somebody else decided already, or the evidence is elsewhere.
 */
export async function approvePublish(
  bench: Workbench,
  incident: string,
  request: ApproveRequest,
): Promise<PublishResult> {
  const record = await requireIncident(bench.incidents, incident);
  await voidLeftBehind(bench, new Set(), { ofServe: false });
  const asking = await askingOf(bench, record);
  if (asking?.gate !== 'publish') return publishApproved(bench, incident, request);
  await requireEvidence(bench, record, request);
  const { key: question, round, gate, tree = null } = asking;
  const at = () => bench.now().toISOString();
  const decision = {
    question,
    incident,
    round,
    gate,
    tree,
    answer: 'approve',
    who: request.who,
    reason: null,
  } as const;
  if (!addDecision(bench.db, { ...decision, channel: 'session', at: at() }))
    throw new UserError(
      `${incident} was decided about already${asking.decision ? ` by ${whoInWords(asking.decision.who)}` : ''}.`,
      `Look at it with \`self-healing show ${incident}\`.`,
      'not_allowed',
    );
  try {
    const result = await publishApproved(bench, incident, request);
    const done = result.status === 'proposed' || hasMovedOn(result);
    const why =
      result.status === 'proposed'
        ? `published on ${result.branch}`
        : `not published (${result.status}): ${result.why}`;
    endDecision(bench.db, decision, { outcome: done ? 'done' : 'void', why, at: at() });
    return result;
  } catch (error) {
    endDecision(bench.db, decision, { outcome: 'void', why: describeError(error).message, at: at() });
    throw error;
  }
}

/** What follows from a decision that is recorded. Throws like `approvePublish`. */
export async function publishApproved(
  bench: Workbench,
  incident: string,
  request: ApproveRequest,
): Promise<PublishResult> {
  const record = await requireIncident(bench.incidents, incident);
  // Told before anything is verified again for it.
  const paused = whilePaused(bench, incident, request.env ?? process.env);
  if (paused) return paused;
  const lacking = lacksPullRequest(bench, record);
  if (lacking) return openMissingPullRequest(bench, record, lacking, request);
  if (record.status !== 'awaiting_publish' && record.status !== 'verified')
    throw new UserError(`${incident} is ${record.status}; it does not wait for publishing.`, '', 'not_allowed');
  const held = await requireEvidence(bench, record, request);
  const failed = held ? await approveHeld(bench, incident, request) : await verifyAgain(bench, incident, request);
  return failed ?? publish(bench, incident, request);
}

/** Whether this process proved what is kept, also when it has closed the fix since. */
export async function holdsEvidence(bench: Workbench, { incident, round }: IncidentRecord): Promise<boolean> {
  if (bench.fixes.get(incident)?.round === round) return true;
  const kept = await readRecord(bench.repository, incident);
  if (kept?.round !== round) return false;
  const evidence = verdictEvidence(bench.db, bench.seal, { incident, round, base: kept.base });
  return evidence.status === 'held' && evidence.row.verdict === 'pass';
}

async function requireEvidence(bench: Workbench, record: IncidentRecord, request: ApproveRequest): Promise<boolean> {
  const held = await holdsEvidence(bench, record);
  if (held || request.verifyAgain) return held;
  const { incident } = record;
  throw new UserError(
    `The evidence for ${incident} is not held by this process.`,
    `Run \`self-healing approve ${incident}\` in a terminal: it verifies the kept tree again and publishes.`,
    'not_allowed',
  );
}

/** The tree that this process proved, and nothing else, is what the person said yes to. */
async function approveHeld(
  bench: Workbench,
  incident: string,
  request: ApproveRequest,
): Promise<NotPublished | undefined> {
  const { who, tree, signal, verifyAgain: again } = request;
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
    return undefined;
  } catch (error) {
    await yieldFix(fix);
    // Somebody worked in the kept tree since: what it is now is proven, and asked about if it is something else.
    if (again && error instanceof UserError && error.code === 'stale') return verifyAgain(bench, incident, request);
    throw error;
  }
}

async function verifyAgain(
  bench: Workbench,
  incident: string,
  { who, tree: meant, signal, timeoutMs = 60_000, onProgress }: ApproveRequest,
): Promise<NotPublished | undefined> {
  const fix = await reopenFix(bench, incident, signal);
  try {
    const tree = await currentTree(bench, fix, signal);
    const shown = latestVerification(bench.db, incident, fix.round);
    const answers = shown?.tree === tree ? storedVerificationSchema.parse(shown.result).needs_person : undefined;
    if (answers && (meant === undefined || meant === tree))
      bench.seal.sealApproval({ incident, round: fix.round, tree, who, answers });
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
