/** What ends a `heal` right after a run of the fixing agent, before anything is judged. */
import { comeBack, type End, giveBack, interrupted, leave, takeBack } from './conclude.ts';
import type { Healing } from './healing.ts';
import type { AgentRun } from './run-agent.ts';

/** Undefined when the run is to be judged. Throws ConfigurationError when no further run can do better. */
export async function endAfterRun(healing: Healing, run: AgentRun): Promise<End | undefined> {
  if (healing.stop.reason() !== undefined) return interrupted(healing);
  if (run.unusable) return giveBack(healing, run.why, run.unusable.next);
  const ended = await endedByAgent(healing, run);
  if (ended) return ended;
  return run.mode === 'transient' && healing.options.queue ? comeBack(healing, run.why, run) : undefined;
}

/**
 * The agent's own hand-over or dismissal, which its server carried out and the stream showed; or a person's decision. Any
 * other state was written by somebody who may not: no status that the parent did not set itself counts as a success.
 */
async function endedByAgent(healing: Healing, run: AgentRun): Promise<End | undefined> {
  const { bench, fix } = healing;
  const status = (await bench.incidents.get(fix.incident))?.status;
  if (status === 'healing') return undefined;
  if (status === 'escalated' && run.carriedOut.includes('escalate'))
    return leave(healing, 'The agent handed the incident over.');
  if (status === 'dismissed' && run.carriedOut.includes('dismiss_incident'))
    return leave(healing, 'The agent dismissed the incident; a person has to confirm it.');
  if (status === 'cancelled') return leave(healing, 'The incident was cancelled.');
  return takeBack(
    healing,
    `The incident became ${status ?? 'unknown'} during the run, and no call of the run did that.`,
  );
}
