/** The open fix a call is about, or the words that say why there is none and what to do. */
import { UserError } from '../../events/errors.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';

/** Throws UserError unless this process opened the fix, still holds it, and the incident is in one of these states. */
export async function requireFix(
  bench: Workbench,
  incident: string,
  inStatus: readonly IncidentStatus[] = ['healing', 'verified'],
): Promise<OpenFix> {
  const fix = bench.fixes.get(incident);
  const record = await requireIncident(bench.incidents, incident);
  if (!fix)
    throw new UserError(
      `No fix of ${incident} is open here.`,
      `Call start_fix with ${incident} first.`,
      record.status === 'healing' ? 'stale' : 'not_allowed',
    );
  if (record.round !== fix.round || !inStatus.includes(record.status))
    throw new UserError(
      `${incident} is ${record.status} (round ${record.round}); it is not being healed any more.`,
      'Stop working on it.',
      'not_allowed',
    );
  if (fix.lease?.lost())
    throw new UserError(
      `Another process works on ${incident} now.`,
      'Stop here; what was done is kept in the worktree.',
      'not_allowed',
    );
  return fix;
}

/** Ends the fix in this process: the lease is free again, the worktree stays. */
export async function closeFix(bench: Workbench, incident: string): Promise<void> {
  const fix = bench.fixes.get(incident);
  bench.fixes.delete(incident);
  await fix?.lease?.release();
}

/** While a person or a remote is waited for, any process may take the incident up; who holds the evidence keeps it. */
export async function yieldFix(fix: OpenFix): Promise<void> {
  const { lease } = fix;
  fix.lease = undefined;
  await lease?.release();
}
