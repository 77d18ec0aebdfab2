/**
 * What a watcher on another machine sends: normalised events, each with the id that the watcher gave it. They are
 * redacted, mapped and fingerprinted again here, where the repository is.
 */
import { z } from 'zod';
import { type ErrorEvent, eventSchema } from '../event.ts';
import { eventId } from '../event-id.ts';
import { parseJson } from '../json-body.ts';
import { parseTime } from '../log-line/time.ts';
import type { Occurrence } from '../occurrence.ts';
import { redact } from '../redact.ts';

const MOST_EVENTS = 1000;

const relaySchema = z.object({
  id: z.string().min(1).max(200),
  events: z.array(eventSchema).max(MOST_EVENTS),
});

export function readRelay(body: string): Occurrence[] {
  return parseJson(body, relaySchema, 'a delivery of the relay').events.map(toOccurrence);
}

/** The id of the delivery; undefined where the body is none. */
export function relayDelivery(body: string): string | undefined {
  try {
    return harmlessId(parseJson(body, relaySchema.pick({ id: true }), 'a delivery of the relay').id);
  } catch {
    return undefined;
  }
}

function toOccurrence(event: ErrorEvent): Occurrence {
  const { file, line, column, first_seen, last_seen, affected_users, stackTrace, actionable, reason, ...said } = event;
  return {
    ...said,
    id: harmlessId(event.id),
    notActionable: actionable ? undefined : (reason ?? 'the watcher says that no fix can start from it'),
    stack:
      event.frames.length > 0
        ? { frames: event.frames.map((frame, at) => ({ ...frame, column: at === 0 ? column : undefined })) }
        : undefined,
    text: stackTrace,
    time: parseTime(last_seen),
    firstSeen: parseTime(first_seen),
    affectedUsers: affected_users,
    place: file === undefined ? undefined : { file, line, column, function: event.function },
  };
}

/** The watcher's name for it, unless that holds what nothing may store: then a name that stands for it. */
function harmlessId(id: string): string {
  return redact(id, { ips: true }) === id ? id : eventId('relay', id);
}
