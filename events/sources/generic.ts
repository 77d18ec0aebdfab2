/** Errors that any program sends by itself, as JSON: one, or several under `events`. Only `message` must be there. */
import { z } from 'zod';
import { eventSchema, SEVERITIES } from '../event.ts';
import { eventId } from '../event-id.ts';
import { parseJson } from '../json-body.ts';
import { parseTime } from '../log-line/time.ts';
import type { Occurrence } from '../occurrence.ts';
import { toPlainText } from '../plain-text.ts';
import { remembered } from '../remembered.ts';
import { parseStack } from '../stack/stack.ts';

const MOST_EVENTS = 100;

const text = z.string().max(1_000_000);
const TIME = 'must be ISO 8601, or seconds since 1970';
const time = z.union([z.iso.datetime({ offset: true, error: TIME }), z.number().positive()], TIME);
const number = z.int().nonnegative();

const errorSchema = z.object({
  ...eventSchema.partial().pick({ frames: true, trigger: true }).shape,
  message: text.min(1, 'must not be empty'),
  type: text.optional(),
  /** As the runtime prints it; `stackTrace` is the name in a normalised event. */
  stack: text.optional(),
  stackTrace: text.optional(),
  id: z.string().min(1).max(200).optional(),
  time: time.optional(),
  first_seen: time.optional(),
  last_seen: time.optional(),
  count: z.int().positive().max(1_000_000_000).optional(),
  severity: z.enum(SEVERITIES).optional(),
  service: text.optional(),
  environment: text.optional(),
  release: text.optional(),
  endpoint: text.optional(),
  file: text.optional(),
  line: number.optional(),
  column: number.optional(),
  function: text.optional(),
  url: text.optional(),
  group: text.optional(),
  affected_users: number.optional(),
  breadcrumbs: z.array(text).optional(),
  labels: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
type GenericError = z.output<typeof errorSchema>;

/** One alone is read as a list of one. */
const bodySchema = z.preprocess(
  (value) => (typeof value === 'object' && value !== null && 'events' in value ? value : { events: [value] }),
  z.object({ events: z.array(errorSchema).min(1).max(MOST_EVENTS) }),
);

export function readGeneric(body: string): Occurrence[] {
  return parseJson(body, bodySchema, 'an error in the generic format').events.map(toOccurrence);
}

/** The same error comes with the same stack. */
const readStack = remembered((stack) => parseStack(toPlainText(stack)), 500_000);

function toOccurrence(error: GenericError): Occurrence {
  const { stack = error.stackTrace, frames, file } = error;
  const parsed = stack === undefined ? undefined : readStack(stack);
  return {
    message: error.message,
    type: error.type ?? parsed?.type ?? '',
    // Two programs may count from 1: a name is the sender's, together with who sends it.
    id: error.id && eventId('generic', error.service, error.id),
    trigger: error.trigger,
    stack: frames ? { frames } : parsed,
    text: stack,
    time: parseTime(error.last_seen ?? error.time),
    firstSeen: parseTime(error.first_seen),
    count: error.count,
    severity: error.severity,
    service: error.service,
    environment: error.environment,
    release: error.release,
    endpoint: error.endpoint,
    url: error.url,
    group: error.group,
    affectedUsers: error.affected_users,
    breadcrumbs: error.breadcrumbs,
    labels: error.labels,
    annotations: error.annotations,
    place: file === undefined ? undefined : { file, line: error.line, column: error.column, function: error.function },
  };
}
