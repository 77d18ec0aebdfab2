/** What an incident waits for that another one probably explains. */
import type { IncidentRecord } from '../../store/incidents.ts';
import { type Link, linkOf, takeUp } from '../../store/links.ts';
import type { Database } from '../../store/sqlite.ts';
import type { Workbench } from '../workbench.ts';
import { approveStart, type Decision, requireIncident } from './decisions.ts';

/** Undefined when it waits for none: it never did, or was taken up meanwhile. */
export function waitsFor(
  db: Database,
  { incident, round, status }: Pick<IncidentRecord, 'incident' | 'round' | 'status'>,
): Link | undefined {
  if (status !== 'detected' && status !== 'queued') return undefined;
  const link = linkOf(db, incident, round);
  return link?.released_at === null ? link : undefined;
}

/** A person's word: it is started as if no other explained it. Throws UserError where nothing can be approved. */
export async function approveWaiting(bench: Workbench, decision: Decision): Promise<IncidentRecord> {
  const record = await requireIncident(bench.incidents, decision.incident);
  if (record.status !== 'queued' || !waitsFor(bench.db, record)) return approveStart(bench.incidents, decision);
  takeUp(bench.db, { ...record, at: bench.now().toISOString(), who: decision.who });
  return record;
}
