/**
 * What Sentry's API tells a watch, and the one thing that is told to it: releases and their deploys, how many events of an
 * issue each release has, and that an issue is resolved. The token goes to no other server. Bounded in bytes and time.
 */
import { z } from 'zod';
import { oneLine } from '../../events/plain-text.ts';
import { boundedText } from '../bounded-text.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Sentry {
  url: string;
  token: string;
  /** Empty where the settings name none. */
  org: string;
  /** Slug; empty for every project of the organization. */
  project: string;
  signal: AbortSignal;
}

export type Told<T> =
  | { ok: true; value: T }
  /** `lasting`: asking again changes nothing. */
  | { ok: false; why: string; lasting: boolean; afterMs?: number };

const TIMEOUT_MS = 15_000;
const MOST = 4 * 1024 * 1024;

/** Undefined without SENTRY_AUTH_TOKEN. `SENTRY_URL` names another Sentry than sentry.io. */
export function openSentry(
  { SENTRY_AUTH_TOKEN: token, SENTRY_URL: url }: Env,
  { org, project }: { org: string; project: string },
  signal: AbortSignal,
): Sentry | undefined {
  if (!token) return undefined;
  return { url: url && URL.canParse(url) ? new URL(url).origin : 'https://sentry.io', token, org, project, signal };
}

const text = z.string().max(1_000);
const time = z.iso.datetime({ offset: true });
const releases = z.array(
  z.object({
    version: text,
    dateReleased: time.nullish(),
    firstEvent: time.nullish(),
    lastDeploy: z.object({ dateFinished: time.nullish(), environment: text.nullish() }).nullish(),
    projects: z.array(z.object({ slug: text })).nullish(),
  }),
);

export interface SentryRelease {
  version: string;
  /** ISO 8601: deployed, else first seen running, else released. */
  at: string;
  /** Of the deploy; undefined without one. */
  environment: string | undefined;
}

/** Of the newest ones those that run, or were released; oldest first. Needs an organization. */
export async function recentReleases(sentry: Sentry): Promise<Told<SentryRelease[]>> {
  const path = `organizations/${encodeURIComponent(sentry.org)}/releases/?per_page=50`;
  const told = await ask(sentry, { path, answer: releases, scope: 'project:releases or project:read' });
  if (!told.ok) return told;
  const ours = told.value.filter(
    ({ projects }) => sentry.project === '' || !projects || projects.some(({ slug }) => slug === sentry.project),
  );
  const value = ours.flatMap(({ version, lastDeploy, dateReleased, firstEvent }) => {
    const deployed = lastDeploy?.dateFinished;
    const at = deployed ?? firstEvent ?? dateReleased;
    const environment = deployed ? (lastDeploy?.environment ?? undefined) : undefined;
    return at ? [{ version, at: new Date(at).toISOString(), environment }] : [];
  });
  return { ok: true, value: value.toSorted((a, b) => (a.at < b.at ? -1 : 1)) };
}

const releaseTag = z.object({
  topValues: z.array(z.object({ value: text.nullish(), count: z.number(), lastSeen: time.nullish() })),
});

export interface ReleaseCount {
  release: string;
  count: number;
  /** ISO 8601; empty when it is not said. */
  lastSeen: string;
}

/** How many events of the issue each release has. None when the issue has no releases. */
export async function countsByRelease(sentry: Sentry, issue: string): Promise<Told<ReleaseCount[]>> {
  const path = `${issuePath(sentry, issue)}tags/release/`;
  const told = await ask(sentry, { path, answer: releaseTag, scope: 'event:read' });
  if (!told.ok) return told;
  const value = told.value.topValues.flatMap(({ value: release, count, lastSeen }) =>
    release ? [{ release, count, lastSeen: lastSeen ? new Date(lastSeen).toISOString() : '' }] : [],
  );
  return { ok: true, value };
}

const issueStatus = z.object({ status: text, lastSeen: time.nullish() });

/** When the issue was seen last (ISO 8601; empty when it is not said), whatever the release. */
export async function issueState(sentry: Sentry, issue: string): Promise<Told<{ status: string; lastSeen: string }>> {
  const told = await ask(sentry, { path: issuePath(sentry, issue), answer: issueStatus, scope: 'event:read' });
  if (!told.ok) return told;
  const { status, lastSeen } = told.value;
  return { ok: true, value: { status, lastSeen: lastSeen ? new Date(lastSeen).toISOString() : '' } };
}

/** `already`: it was resolved before, and nothing was sent. */
export async function resolveIssue(sentry: Sentry, issue: string): Promise<Told<'resolved' | 'already'>> {
  const before = await issueState(sentry, issue);
  if (!before.ok) return before;
  if (before.value.status === 'resolved') return { ok: true, value: 'already' };
  const told = await ask(sentry, {
    path: issuePath(sentry, issue),
    answer: issueStatus,
    scope: 'event:write',
    put: { status: 'resolved' },
  });
  return told.ok ? { ok: true, value: 'resolved' } : told;
}

function issuePath({ org }: Sentry, issue: string): string {
  return `${org === '' ? '' : `organizations/${encodeURIComponent(org)}/`}issues/${encodeURIComponent(issue)}/`;
}

interface Question<T> {
  path: string;
  answer: z.ZodType<T>;
  /** What the token needs for it. */
  scope: string;
  put?: object;
}

async function ask<T>(sentry: Sentry, { path, answer, scope, put }: Question<T>): Promise<Told<T>> {
  const signal = AbortSignal.any([sentry.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const passing = (why: string) => ({ ok: false as const, lasting: false, why });
  try {
    const answered = await fetch(`${sentry.url}/api/0/${path}`, {
      signal,
      redirect: 'manual',
      method: put ? 'PUT' : 'GET',
      headers: {
        authorization: `Bearer ${sentry.token}`,
        accept: 'application/json',
        ...(put && { 'content-type': 'application/json' }),
      },
      ...(put && { body: JSON.stringify(put) }),
    });
    if (answered.status !== 200) {
      await answered.body?.cancel();
      return refusal(answered, scope);
    }
    const body = await boundedText(answered, MOST);
    if (body === undefined) return passing(`Sentry answered with more than ${MOST / 1024 / 1024} MiB`);
    const parsed = answer.safeParse(JSON.parse(body));
    return parsed.success ? { ok: true, value: parsed.data } : passing('Sentry answered in a shape that is not known');
  } catch (error) {
    const late = signal.aborted && !sentry.signal.aborted;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = late
      ? `no answer within ${TIMEOUT_MS / 1000} s`
      : cause instanceof Error
        ? cause.message
        : String(cause);
    return passing(`Sentry could not be reached: ${oneLine(why, 200)}`);
  }
}

function refusal({ status, headers }: Response, scope: string): Told<never> {
  const why = `Sentry answered ${status}`;
  switch (status) {
    case 401:
      return { ok: false, lasting: true, why: `${why}: SENTRY_AUTH_TOKEN is wrong or has expired` };
    case 403:
      return { ok: false, lasting: true, why: `${why}: SENTRY_AUTH_TOKEN needs the scope ${scope}` };
    case 404:
      return { ok: false, lasting: true, why: `${why}: there is no such thing, or SENTRY_AUTH_TOKEN may not see it` };
    case 429: {
      const seconds = Number(headers.get('retry-after') ?? 'NaN');
      const afterMs = seconds > 0 ? { afterMs: Math.min(seconds, 3600) * 1000 } : {};
      return { ok: false, lasting: false, why, ...afterMs };
    }
    default:
      return { ok: false, lasting: status < 500, why };
  }
}
