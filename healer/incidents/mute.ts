/** A person's word that an error is to be left alone. It counts from now on, and for the incident that is there already. */
import { UserError } from '../../events/errors.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { saveMute } from '../../store/mutes.ts';
import type { IncidentStatus } from '../../store/states.ts';
import type { Workbench } from '../workbench.ts';
import { mutedBecause } from './working-config.ts';

/** Before anybody works on it. Later, a person cancels it, and the mute keeps it from coming back. */
const BEFORE_WORK: IncidentStatus[] = ['settling', 'detected', 'awaiting_start', 'queued'];

export interface MuteRequest {
  fingerprint: string;
  reason: string;
  /** A date or an ISO 8601 time; empty: for ever. */
  until: string;
  who: string;
}

/** The incident of that error, if there is one, as it stands now. An `until` that is over lifts an earlier mute. Throws UserError for one that is no time. */
export async function mute(bench: Workbench, request: MuteRequest): Promise<IncidentRecord | undefined> {
  const { fingerprint, reason, until, who } = request;
  const now = bench.now();
  if (until !== '' && Number.isNaN(Date.parse(until)))
    throw new UserError(`${JSON.stringify(until)} is no date.`, 'Give one like 2026-12-24, or leave --until out.');
  saveMute(bench.db, { fingerprint, reason, until, who, at: now.toISOString() });
  const incident = `INC-${fingerprint}`;
  const record = await bench.incidents.get(incident);
  const isOver = mutedBecause([{ fingerprint, reason, until }], fingerprint, now) === undefined;
  if (!record || isOver || !BEFORE_WORK.includes(record.status)) return record;
  const why = `muted: ${reason || 'no reason given'}${until ? `, until ${until}` : ''}`;
  const moved = await bench.incidents.transition({ incident, to: 'ignored', from: BEFORE_WORK, who, why });
  return moved.ok ? moved.record : bench.incidents.get(incident);
}
