/**
 * Why an error matters, where no rule of Sentry says it: its first time, its first time since it was resolved, or as often as
 * the alert rule of docs/sources/sentry-alert-rule.json has it.
 */
import type { ErrorEvent } from '../../../events/event.ts';
import type { Database } from '../../../store/sqlite.ts';
import type { IncidentStatus } from '../../../store/states.ts';

const OFTEN = 10;
const WITHIN_MS = 5 * 60_000;

export function withTrigger(event: ErrorEvent, db: Database): ErrorEvent {
  const known = db.get<{ status: IncidentStatus; recent: number | null }>(
    `SELECT status, (SELECT sum(count) FROM events WHERE events.incident = incidents.incident AND received_at > :since) AS recent
     FROM incidents WHERE fingerprint = :fingerprint`,
    {
      fingerprint: event.fingerprint,
      since: new Date(Date.parse(event.received_at) - WITHIN_MS).toISOString(),
    },
  );
  if (known === undefined) return { ...event, trigger: 'new_issue' };
  if (known.status === 'resolved' || known.status === 'rolled_back') return { ...event, trigger: 'regression' };
  return (known.recent ?? 0) + event.count >= OFTEN ? { ...event, trigger: 'spike' } : event;
}
