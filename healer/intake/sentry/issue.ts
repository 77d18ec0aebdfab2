/**
 * An issue that somebody links to, by Sentry's API: its latest event, or the one that the link names. Only from the Sentry that
 * this machine has a token for, and of the projects that the settings name. Bounded in bytes and time.
 */

import type { SentryLink } from '../../../events/chat/links.ts';
import { describeError, UserError } from '../../../events/errors.ts';
import type { Occurrence } from '../../../events/occurrence.ts';
import { oneLine } from '../../../events/plain-text.ts';
import { apiOccurrence, apiProject } from '../../../events/sources/sentry/api-event.ts';
import { boundedText } from '../../bounded-text.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** An event with its stack, breadcrumbs and contexts; Sentry keeps no larger ones. */
const MOST = 4 * 1024 * 1024;
const TIMEOUT_MS = 15_000;
const SENTRY = 'https://sentry.io';

export type ReadIssue =
  | { outcome: 'read'; occurrence: Occurrence }
  | { outcome: 'refused'; why: string }
  | { outcome: 'later'; why: string; afterMs?: number };

/** Whether it can be asked at all: with a token, and for the Sentry that the token is of. */
export function isOurs({ origin }: SentryLink, env: Env): boolean {
  return (
    Boolean(env.SENTRY_AUTH_TOKEN) && (origin === base(env) || (base(env) === SENTRY && /\.sentry\.io$/.test(origin)))
  );
}

export async function readIssue(
  { organization, issue, event = 'latest' }: SentryLink,
  { env, projects, stop }: { env: Env; projects: readonly string[]; stop: AbortSignal },
): Promise<ReadIssue> {
  const path = `${organization ? `organizations/${organization}/` : ''}issues/${issue}/`;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const told = await ask(path, env, signal);
    if (told.outcome !== 'told') return told;
    const project = apiProject(told.body);
    if (projects.length > 0 && !projects.includes(project ?? ''))
      return {
        outcome: 'refused',
        why: `it is of the project ${project ?? 'unknown'}, which sources.sentry.projects does not name`,
      };
    const latest = await ask(`${path}events/${event}/`, env, signal);
    if (latest.outcome !== 'told') return latest;
    return { outcome: 'read', occurrence: apiOccurrence(told.body, latest.body) };
  } catch (error) {
    if (error instanceof UserError) return { outcome: 'refused', why: oneLine(error.message, 300) };
    const why =
      signal.aborted && !stop.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : describeError(error).message;
    return { outcome: 'later', why: `Sentry could not be reached: ${oneLine(why, 200)}` };
  }
}

type Told = { outcome: 'told'; body: string } | Exclude<ReadIssue, { outcome: 'read' }>;

async function ask(path: string, env: Env, signal: AbortSignal): Promise<Told> {
  // The token goes to no other server, wherever the answer points.
  const answered = await fetch(`${base(env)}/api/0/${path}`, {
    signal,
    redirect: 'manual',
    headers: { authorization: `Bearer ${env.SENTRY_AUTH_TOKEN}`, accept: 'application/json' },
  });
  if (answered.status !== 200 || answered.body === null) {
    await answered.body?.cancel();
    return refusal(answered);
  }
  const body = await boundedText(answered, MOST);
  if (body === undefined)
    return { outcome: 'refused', why: `Sentry answered with more than ${MOST / 1024 / 1024} MiB` };
  return { outcome: 'told', body };
}

function refusal({ status, headers }: Response): Exclude<ReadIssue, { outcome: 'read' }> {
  const why = `Sentry answered ${status}`;
  switch (status) {
    case 401:
      return { outcome: 'refused', why: `${why}: SENTRY_AUTH_TOKEN is wrong or has expired` };
    case 403:
      return { outcome: 'refused', why: `${why}: SENTRY_AUTH_TOKEN needs the scope event:read` };
    case 404:
      return { outcome: 'refused', why: `${why}: there is no such issue, or SENTRY_AUTH_TOKEN may not see it` };
    case 429: {
      const seconds = Number(headers.get('retry-after') ?? 'NaN');
      return { outcome: 'later', why, ...(seconds > 0 && { afterMs: Math.min(seconds, 3600) * 1000 }) };
    }
    default:
      return { outcome: status >= 500 ? 'later' : 'refused', why };
  }
}

/** `SENTRY_URL` names another Sentry than sentry.io. */
function base({ SENTRY_URL: url }: Env): string {
  return url && URL.canParse(url) ? new URL(url).origin : SENTRY;
}
