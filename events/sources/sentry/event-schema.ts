/**
 * An error as every SDK of Sentry reports it and as Sentry hands it on. Only what is read is named. SDKs of many languages
 * and years write it, so a part of the wrong shape is left out and the rest is still read: an odd tag must not hide an error.
 */
import { z } from 'zod';

/** Of longer lists the end is kept: the newest breadcrumbs and the innermost frames stand there. */
const MOST = 250;
/** Of a chain, what was thrown last and what it was thrown for. */
const MOST_CHAINED = 30;
/** No name, path, route or tag is longer; a line of minified code is. */
const MAX_WORD = 1000;
/** Far more of a message than is kept. */
const MAX_TEXT = 20_000;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
export const word = maybe(scalar.transform((value) => String(value).slice(0, MAX_WORD)));
export const text = maybe(scalar.transform((value) => String(value).slice(0, MAX_TEXT)));
export const time = maybe(z.union([z.string(), z.number()]));
const number = maybe(z.coerce.number().int().nonnegative().max(10_000_000));
const yes = maybe(z.boolean());

const frameSchema = z.object({
  abs_path: word,
  filename: word,
  module: word,
  package: word,
  function: word,
  lineno: number,
  colno: number,
  in_app: yes,
  context_line: word,
});
export type SentryFrame = z.output<typeof frameSchema>;

const stackSchema = maybe(z.object({ frames: list(frameSchema) }));

const exceptionSchema = z.object({
  type: word,
  value: text,
  module: word,
  stacktrace: stackSchema,
  mechanism: maybe(z.object({ handled: yes, is_exception_group: yes })),
});
export type SentryException = z.output<typeof exceptionSchema>;

const breadcrumbSchema = z.object({
  timestamp: time,
  category: word,
  type: word,
  level: word,
  message: word,
  data: maybe(z.record(z.string(), z.unknown())),
});
export type SentryBreadcrumb = z.output<typeof breadcrumbSchema>;

export const sentryEventSchema = z.object({
  event_id: word,
  type: word,
  level: word,
  platform: word,
  logger: word,
  transaction: word,
  server_name: word,
  release: word,
  dist: word,
  environment: word,
  timestamp: time,
  datetime: time,
  exception: list(exceptionSchema, MOST_CHAINED),
  message: maybe(z.union([z.object({ formatted: text, message: text }), text])),
  logentry: maybe(z.object({ formatted: text, message: text })),
  threads: list(z.object({ current: yes, crashed: yes, stacktrace: stackSchema })),
  stacktrace: stackSchema,
  breadcrumbs: list(breadcrumbSchema),
  user: maybe(z.object({ id: word, username: word, email: word, ip_address: word })),
  request: maybe(z.object({ method: word, url: word })),
  tags: z.unknown().optional().transform(toTags),
  fingerprint: list(z.string()),
  // What Sentry adds when it hands an event on.
  title: word,
  culprit: word,
  url: word,
  web_url: word,
  issue_url: word,
  issue_id: word,
});
export type SentryEvent = z.output<typeof sentryEventSchema>;

/** Undefined where it is missing, null, or of another shape. */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema
    .nullish()
    .catch(undefined)
    .transform((value): z.output<T> | undefined => value ?? undefined);
}

/** SDKs write lists plain, as `{values: […]}`, or their only entry alone. */
function list<T extends z.ZodType>(entry: T, most = MOST) {
  return z
    .unknown()
    .optional()
    .transform((given) => {
      const many = isRecord(given) ? (given.values ?? given.frames ?? [given]) : given;
      if (!Array.isArray(many)) return [];
      return many.slice(-most).flatMap((one): z.output<T>[] => {
        const read = entry.safeParse(one);
        return read.success ? [read.data] : [];
      });
    });
}

/** An object, or pairs. */
function toTags(given: unknown): Record<string, string> {
  const pairs: unknown[] = Array.isArray(given) ? given : isRecord(given) ? Object.entries(given) : [];
  return Object.fromEntries(
    pairs.slice(0, MOST).flatMap((pair) => {
      const [name, value] = isRecord(pair) ? [pair.key, pair.value] : Array.isArray(pair) ? pair : [];
      const said = word.parse(value);
      return typeof name === 'string' && said !== undefined ? [[name.slice(0, MAX_WORD), said]] : [];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
