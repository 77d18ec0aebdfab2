/** From windows of logs to the batches that are sent: the same error of one round is one event with a count. */
import type { ErrorEvent } from '../../events/event.ts';
import { type NormalizeOptions, normalize } from '../../events/normalize.ts';
import { severity } from '../../events/severity.ts';
import type { Window } from './log-files.ts';

/** What a receiver takes in one delivery is 1 MiB and 1,000 events; a bit of both is left for what is around them. */
const MOST_EVENTS = 500;
const MOST_BYTES = 900_000;

/** Errors no fix can start from are left out: the receiver would. */
export function eventsOf(windows: readonly Window[], options: NormalizeOptions): ErrorEvent[] {
  const found = new Map<string, ErrorEvent>();
  for (const { text, source, path } of windows) {
    const { service = options.service, environment = options.environment } = source;
    for (const event of normalize('log', text, { ...options, service, environment })) {
      if (!event.actionable) continue;
      const key = `${event.service} ${event.environment} ${event.fingerprint}`;
      const before = found.get(key);
      const labels = { ...event.labels, log_file: path.slice(0, 500) };
      found.set(key, before ? merged(before, event, options) : { ...event, labels });
    }
  }
  return [...found.values()];
}

/** The first one's words stand for all. */
function merged(one: ErrorEvent, other: ErrorEvent, options: NormalizeOptions): ErrorEvent {
  const count = one.count + other.count;
  return {
    ...one,
    count,
    severity: severity({ type: one.type, message: one.message, count }, options),
    first_seen: one.first_seen < other.first_seen ? one.first_seen : other.first_seen,
    last_seen: one.last_seen > other.last_seen ? one.last_seen : other.last_seen,
  };
}

/** In order, each small enough for one delivery. */
export function batchesOf(events: readonly ErrorEvent[]): ErrorEvent[][] {
  const batches: ErrorEvent[][] = [];
  let batch: ErrorEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 100;
    if (batch.length > 0 && (batch.length >= MOST_EVENTS || bytes + size > MOST_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
