/**
 * From the text of a source to normalised events: redacted, mapped to the repository, fingerprinted, counted. The same
 * error seen several times in one text is one event with a count.
 *
 * An event's id is computed from what it says and the times the source gives, never from the clock: the same text fed
 * twice gives the same ids, and a store that knows an id ignores it. A text without times has one identity forever; for
 * a later recurrence to count, the log must carry times.
 */
import { alertKind } from './alert-kind.ts';
import { canonicalNumbers } from './canonical-numbers.ts';
import { UserError } from './errors.ts';
import { type ErrorEvent, type Frame, SEVERITIES } from './event.ts';
import { eventId } from './event-id.ts';
import { fingerprint } from './fingerprint.ts';
import { type KnownWords, openKnownWords } from './known-words.ts';
import type { Occurrence } from './occurrence.ts';
import { clip } from './plain-text.ts';
import { type SeverityRules, severity } from './severity.ts';
import type { Headers } from './sources/reader.ts';
import { isReadable, READERS, type ReadableSource } from './sources.ts';
import type { StackFrame } from './stack/block.ts';
import type { RepositoryPathOptions } from './stack/repository-path.ts';

/** Bounds in UTF-16 units; what is longer keeps its beginning and its end around a mark. */
export const MAX_MESSAGE = 2000;
export const MAX_STACK_TRACE = 16_000;
const MAX_TYPE = 200;
const MAX_LABEL = 500;
const MAX_PATH = 1000;
const MAX_FRAMES = 100;
const MAX_WORDS = 50;
const MAX_BREADCRUMBS = 50;
const NO_FRAMES: readonly StackFrame[] = [];
/** Redaction sees no more of one text than this; the bounds above lie far inside it. */
const MAX_REDACTED = 100_000;

export interface NormalizeOptions extends RepositoryPathOptions, SeverityRules {
  service?: string | undefined;
  environment?: string | undefined;
  /** Time of receipt, and of occurrence where the text gives none. */
  now: Date;
  /** Default true. */
  redactIps?: boolean | undefined;
  /** The service that a set of labels stands for, by the config; asked before what the source says. */
  serviceOf?: ((labels: Readonly<Record<string, string>>) => string | undefined) | undefined;
  /** Where a place in what a bundler made stands in the source; undefined where no source map tells. */
  sourceOf?: ((place: { file: string; line: number; column: number }) => SourcePlace | undefined) | undefined;
  /** Of a webhook. */
  headers?: Headers | undefined;
  /** Of the same options: for who reads one text after another. */
  knownWords?: KnownWords | undefined;
  /** The id of the delivery that brings the text: an error without a name or a time is a new one in each delivery. */
  delivery?: string | undefined;
}

/**
 * The events of a text, in the order of their first occurrence; none when it reports no error. An unknown source, and a
 * text that is not what the source sends, is a UserError.
 */
export function normalize(source: string, text: string, options: NormalizeOptions): ErrorEvent[] {
  if (!isReadable(source)) {
    throw new UserError(
      `Source ${JSON.stringify(source)} is not supported yet.`,
      `Use one of: ${Object.keys(READERS).join(', ')}.`,
    );
  }
  return toEvents(source, READERS[source](text, options.headers ?? {}), options);
}

/** The events of what a source's reader, or somebody who looked further for it, found. */
export function toEvents(
  source: ReadableSource,
  occurrences: readonly Occurrence[],
  options: NormalizeOptions,
): ErrorEvent[] {
  const groups = new Map<string, Group>();
  const drafts = new Map<string, { event: Draft; name: string }>();
  const known = options.knownWords ?? openKnownWords(options);
  for (const occurrence of occurrences) {
    // The same words are redacted, mapped and hashed once: a log may say them a hundred thousand times.
    const key = occurrences.length > 1 ? sameWords(occurrence) : '';
    let drafted = drafts.get(key);
    if (drafted === undefined) {
      const event = draft(occurrence, options, known);
      // What has an id of its own stays an event of its own, so that it is known when it is told again.
      drafted = { event, name: occurrence.id ?? `${event.fingerprint} ${event.actionable}` };
      drafts.set(key, drafted);
    }
    const { event, name } = drafted;
    let group = groups.get(name);
    if (group === undefined) {
      group = { event, source: occurrence.source ?? sourceOf(source), times: [], count: 0 };
      groups.set(name, group);
    }
    group.count += occurrence.count ?? 1;
    group.id ??= occurrence.id;
    if (occurrence.firstSeen !== undefined) group.times.push(occurrence.firstSeen);
    if (occurrence.time !== undefined) group.times.push(occurrence.time);
    group.severity = worse(occurrence.severity, group.severity);
    group.atLeast = worse(occurrence.atLeast, group.atLeast);
  }
  const now = options.now.toISOString();
  return [...groups.values()].map((group) => finish(group, now, options));
}

/**
 * Equal for occurrences that have one fingerprint for certain: they differ in numbers alone, and come from the same places.
 * What has an id of its own is an event of its own, with its own words.
 */
function sameWords(occurrence: Occurrence): string {
  const own = occurrence.id !== undefined;
  let words = '';
  for (const name in occurrence) {
    const value = occurrence[name as keyof Occurrence];
    if (value === undefined || name === 'time' || name === 'stack' || (name === 'text' && !own)) continue;
    words += name + JSON.stringify(value);
  }
  if (own) return words;
  return `${canonicalNumbers(words)}\n${placesOf(occurrence.stack?.frames ?? NO_FRAMES)}`;
}

const placesKnown = new WeakMap<readonly StackFrame[], string>();

function placesOf(frames: readonly StackFrame[]): string {
  const before = placesKnown.get(frames);
  if (before !== undefined) return before;
  const inApp = frames.filter((frame) => frame.in_app).slice(0, 3);
  const places = inApp.map((frame) => `${frame.file} ${frame.function}`).join('\n');
  placesKnown.set(frames, places);
  return places;
}

/** What is counted as one event. */
interface Group {
  event: Draft;
  source: ErrorEvent['source'];
  times: string[];
  count: number;
  id?: string | undefined;
  /** The worst that a watcher gave. */
  severity?: ErrorEvent['severity'] | undefined;
  atLeast?: ErrorEvent['severity'] | undefined;
}

function sourceOf(source: ReadableSource): ErrorEvent['source'] {
  switch (source) {
    // A relay brings what others have read; an event of it that does not say where is one of a log.
    case 'relay':
      return 'log';
    case 'sentry_dsn':
      return 'sentry';
    default:
      return source;
  }
}

type Given = ErrorEvent['severity'] | undefined;

function worse<T extends Given>(one: Given, other: T): ErrorEvent['severity'] | T {
  return one !== undefined && rank(one) < rank(other) ? one : other;
}

function rank(severity: Given): number {
  return severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(severity);
}

/** What an event says, before it is counted. */
type Draft = Omit<ErrorEvent, 'id' | 'source' | 'severity' | 'first_seen' | 'last_seen' | 'count' | 'received_at'>;

function draft(occurrence: Occurrence, options: NormalizeOptions, known: KnownWords): Draft {
  const clean = (value: string | undefined, max: number) =>
    value === undefined || value.trim() === '' ? undefined : clip(known.clean(value.slice(0, MAX_REDACTED)), max);
  const words = (given: Record<string, string | undefined> | undefined) => {
    const entries = Object.entries(given ?? {})
      .slice(0, MAX_WORDS)
      .flatMap(([key, value]) => {
        const [name, text] = [clean(key, MAX_TYPE), clean(value, MAX_LABEL)];
        return name === undefined || text === undefined ? [] : [[name, text] as const];
      });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  const type = clean(occurrence.type, MAX_TYPE) ?? '';
  const message = clip(known.cleanOnce(occurrence.message.trim().slice(0, MAX_REDACTED)), MAX_MESSAGE);
  const told = occurrence.stack?.frames ?? NO_FRAMES;
  const { inSources: stack, frames } = known.stack(told, () => {
    const inSources = told.slice(0, MAX_FRAMES).map((frame) => inSource(frame, options));
    // Frames of dependencies keep their path: a suffix of it could be a file of the repository by chance.
    const frames = inSources.map(({ column: _, shortFile, generated, ...frame }): Frame => {
      const given = shortFile === undefined ? [frame.file] : [frame.file, shortFile];
      const path = frame.in_app && !generated ? firstMapped(given, known) : undefined;
      return defined({
        ...frame,
        file: path ?? clean(shortFile ?? frame.file, MAX_PATH) ?? '',
        function: clean(frame.function, MAX_TYPE),
      });
    });
    return { inSources, frames };
  });
  const at = stack.findIndex((frame) => frame.in_app && !frame.generated);
  const place =
    at === -1
      ? (givenPlace(occurrence, known) ?? placeIn(message, options, known))
      : { ...frames[at], column: stack[at]?.column };
  const labels = words(occurrence.labels);
  const kind = alertKind({ trigger: occurrence.trigger, labels });
  const breadcrumbs = occurrence.breadcrumbs?.slice(-MAX_BREADCRUMBS).flatMap((one) => clean(one, MAX_LABEL) ?? []);
  return defined({
    actionable: occurrence.notActionable === undefined,
    reason: occurrence.notActionable,
    trigger: occurrence.trigger,
    service: options.service ?? (labels && options.serviceOf?.(labels)) ?? clean(occurrence.service, MAX_LABEL),
    environment: options.environment ?? clean(occurrence.environment, MAX_LABEL),
    release: clean(occurrence.release, MAX_LABEL),
    type,
    message,
    file: place?.file,
    line: place?.line,
    column: place?.column,
    function: clean(place?.function, MAX_TYPE),
    endpoint: clean(occurrence.endpoint, MAX_LABEL),
    stackTrace: clean(occurrence.text, MAX_STACK_TRACE),
    frames,
    affected_users: occurrence.affectedUsers,
    url: clean(occurrence.url, MAX_PATH),
    group: clean(occurrence.group, MAX_LABEL),
    breadcrumbs: breadcrumbs && breadcrumbs.length > 0 ? breadcrumbs : undefined,
    labels,
    annotations: words(occurrence.annotations),
    fingerprint: fingerprint({ type, message, frames, kind }),
  });
}

function finish(
  { event, source, times, count, id, severity: given, atLeast }: Group,
  now: string,
  options: NormalizeOptions,
): ErrorEvent {
  const sorted = times.sort();
  const { service, message, stackTrace } = event;
  const unnamed = () =>
    sorted.length > 0 || options.delivery === undefined
      ? eventId(source, service, event.fingerprint, message, stackTrace, sorted[0], sorted.at(-1), count)
      : eventId(source, service, event.fingerprint, message, count, options.delivery);
  return {
    id: id ?? unnamed(),
    source,
    ...event,
    ...(source === 'manual' ? { trigger: 'manual' as const } : {}),
    severity: given ?? worse(atLeast, severity({ type: event.type, message: event.message, count }, options)),
    first_seen: sorted[0] ?? now,
    last_seen: sorted.at(-1) ?? now,
    count,
    received_at: now,
  };
}

export interface SourcePlace {
  file: string;
  line: number;
  column: number;
  function: string | undefined;
}

function inSource(frame: StackFrame, { sourceOf }: NormalizeOptions): StackFrame {
  const { generated, file, line, column } = frame;
  if (!generated || line === undefined || column === undefined) return frame;
  const source = sourceOf?.({ file, line, column });
  if (source === undefined) return frame;
  const { function: name = frame.function, ...place } = source;
  const ours = !/(?:^|\/)node_modules\/|^webpack\//.test(place.file);
  return { ...place, function: name, in_app: frame.in_app && ours };
}

function firstMapped(files: readonly string[], known: KnownWords): string | undefined {
  for (const file of files) {
    const path = known.path(file);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** Where a source says by itself that it happened; a place outside of the repository is none. */
function givenPlace({ place }: Occurrence, known: KnownWords) {
  if (place === undefined) return undefined;
  const file = known.path(place.file);
  return file === undefined ? undefined : { ...place, file };
}

/** Without a stack, a `file:line` in the message counts when the file is one of the repository. */
function placeIn(message: string, options: RepositoryPathOptions, known: KnownWords) {
  if (options.known === undefined) return undefined;
  for (const [, file = '', line] of message.matchAll(/(?<![\w/.-])([\w./\\@-]{1,300}\.\w{1,5}):(\d{1,7})(?!\d)/g)) {
    const path = known.path(file);
    if (path !== undefined) return { file: path, line: Number(line), column: undefined, function: undefined };
  }
  return undefined;
}

function defined<T extends object>(value: T): T {
  const out: Partial<T> = {};
  for (const name in value) if (value[name] !== undefined) out[name] = value[name];
  return out as T;
}
