/**
 * The tool `escalate`, and every other way a fix is handed over: the report is written, the patch is kept, the incident
 * waits for a person, and whoever is configured is told (healer/notify/).
 */
import { UserError } from '../../events/errors.ts';
import { oneLine } from '../../events/plain-text.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import { endSessionRun } from './end-run.ts';
import { type HandOverPayload, writeHandOver } from './hand-over.ts';
import { closeFix } from './require-fix.ts';

export interface EscalateRequest {
  incident: string;
  reason: string;
  needs: string;
  /** The mode of the last attempt; none when the agent hands over by itself. */
  failureMode?: string | undefined;
  /** `agent` (default), `heal`, … */
  who?: string | undefined;
}

export interface Escalation {
  status: 'escalated';
  /** Path of the report, relative to the repository. */
  report: string;
  payload: HandOverPayload;
}

const FROM: IncidentStatus[] = ['healing', 'queued', 'awaiting_start', 'awaiting_publish'];

/** Throws UserError when the incident is not in work. */
export async function escalate(bench: Workbench, request: EscalateRequest): Promise<Escalation> {
  const { incident, failureMode } = request;
  const who = request.who ?? 'agent';
  const record = await requireIncident(bench.incidents, incident);
  if (record.status === 'verified')
    await bench.incidents.transition({ incident, to: 'awaiting_publish', from: ['verified'], who, why: 'handed over' });
  else if (!FROM.includes(record.status))
    throw new UserError(`${incident} is ${record.status}; there is nothing to hand over.`, '', 'not_allowed');

  const { reason, needs } = request;
  const payload = await writeHandOver(bench, record, { reason, needs, failureMode, who });
  const moved = await bench.incidents.transition({
    incident,
    to: 'escalated',
    from: FROM,
    who,
    why: oneLineWhy(failureMode, payload.failure_summary),
  });
  if (!moved.ok)
    throw new UserError(
      `${incident} changed its state while it was handed over.`,
      'Look at it with `self-healing show`.',
      'failed',
    );
  const fix = bench.fixes.get(incident);
  if (fix) endSessionRun(bench, fix, failureMode ?? null);
  await closeFix(bench, incident);
  return { status: 'escalated', report: payload.report, payload };
}

function oneLineWhy(failureMode: string | undefined, reason: string): string {
  const said = oneLine(reason, 300);
  return failureMode ? `${failureMode}: ${said}` : said || 'handed over';
}
