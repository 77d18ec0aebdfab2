/**
 * What a person can decide about an incident. Each decision is one legal transition with who and why; anything else is
 * refused with the state the incident is in and what is possible there.
 */
import { UserError } from '../../events/errors.ts';
import type { IncidentRecord, IncidentStore } from '../../store/incidents.ts';
import { type IncidentStatus, nextStates } from '../../store/states.ts';

export interface Decision {
  incident: string;
  /** `person:<name>` */
  who: string;
  why?: string;
}

/** The decisions of a person, and from which states each moves an incident where. */
const DECISIONS = {
  /** `detected`: it waits for another incident that probably explains it. */
  approve: { from: ['awaiting_start', 'detected'], to: 'queued' },
  skip: { from: ['awaiting_start'], to: 'skipped' },
  retry: { from: ['escalated', 'skipped', 'dismissed', 'rejected'], to: 'queued' },
  reject: { from: ['awaiting_publish', 'proposed'], to: 'rejected' },
} as const satisfies Record<string, { from: readonly IncidentStatus[]; to: IncidentStatus }>;

/** The start gate. The publish gate needs evidence: see `publishing/approve-publish.ts`. */
export function approveStart(incidents: IncidentStore, decision: Decision): Promise<IncidentRecord> {
  return decide(incidents, 'approve', decision, 'approved the start');
}

export function skip(incidents: IncidentStore, decision: Decision): Promise<IncidentRecord> {
  return decide(incidents, 'skip', decision, 'skipped');
}

/** Takes an ended incident back for a new round. */
export function retry(incidents: IncidentStore, decision: Decision): Promise<IncidentRecord> {
  return decide(incidents, 'retry', decision, 'asked for another try');
}

/** The state only; `publishing/reject.ts` also keeps the refused diff. */
export function markRejected(incidents: IncidentStore, decision: Decision): Promise<IncidentRecord> {
  return decide(incidents, 'reject', decision, 'rejected');
}

/** From any state; whoever works on it notices and stops. */
export async function cancel(incidents: IncidentStore, decision: Decision): Promise<IncidentRecord> {
  const record = await requireIncident(incidents, decision.incident);
  const result = await incidents.transition({
    incident: decision.incident,
    to: 'cancelled',
    who: decision.who,
    why: decision.why ?? 'cancelled',
  });
  if (result.ok) return result.record;
  throw refusal('cancel', record.incident, result.reason === 'unknown_incident' ? record.status : result.status);
}

/** A dismissal by a model is provisional until a person confirms it; then a new occurrence does not re-open it. */
export async function confirmDismissal(incidents: IncidentStore, decision: Decision): Promise<IncidentRecord> {
  const record = await requireIncident(incidents, decision.incident);
  if (record.status !== 'dismissed') throw refusal('confirm the dismissal of', record.incident, record.status);
  await incidents.confirmDismissal(decision.incident, decision.who);
  return requireIncident(incidents, decision.incident);
}

/** Throws UserError (`not_found`) for an unknown id. */
export async function requireIncident(incidents: IncidentStore, incident: string): Promise<IncidentRecord> {
  const record = await incidents.get(incident);
  if (record) return record;
  throw new UserError(
    `There is no incident ${JSON.stringify(incident.slice(0, 60))}.`,
    'List them with `self-healing incidents` (tool list_incidents); an id looks like INC-1a2b3c4d5e6f7890.',
    'not_found',
  );
}

async function decide(
  incidents: IncidentStore,
  name: keyof typeof DECISIONS,
  decision: Decision,
  defaultWhy: string,
): Promise<IncidentRecord> {
  const { from, to } = DECISIONS[name];
  const record = await requireIncident(incidents, decision.incident);
  const result = await incidents.transition({
    incident: decision.incident,
    to,
    who: decision.who,
    why: decision.why ?? defaultWhy,
    from: [...from],
  });
  if (result.ok) return result.record;
  throw refusal(name, record.incident, result.reason === 'unknown_incident' ? record.status : result.status);
}

function refusal(action: string, incident: string, status: IncidentStatus): UserError {
  return new UserError(
    `You cannot ${action} ${incident}: it is ${status}.`,
    possible(status).length === 0 ? 'Nothing is to be decided there.' : `Possible now: ${possible(status).join(', ')}.`,
    'not_allowed',
  );
}

/** The commands a person may use on an incident in this state. */
export function possible(status: IncidentStatus): string[] {
  const names = Object.entries(DECISIONS)
    .filter(([, { from }]) => (from as readonly IncidentStatus[]).includes(status))
    .map(([name]) => name);
  if (status === 'awaiting_publish' || status === 'verified') names.unshift('approve');
  if (nextStates(status).includes('cancelled')) names.push('cancel');
  return names;
}
