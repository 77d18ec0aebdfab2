/**
 * From the text of a source to normalised events: redacted, mapped to the repository, fingerprinted, counted. The same
 * error seen several times in one text is one event with a count.
 *
 * An event's id is computed from what it says and the times the source gives, never from the clock: the same text fed
 * twice gives the same ids, and a store that knows an id ignores it. A text without times has one identity forever; for
 * a later recurrence to count, the log must carry times.
 */
import { createHash } from 'node:crypto';
import { UserError } from './errors.ts';
import type { ErrorEvent, Frame } from './event.ts';
import { fingerprint } from './fingerprint.ts';
import type { Occurrence } from './occurrence.ts';
import { clip, toPlainText } from './plain-text.ts';
import { redact } from './redact.ts';
import { type SeverityRules, severity } from './severity.ts';
import { readLog } from './sources/log.ts';
import { readManual } from './sources/manual.ts';
import { type RepositoryPathOptions, toRepositoryPath } from './stack/repository-path.ts';

/** Bounds in UTF-16 units; what is longer keeps its beginning and its end around a mark. */
export const MAX_MESSAGE = 2000;
export const MAX_STACK_TRACE = 16_000;
const MAX_TYPE = 200;
const MAX_LABEL = 500;
const MAX_PATH = 1000;
const MAX_FRAMES = 100;
/** Redaction sees no more of one text than this; the bounds above lie far inside it. */
const MAX_REDACTED = 100_000;

export interface NormalizeOptions extends RepositoryPathOptions, SeverityRules {
  service?: string | undefined;
  environment?: string | undefined;
  /** Time of receipt, and of occurrence where the text gives none. */
  now: Date;
  /** Default true. */
  redactIps?: boolean | undefined;
}

const READERS: Partial<Record<string, (text: string) => Occurrence[]>> = { log: readLog, manual: readManual };

/**
 * The events of a text, in the order of their first occurrence; none when it reports no error. A source other than
 * `log` and `manual` is a UserError.
 */
export function normalize(source: string, text: string, options: NormalizeOptions): ErrorEvent[] {
  const reader = READERS[source];
  if (reader === undefined || !Object.hasOwn(READERS, source)) {
    throw new UserError(
      `Source ${JSON.stringify(source)} is not supported yet.`,
      `Use one of: ${Object.keys(READERS).join(', ')}.`,
    );
  }
  const groups = new Map<string, { event: Draft; times: string[]; count: number }>();
  const drafts = new Map<string, Draft>();
  for (const occurrence of reader(toPlainText(text))) {
    // The same words are redacted, mapped and hashed once: a log may say them a hundred thousand times.
    const key = JSON.stringify({ ...occurrence, time: undefined, stack: undefined });
    const event = drafts.get(key) ?? draft(occurrence, options);
    drafts.set(key, event);
    const group = groups.get(event.fingerprint) ?? { event, times: [], count: 0 };
    groups.set(event.fingerprint, group);
    group.count++;
    if (occurrence.time !== undefined) group.times.push(occurrence.time);
  }
  return [...groups.values()].map(({ event, times, count }) =>
    finish(source as 'log' | 'manual', event, times, count, options),
  );
}

/** What an event says, before it is counted. */
type Draft = Omit<ErrorEvent, 'id' | 'source' | 'severity' | 'first_seen' | 'last_seen' | 'count' | 'received_at'>;

function draft(occurrence: Occurrence, options: NormalizeOptions): Draft {
  const clean = (value: string | undefined, max: number) =>
    value === undefined || value.trim() === ''
      ? undefined
      : clip(redact(value.slice(0, MAX_REDACTED), { ips: options.redactIps ?? true }).trimEnd(), max);
  const type = clean(occurrence.type, MAX_TYPE) ?? '';
  const message = clean(occurrence.message.trim(), MAX_MESSAGE) ?? '';
  const stack = (occurrence.stack?.frames ?? []).slice(0, MAX_FRAMES);
  // Frames of dependencies keep their path: a suffix of it could be a file of the repository by chance.
  const frames = stack.map(({ column: _, ...frame }): Frame => {
    const path = frame.in_app ? toRepositoryPath(frame.file, options) : undefined;
    return defined({
      ...frame,
      file: path ?? clean(frame.file, MAX_PATH) ?? '',
      function: clean(frame.function, MAX_TYPE),
    });
  });
  const at = stack.findIndex((frame) => frame.in_app);
  const place = at === -1 ? placeIn(message, options) : { ...frames[at], column: stack[at]?.column };
  const labels = Object.entries(occurrence.labels ?? {}).flatMap(([key, value]) => {
    const text = clean(value, MAX_LABEL);
    return text === undefined ? [] : [[key, text] as const];
  });
  return defined({
    actionable: occurrence.notActionable === undefined,
    reason: occurrence.notActionable,
    service: options.service ?? clean(occurrence.service, MAX_LABEL),
    environment: options.environment ?? clean(occurrence.environment, MAX_LABEL),
    type,
    message,
    file: place?.file,
    line: place?.line,
    column: place?.column,
    function: place?.function,
    endpoint: clean(occurrence.endpoint, MAX_LABEL),
    stackTrace: clean(occurrence.text, MAX_STACK_TRACE),
    frames,
    labels: labels.length > 0 ? Object.fromEntries(labels) : undefined,
    fingerprint: fingerprint({ type, message, frames }),
  });
}

function finish(
  source: 'log' | 'manual',
  event: Draft,
  times: string[],
  count: number,
  options: NormalizeOptions,
): ErrorEvent {
  const now = options.now.toISOString();
  const sorted = times.sort();
  const said = [
    source,
    event.service,
    event.fingerprint,
    event.message,
    event.stackTrace,
    sorted[0],
    sorted.at(-1),
    count,
  ];
  return {
    id: createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32),
    source,
    ...event,
    ...(source === 'manual' ? { trigger: 'manual' as const } : {}),
    severity: severity({ type: event.type, message: event.message, count }, options),
    first_seen: sorted[0] ?? now,
    last_seen: sorted.at(-1) ?? now,
    count,
    received_at: now,
  };
}

/** Without a stack, a `file:line` in the message counts when the file is one of the repository. */
function placeIn(message: string, options: RepositoryPathOptions) {
  if (options.known === undefined) return undefined;
  for (const [, file = '', line] of message.matchAll(/(?<![\w/.-])([\w./\\@-]{1,300}\.\w{1,5}):(\d{1,7})(?!\d)/g)) {
    const path = toRepositoryPath(file, options);
    if (path !== undefined) return { file: path, line: Number(line), column: undefined, function: undefined };
  }
  return undefined;
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}
