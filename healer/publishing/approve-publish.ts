/**
 * A person's yes at the publish gate. The process that holds the evidence publishes; any other verifies the kept tree
 * again first, where it is allowed to.
 */
import { UserError } from '../../events/errors.ts';
import type { Verification } from '../../gate/verification.ts';
import { closeFix, yieldFix } from '../fixes/require-fix.ts';
import { reopenFix } from '../fixes/start-fix.ts';
import { currentPass } from '../fixes/verified-tree.ts';
import { verifyFix } from '../fixes/verify-fix.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import { type PublishResult, publish } from './publish.ts';

export interface ApproveRequest {
  /** `person:<name>` */
  who: string;
  /** Verify the kept tree again when the evidence is not held here; else that is `not_allowed`. */
  verifyAgain: boolean;
  signal?: AbortSignal | undefined;
  onProgress?: ((line: string) => void) | undefined;
}

export type ApproveResult =
  | PublishResult
  /** Verified again, and it is no pass any more: the incident is queued for another attempt in the same round. */
  | { status: 'no_longer_passes'; verification: Verification };

/** Throws UserError `not_allowed` when the incident does not wait for publishing, or the evidence is elsewhere. */
export async function approvePublish(
  bench: Workbench,
  incident: string,
  request: ApproveRequest,
): Promise<ApproveResult> {
  const record = await requireIncident(bench.incidents, incident);
  if (record.status !== 'awaiting_publish' && record.status !== 'verified')
    throw new UserError(`${incident} is ${record.status}; it does not wait for publishing.`, '', 'not_allowed');
  const { who } = request;
  if (!bench.fixes.has(incident) || bench.fixes.get(incident)?.round !== record.round) {
    if (!request.verifyAgain)
      throw new UserError(
        `The evidence for ${incident} is not held by this process.`,
        `Run \`self-healing approve ${incident}\` in a terminal: it verifies the kept tree again and publishes.`,
        'not_allowed',
      );
    const failed = await verifyAgain(bench, incident, request);
    if (failed) return failed;
  }
  const fix = await reopenFix(bench, incident, request.signal);
  try {
    const pass = await currentPass(bench, fix);
    bench.seal.sealApproval({ incident, round: fix.round, tree: pass.row.tree, who });
  } catch (error) {
    await yieldFix(fix);
    throw error;
  }
  return publish(bench, incident, { who, signal: request.signal });
}

async function verifyAgain(
  bench: Workbench,
  incident: string,
  request: ApproveRequest,
): Promise<ApproveResult | undefined> {
  await reopenFix(bench, incident, request.signal);
  const { signal, onProgress } = request;
  const { verification } = await verifyFix(bench, incident, { by: 'person', signal, onProgress }).catch(
    async (error: unknown) => {
      await closeFix(bench, incident);
      throw error;
    },
  );
  if (verification.verdict === 'pass') return undefined;
  const why = `approved by ${request.who}, but verified again it is ${verification.verdict}`;
  const step = (from: 'verified' | 'awaiting_publish' | 'healing', to: 'awaiting_publish' | 'healing' | 'queued') =>
    bench.incidents.transition({ incident, to, from: [from], who: 'gate', why });
  await step('verified', 'awaiting_publish');
  await step('awaiting_publish', 'healing');
  await step('healing', 'queued');
  await closeFix(bench, incident);
  return { status: 'no_longer_passes', verification };
}
