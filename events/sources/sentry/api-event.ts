/** An issue and an event of it as Sentry's API gives them: what the webhooks say, in other words. */
import { z } from 'zod';
import { parseJson } from '../../json-body.ts';
import { parseTime } from '../../log-line/time.ts';
import type { Occurrence } from '../../occurrence.ts';
import { eventOccurrence } from './event.ts';
import { sentryEventSchema } from './event-schema.ts';
import { issueSchema } from './issue.ts';

const frameSchema = z.looseObject({
  absPath: z.unknown(),
  lineNo: z.unknown(),
  colNo: z.unknown(),
  inApp: z.unknown(),
  context: z.unknown(),
});
const stackSchema = z
  .looseObject({ frames: z.array(z.unknown()).nullish() })
  .nullish()
  .catch(undefined);
const thrownSchema = z.looseObject({ stacktrace: stackSchema });
const valuesSchema = z.object({ values: z.array(z.unknown()).catch([]) }).catch({ values: [] });
const detailsSchema = z.looseObject({
  eventID: z.unknown(),
  groupID: z.unknown(),
  dateCreated: z.unknown(),
  message: z.unknown(),
  release: z.looseObject({ version: z.unknown() }).nullish().catch(undefined),
  entries: z.array(z.looseObject({ type: z.unknown(), data: z.unknown() })).catch([]),
});
type Details = z.output<typeof detailsSchema>;

/** Throws UserError where a body is not what the API answers. */
export function apiOccurrence(issueBody: string, eventBody: string): Occurrence {
  const issue = parseJson(issueBody, issueSchema, "an issue of Sentry's API");
  const details = parseJson(eventBody, detailsSchema, "an event of Sentry's API");
  const occurrence = eventOccurrence(sentryEventSchema.parse(asReported(details)));
  const project = issue.project?.slug ?? issue.project?.name;
  return {
    ...occurrence,
    firstSeen: parseTime(issue.firstSeen),
    service: occurrence.service ?? project,
    affectedUsers: issue.userCount ?? occurrence.affectedUsers,
    url: issue.permalink ?? issue.web_url,
    group: issue.id,
    labels: { project, issue: issue.shortId, ...occurrence.labels },
  };
}

/** The slug of the project that it is of. */
export function apiProject(issueBody: string): string | undefined {
  return parseJson(issueBody, issueSchema, "an issue of Sentry's API").project?.slug;
}

/** In the words of an SDK. */
function asReported({ entries, eventID, dateCreated, release, message, ...rest }: Details): unknown {
  const dataOf = (type: string) => entries.find((entry) => entry.type === type)?.data;
  const valuesOf = (type: string) => valuesSchema.parse(dataOf(type)).values;
  return {
    ...rest,
    event_id: eventID,
    timestamp: dateCreated,
    release: release?.version,
    message: message === '' ? undefined : message,
    exception: valuesOf('exception').map(withFrames),
    threads: valuesOf('threads').map(withFrames),
    stacktrace: withFrames({ stacktrace: dataOf('stacktrace') }).stacktrace,
    breadcrumbs: valuesOf('breadcrumbs'),
    request: dataOf('request'),
    logentry: dataOf('message'),
  };
}

function withFrames(thrown: unknown): Record<string, unknown> {
  const read = thrownSchema.safeParse(thrown);
  if (!read.success) return {};
  const { stacktrace } = read.data;
  return { ...read.data, stacktrace: stacktrace && { frames: (stacktrace.frames ?? []).map(frameOf) } };
}

function frameOf(given: unknown): unknown {
  const read = frameSchema.safeParse(given);
  if (!read.success) return given;
  const { absPath, lineNo, colNo, inApp, context, ...frame } = read.data;
  return {
    ...frame,
    abs_path: absPath,
    lineno: lineNo,
    colno: colNo,
    in_app: inApp,
    context_line: lineOf(context, lineNo),
  };
}

/** Of the lines around it, each with its number, the one it is about. */
function lineOf(context: unknown, line: unknown): unknown {
  const found = Array.isArray(context) ? context.find((one) => Array.isArray(one) && one[0] === line) : undefined;
  return found?.[1];
}
