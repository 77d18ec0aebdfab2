/**
 * One issue of Sentry is one incident, whichever webhook tells of it first. A webhook of the issue has no stack, so it has
 * another fingerprint than the events of that same issue.
 */
import { type ErrorEvent, eventSchema } from '../../../events/event.ts';
import type { Database } from '../../../store/sqlite.ts';

/** The event as one of the incident that its issue has already; as it is, when there is none. */
export function joinIssue(event: ErrorEvent, db: Database): ErrorEvent {
  const { group, fingerprint, frames } = event;
  if (event.source !== 'sentry' || group === undefined) return event;
  const known = db.get<{ fingerprint: string; event_json: string }>(
    `SELECT fingerprint, event_json FROM incidents
     WHERE json_extract(event_json, '$.source') = 'sentry' AND json_extract(event_json, '$.group') = :group
       AND (:stackless OR EXISTS (SELECT 1 FROM events WHERE events.incident = incidents.incident
         AND json_array_length(events.event_json, '$.frames') = 0))
     ORDER BY fingerprint = :fingerprint DESC, julianday(last_seen) DESC LIMIT 1`,
    { group, fingerprint, stackless: frames.length === 0 ? 1 : 0 },
  );
  if (known === undefined || known.fingerprint === fingerprint) return event;
  const joined = { ...event, fingerprint: known.fingerprint };
  if (frames.length > 0) return joined;
  // The incident shows its newest event: what that one does not know, an earlier one did.
  const earlier = eventSchema.safeParse(JSON.parse(known.event_json));
  if (!earlier.success) return joined;
  const { file, line, column, function: name, stackTrace, breadcrumbs, release, environment, endpoint } = earlier.data;
  const kept = { file, line, column, function: name, stackTrace, breadcrumbs, release, environment, endpoint };
  const there = Object.entries(kept).filter(([, value]) => value !== undefined);
  return { ...joined, ...Object.fromEntries(there), frames: earlier.data.frames };
}
