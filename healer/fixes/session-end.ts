/** What a session's server does when an agent of ours is gone, and when the person in it decides. */
import { userInfo } from 'node:os';
import { type Stop, stopReason } from '../../hooks/guard/agent-stop.ts';
import { requireIncident, skip } from '../incidents/decisions.ts';
import { approveWaiting } from '../incidents/waiting.ts';
import { approvePublish } from '../publishing/approve-publish.ts';
import { lacksPullRequest } from '../publishing/missing-pull-request.ts';
import { publishedLines } from '../publishing/published.ts';
import type { Workbench } from '../workbench.ts';
import { escalate } from './escalate.ts';

/** An agent that left its incident in work (turn limit, API error, a stop without verdict) hands it over. */
export function agentGone(bench: Workbench, incident: string): Promise<void> {
  return handOver(bench, incident, 'The agent ended without a verdict.', 'partial');
}

/** A guard stopped the agent, and it would not hand over by itself. */
export function agentStopped(bench: Workbench, incident: string, stop: Stop): Promise<void> {
  return handOver(bench, incident, stopReason(stop), stop.mode);
}

/** Does nothing where the incident is not in work any more. */
async function handOver(
  bench: Workbench,
  incident: string,
  reason: string,
  failureMode: 'partial' | Stop['mode'],
): Promise<void> {
  const record = await bench.incidents.get(incident);
  if (record?.status !== 'healing') return;
  await escalate(bench, {
    incident,
    reason,
    needs: 'Decide whether to try again or to fix it by hand.',
    failureMode,
    who: 'guard',
  });
}

/** Carries out a person's `approve` or `skip`, and answers with one line for the person. Throws what keeps it from that. */
export async function decideInSession(
  bench: Workbench,
  decision: 'approve' | 'skip',
  incident: string,
): Promise<string> {
  const who = `person:${userInfo().username}`;
  if (decision === 'skip') return `${(await skip(bench.incidents, { incident, who })).incident} is skipped.`;
  const record = await requireIncident(bench.incidents, incident);
  if (lacksPullRequest(bench, record)) return carryOutApproval(bench, incident, who);
  if (record.status !== 'awaiting_publish' && record.status !== 'verified') {
    await approveWaiting(bench, { incident, who });
    return `${incident} may be fixed: /self-healing:heal ${incident} starts it.`;
  }
  return approveHere(bench, incident, who);
}

/** Law 6: the approval counts only here, where the evidence is held. */
async function approveHere(bench: Workbench, incident: string, who: string): Promise<string> {
  if (!bench.fixes.has(incident))
    return `not_allowed: this session does not hold the evidence for ${incident}. \`self-healing approve ${incident}\` in a terminal verifies the kept tree again and publishes it.`;
  return carryOutApproval(bench, incident, who);
}

async function carryOutApproval(bench: Workbench, incident: string, who: string): Promise<string> {
  const result = await approvePublish(bench, incident, { who, verifyAgain: false });
  if (result.status !== 'proposed')
    return `${incident} is approved, but not published (${result.status}): ${result.why}. ${result.next}`;
  return `${incident} is published ${publishedLines(result).join(' ')} Report: ${result.report}`;
}
