/**
 * The one place that turns what went wrong with GitHub into data. Every text in it is ours or redacted, one line and
 * bounded, and never holds the token.
 */
import { z } from 'zod';
import { redact } from '../../../events/redact.ts';
import { oneLine } from '../report/quote.ts';
import { type Need, permissionHint } from './permission.ts';

export type GitHubFailure =
  /** Network gone, GitHub down, no answer in time. Nothing is wrong with the request: try again later. */
  | { status: 'unreachable'; why: string; retry_after_s?: number }
  /** Primary or secondary limit; `until` is ISO 8601. */
  | { status: 'rate_limited'; why: string; until: string }
  /** The token may not do this, or does not even see the repository. `next` says which permission is missing. */
  | { status: 'not_permitted'; why: string; next: string }
  /** GitHub understood, and will not do it however often it is asked. */
  | { status: 'refused'; why: string; next: string };

/** A failure with what our own code needs to decide how to go on. */
export interface Problem {
  status: 'failed';
  failure: GitHubFailure;
  /** Undefined when no answer came. */
  http?: number;
  /** What GitHub's validation objects to. */
  findings: Finding[];
  /** GitHub's `message`, redacted. */
  message: string;
  /** No answer, or half of one, tells nothing about what GitHub did with the request. */
  mayHaveHappened: boolean;
  /** The same request may succeed in a moment. */
  passing: boolean;
}

const finding = z.object({
  resource: z.string().catch(''),
  field: z.string().catch(''),
  code: z.string().catch(''),
  message: z.string().catch(''),
});
export type Finding = z.infer<typeof finding>;

/** Some errors carry plain strings instead of objects. */
const refusal = z.object({
  message: z.string().catch(''),
  errors: z.array(z.union([finding, z.string().transform((message) => finding.parse({ message }))])).catch([]),
});

const headers = z.record(z.string(), z.coerce.string()).catch({});
const answered = z.object({ response: z.object({ status: z.number(), headers, data: z.unknown() }) });

export interface Asked {
  /** Completes "GitHub was asked to …". */
  what: string;
  needs: Need;
  /** Whether asking changes anything. */
  changes: boolean;
  token: string;
  now: Date;
  timeoutMs: number;
  /** A proxy is configured that Node does not use. */
  proxyUnused: boolean;
  /** The caller's own signal, not the timeout. */
  signal: AbortSignal | undefined;
}

/** From whatever Octokit or fetch threw. */
export function problemOf(error: unknown, asked: Asked): Problem {
  const answer = answered.safeParse(error);
  return answer.success ? fromAnswer(answer.data.response, asked) : fromSilence(error, asked);
}

/** An answer came that is not what GitHub's API answers: cut off, or somebody else's (a proxy's login page). */
export function unreadable(http: number, asked: Asked, cut: boolean): Problem {
  const why = cut
    ? `GitHub's answer was cut off when it was asked to ${asked.what}`
    : `What answered in GitHub's place when it was asked to ${asked.what} does not speak its API (HTTP ${http}); a proxy or a wrong GITHUB_API_URL may be in the way`;
  return { ...silent(why, asked), http, mayHaveHappened: asked.changes, passing: cut };
}

/** A redirect that is not followed: to another server, in a circle, or of a request that changes something. */
export function redirected(http: number, asked: Asked): Problem {
  const why = `GitHub says that the repository was renamed or moved when it was asked to ${asked.what}`;
  return { ...silent(why, asked), http, mayHaveHappened: false, passing: false };
}

export function cancelled(asked: Asked): Problem {
  return { ...silent('it was cancelled', asked), mayHaveHappened: false, passing: false };
}

function fromSilence(error: unknown, asked: Asked): Problem {
  if (asked.signal?.aborted) return { ...cancelled(asked), mayHaveHappened: asked.changes };
  const seconds = Math.max(1, Math.round(asked.timeoutMs / 1000));
  if (causes(error).some(({ name }) => name === 'TimeoutError'))
    return silent(`GitHub did not answer within ${seconds} s when it was asked to ${asked.what}`, asked);
  const code = causes(error).find((cause) => cause.code !== '')?.code ?? '';
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code);
  const hint = untrusted
    ? '; for a certificate authority of your own set NODE_EXTRA_CA_CERTS'
    : asked.proxyUnused
      ? '; HTTPS_PROXY counts with NODE_USE_ENV_PROXY=1 only, which Node 24 knows'
      : '';
  const reason = code || clean(causes(error).at(-1)?.message ?? 'no reason given', asked.token);
  const problem = silent(`GitHub could not be reached to ${asked.what}: ${reason}${hint}`, asked);
  return { ...problem, mayHaveHappened: asked.changes && !untrusted && !NEVER_SENT.has(code), passing: !untrusted };
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const thrown = z.object({ name: z.string().catch(''), code: z.string().catch(''), message: z.string().catch('') });

/** The error, its cause, the cause of that: fetch hides the reason two levels down. */
function causes(error: unknown): z.infer<typeof thrown>[] {
  const found: z.infer<typeof thrown>[] = [];
  for (let next = error; next instanceof Error && found.length < 5; next = next.cause)
    found.push(thrown.parse({ name: next.name, code: 'code' in next ? next.code : '', message: next.message }));
  return found;
}

function silent(why: string, asked: Asked): Problem {
  const failure: GitHubFailure = { status: 'unreachable', why };
  return { status: 'failed', failure, findings: [], message: '', mayHaveHappened: asked.changes, passing: false };
}

interface Answered {
  status: number;
  headers: Record<string, string>;
  data?: unknown;
}

function fromAnswer(answer: Answered, asked: Asked): Problem {
  const said = refusal.safeParse(answer.data);
  const message = clean(said.success ? said.data.message : '', asked.token);
  const findings = said.success ? said.data.errors : [];
  const http = answer.status;
  return {
    status: 'failed',
    http,
    findings,
    message,
    failure: judge(answer, { message, findings: findings.map((one) => clean(words(one), asked.token)) }, asked),
    mayHaveHappened: asked.changes && http >= 500,
    passing: http >= 500,
  };
}

function words({ resource, field, code, message }: Finding): string {
  return message || [resource, field, code].filter((word) => word !== '').join(' ');
}

function judge(
  { status, headers }: Answered,
  { message, findings }: { message: string; findings: string[] },
  asked: Asked,
): GitHubFailure {
  const limit = status === 403 || status === 429 ? rateLimit(status, headers, message, asked.now) : undefined;
  if (limit !== undefined) return limit;
  const said = [message, ...findings].filter((part) => part !== '').join(': ') || `HTTP ${status}`;
  const why = `GitHub was asked to ${asked.what} and answered "${said}"`;
  if (status >= 500 || status === 408) {
    const wait = seconds(headers['retry-after']);
    return { status: 'unreachable', why, ...(wait === undefined ? {} : { retry_after_s: wait }) };
  }
  if (status === 401 || ((status === 403 || status === 404) && !/archived/i.test(message)))
    return { status: 'not_permitted', why, next: permissionHint(status, headers, message, asked.needs) };
  return { status: 'refused', why, next: wayOut(said) };
}

/** In the order of GitHub's own advice: `retry-after`, then the reset of an empty budget, else one minute. */
function rateLimit(
  status: number,
  headers: Record<string, string>,
  message: string,
  now: Date,
): GitHubFailure | undefined {
  const wait = seconds(headers['retry-after']);
  const reset = headers['x-ratelimit-remaining'] === '0' ? seconds(headers['x-ratelimit-reset']) : undefined;
  const told = /rate limit|abuse detection/i.test(message);
  if (wait === undefined && reset === undefined && !told && status !== 429) return undefined;
  const until = wait === undefined && reset !== undefined ? reset * 1000 : now.getTime() + (wait ?? 60) * 1000;
  const why =
    reset !== undefined && wait === undefined
      ? `GitHub's hourly limit of requests for this token is used up`
      : 'GitHub asks to slow down (secondary rate limit)';
  return { status: 'rate_limited', why, until: new Date(until).toISOString() };
}

function wayOut(said: string): string {
  if (/No commits between/i.test(said)) return 'The base holds this change already; verify the fix on the new base.';
  if (/\bhead\b.*\binvalid\b/i.test(said)) return 'Push the branch first; GitHub does not know it.';
  if (/\bbase\b.*\binvalid\b/i.test(said)) return 'Set publish.base to a branch that exists on GitHub.';
  if (/archived/i.test(said)) return 'Unarchive the repository, or change the remote.';
  if (/too long/i.test(said)) return 'Shorten the text.';
  return 'Change what GitHub objects to, then publish again.';
}

/** GitHub's words and the network's: redacted, one line, bounded, and without the token whatever its shape. */
function clean(text: string, token: string): string {
  return oneLine(redact(token.length < 8 ? text : text.replaceAll(token, '[secret]'), { ips: false }), 300);
}

function seconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}
