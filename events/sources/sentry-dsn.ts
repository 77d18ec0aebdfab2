/** What Sentry's SDKs send to a DSN: envelopes. Of their items the errors are read; sessions, traces and replays are none. */
import { UserError } from '../errors.ts';
import { parseJson } from '../json-body.ts';
import type { Occurrence } from '../occurrence.ts';
import { type Envelope, parseEnvelope, utf8 } from './sentry/envelope.ts';
import { eventOccurrence } from './sentry/event.ts';
import { sentryEventSchema } from './sentry/event-schema.ts';
import { isError, levelSeverity } from './sentry/level.ts';

const WHAT = 'an event of a Sentry SDK';
/** SDKs send each by itself. */
const MOST_EVENTS = 20;

export function readSentryDsn(text: string): Occurrence[] {
  const { header, items } = parseEnvelope(new TextEncoder().encode(text));
  const project = header.project ?? /\/(\d+|[\w-]+)\/?$/.exec(header.dsn ?? '')?.[1];
  return items.filter(isEventItem).map(({ payload }) => {
    const event = parseJson(utf8(payload, 'an event'), sentryEventSchema, WHAT);
    const occurrence = eventOccurrence({ ...event, event_id: event.event_id ?? header.event_id });
    return {
      ...occurrence,
      // The SDK's word for a crash; what else it is worth, its number says.
      ...(levelSeverity(event.level).severity === 'critical' ? { atLeast: 'high' } : {}),
      notActionable: isError(event.level) ? undefined : `its level is ${event.level}, which is no error`,
      labels: { project, ...occurrence.labels },
    };
  });
}

/** What the reader needs of an envelope, as text; undefined when it tells of no error. The rest may be binary. */
export function sentryDsnText({ header, items }: Envelope, project: string): string | undefined {
  const events = items.filter(isEventItem);
  if (events.length === 0) return undefined;
  if (events.length > MOST_EVENTS)
    throw new UserError(
      `An envelope has ${events.length} events; ${MOST_EVENTS} is the most.`,
      'Send fewer at a time.',
    );
  const lines = events.flatMap(({ type, payload }) => [
    JSON.stringify({ type, length: payload.length }),
    utf8(payload, 'an event'),
  ]);
  return [JSON.stringify({ ...header, project }), ...lines].join('\n');
}

function isEventItem({ type }: { type: string }): boolean {
  return type === 'event';
}
