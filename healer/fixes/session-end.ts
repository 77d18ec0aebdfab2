/** What a session's server does when an agent of ours is gone, and when the person in it decides. */
import { userInfo } from 'node:os';
import { describeError } from '../../events/errors.ts';
import { approveStart, requireIncident, skip } from '../incidents/decisions.ts';
import { publish } from '../publishing/publish.ts';
import type { Workbench } from '../workbench.ts';
import { escalate } from './escalate.ts';
import { currentPass } from './verified-tree.ts';

/** An agent that left its incident in work (turn limit, API error, a stop without verdict) hands it over. */
export async function agentGone(bench: Workbench, incident: string): Promise<void> {
  const record = await bench.incidents.get(incident);
  if (record?.status !== 'healing') return;
  await escalate(bench, {
    incident,
    reason: 'The agent ended without a verdict.',
    needs: 'Decide whether to try again or to fix it by hand.',
    failureMode: 'partial',
    who: 'guard',
  });
}

/** Carries out a person's `approve` or `skip`; the answer is one line for the person, whatever happened. */
export async function decideInSession(
  bench: Workbench,
  decision: 'approve' | 'skip',
  incident: string,
): Promise<string> {
  try {
    const who = `person:${userInfo().username}`;
    if (decision === 'skip') return `${(await skip(bench.incidents, { incident, who })).incident} is skipped.`;
    const record = await requireIncident(bench.incidents, incident);
    if (record.status !== 'awaiting_publish') {
      await approveStart(bench.incidents, { incident, who });
      return `${incident} may be fixed: /self-healing:heal ${incident} starts it.`;
    }
    return await approvePublishing(bench, incident, record.round, who);
  } catch (error) {
    const { message, next } = describeError(error);
    return `Not carried out: ${message} ${next}`.trim();
  }
}

/** Law 6: the approval counts only here, where the evidence is held. */
async function approvePublishing(bench: Workbench, incident: string, round: number, who: string): Promise<string> {
  const fix = bench.fixes.get(incident);
  if (!fix)
    return `not_allowed: this session does not hold the evidence for ${incident}. \`self-healing approve ${incident}\` in a terminal verifies the kept tree again and publishes it.`;
  const pass = await currentPass(bench, fix);
  bench.seal.sealApproval({ incident, round, tree: pass.row.tree, who });
  const result = await publish(bench, incident, { who });
  if (result.status === 'proposed')
    return `${incident} is published on branch ${result.branch}${result.pushed ? ', pushed' : ''}. Report: ${result.report}`;
  return `${incident} is approved, but not published yet: ${result.why}`;
}
