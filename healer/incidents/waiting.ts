/** What an incident waits for that another one probably explains. */
import type { IncidentRecord } from '../../store/incidents.ts';
import { type Link, linkOf } from '../../store/links.ts';
import type { Database } from '../../store/sqlite.ts';

/** Undefined when it waits for none: it never did, or was taken up meanwhile. */
export function waitsFor(
  db: Database,
  { incident, round, status }: Pick<IncidentRecord, 'incident' | 'round' | 'status'>,
): Link | undefined {
  if (status !== 'detected') return undefined;
  const link = linkOf(db, incident, round);
  return link?.released_at === null ? link : undefined;
}
