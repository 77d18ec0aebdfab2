/**
 * The connection to GitHub's REST API: Octokit with a clock and a stop. What only reads, or may be done twice, is tried
 * three times; everything else is sent once, and whoever sent it finds out what became of it before sending it again.
 */

import { setTimeout as wait } from 'node:timers/promises';
import { Octokit } from '@octokit/core';
import type { z } from 'zod';
import { growingPause } from '../../growing-pause.ts';
import { type Asked, cancelled, type Problem, problemOf, redirected, unreadable } from './failure.ts';
import type { Need } from './permission.ts';
import type { GitHubRepository } from './repository.ts';

export interface GitHubOptions {
  where: GitHubRepository;
  token: string;
  /** Ends every request and every wait. */
  signal?: AbortSignal | undefined;
  /** For one request; default 15 s (GitHub itself gives up after 10 s). */
  timeoutMs?: number;
  clock?: Clock;
  /** Only looked at to explain why GitHub cannot be reached; default the process's own. */
  env?: NodeJS.ProcessEnv;
  /** What was read before: asked for again by its ETag, and what did not change costs nothing of the hourly limit. */
  cache?: AnswerCache | undefined;
}

export type AnswerCache = Map<string, { etag: string; data: unknown; next: string | undefined }>;

export interface Clock {
  now(): Date;
  /** Resolves early when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

export interface Request<T> {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  /** Below the API's root, with `{name}` for parameters; or what `Answer.next` held. */
  path: string;
  parameters?: Record<string, string | number | boolean | string[] | undefined>;
  answer: z.ZodType<T>;
  /** Completes "GitHub was asked to …". */
  what: string;
  needs: Need;
  /** Doing it twice is the same as doing it once; always so for GET. */
  repeatable?: boolean;
  /** The answer is where a redirect leads, which may be another server: it is not followed, and gets no token. */
  location?: boolean;
}

export type Answer<T> = { status: 'ok'; data: T /** The next page. */; next?: string } | Problem;

export interface GitHub {
  readonly where: GitHubRepository;
  now(): Date;
  sleep(ms: number): Promise<void>;
  /** Never rejects for anything GitHub or the network does. */
  ask<T>(request: Request<T>): Promise<Answer<T>>;
}

const TRIES = 3;
const BACKOFF_MS = 1000;
/** A longer `retry-after` is handed to the caller instead of being waited for. */
const LONGEST_WAIT_S = 60;
const MOST_REDIRECTS = 3;
const MOST_REMEMBERED = 500;

const CLOCK: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {}),
};

export function openGitHub(options: GitHubOptions): GitHub {
  const clock = options.clock ?? CLOCK;
  const silence = () => {};
  const octokit = new Octokit({
    auth: options.token,
    baseUrl: options.where.apiUrl,
    userAgent: 'self-healing',
    log: { debug: silence, info: silence, warn: silence, error: silence },
  });
  const github: GitHub = {
    where: options.where,
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms, options.signal),
    async ask(request) {
      for (let attempt = 1; ; attempt++) {
        const answer = await askOnce(octokit, options, clock, request);
        if (answer.status === 'ok') return answer;
        const mayRepeat = request.method === 'GET' || request.repeatable === true;
        const pause = mayRepeat ? pauseBefore(answer, attempt) : undefined;
        if (pause === undefined) return answer;
        await github.sleep(pause);
      }
    },
  };
  return github;
}

/** How long to wait before the next try; undefined when there shall be none. */
function pauseBefore({ failure, passing }: Problem, attempt: number): number | undefined {
  if (!passing || attempt >= TRIES) return undefined;
  const told = failure.status === 'unreachable' ? failure.retry_after_s : undefined;
  if (told !== undefined) return told <= LONGEST_WAIT_S ? told * 1000 : undefined;
  return growingPause(attempt, { firstMs: BACKOFF_MS });
}

async function askOnce<T>(
  octokit: Octokit,
  options: GitHubOptions,
  clock: Clock,
  request: Request<T>,
): Promise<Answer<T>> {
  const timeoutMs = options.timeoutMs ?? 15_000;
  const asked: Asked = {
    what: request.what,
    needs: request.needs,
    changes: request.method !== 'GET',
    token: options.token,
    now: clock.now(),
    timeoutMs,
    proxyUnused: proxyUnused(options.env ?? process.env),
    signal: options.signal,
  };
  if (options.signal?.aborted) return cancelled(asked);
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  let path = request.path;
  let parameters = request.parameters ?? {};
  const cache = request.method === 'GET' && !request.location ? options.cache : undefined;
  const key = `${path} ${JSON.stringify(parameters)}`;
  const known = cache?.get(key);
  for (let redirects = 0; ; redirects++) {
    try {
      const answer = await octokit.request(`${request.method} ${path}`, {
        ...parameters,
        headers: {
          'x-github-api-version': '2022-11-28',
          ...(known === undefined ? {} : { 'if-none-match': known.etag }),
        },
        // fetch would turn a redirected POST into a GET; and a token goes to no other server.
        request: { signal, redirect: 'manual' },
      });
      const { status, headers } = answer;
      if (status >= 300) {
        const told = request.location ? request.answer.safeParse(headers.location) : undefined;
        if (told?.success) return { status: 'ok', data: told.data };
        const target = sameServer(headers.location, options.where.apiUrl);
        if (request.method !== 'GET' || target === undefined || redirects >= MOST_REDIRECTS)
          return redirected(status, asked);
        [path, parameters] = [target, {}];
        continue;
      }
      const data = request.answer.safeParse(answer.data);
      // Octokit hands out an empty text when the connection ends within the answer.
      if (!data.success)
        return signal.aborted ? problemOf(signal.reason, asked) : unreadable(status, asked, answer.data === '');
      const next = nextPage(headers.link, options.where.apiUrl);
      if (cache !== undefined && headers.etag !== undefined)
        remember(cache, key, { etag: headers.etag, data: answer.data, next });
      return { status: 'ok', data: data.data, ...(next === undefined ? {} : { next }) };
    } catch (error) {
      if (known !== undefined && isUnchanged(error)) {
        const data = request.answer.safeParse(known.data);
        if (data.success)
          return { status: 'ok', data: data.data, ...(known.next === undefined ? {} : { next: known.next }) };
      }
      return problemOf(error, asked);
    }
  }
}

/** Octokit throws what has no body. */
function isUnchanged(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 304;
}

function remember(cache: AnswerCache, key: string, answer: { etag: string; data: unknown; next: string | undefined }) {
  cache.delete(key);
  cache.set(key, answer);
  const [oldest] = cache.keys();
  if (cache.size > MOST_REMEMBERED && oldest !== undefined) cache.delete(oldest);
}

/** git and curl use these; fetch does only when it is told to. */
function proxyUnused({ HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY }: NodeJS.ProcessEnv): boolean {
  return Boolean(HTTPS_PROXY || https_proxy) && NODE_USE_ENV_PROXY !== '1';
}

/** The page after this one, on the server we talk to whatever name it gives itself behind a proxy. */
function nextPage(link: string | undefined, apiUrl: string): string | undefined {
  const target = /<([^<>]{1,2000})>;\s*rel="next"/.exec(link ?? '')?.[1];
  return target === undefined || !URL.canParse(target, apiUrl) ? undefined : onServer(new URL(target, apiUrl), apiUrl);
}

function sameServer(location: string | undefined, apiUrl: string): string | undefined {
  if (location === undefined || !URL.canParse(location, apiUrl)) return undefined;
  const target = new URL(location, apiUrl);
  return target.origin === new URL(apiUrl).origin ? onServer(target, apiUrl) : undefined;
}

/** Octokit would read `:name` and `{name}` in an address as parameters. */
function onServer({ pathname, search }: URL, apiUrl: string): string {
  const rest = `${pathname}${search}`.replace(/[:{}]/g, (character) => encodeURIComponent(character));
  return `${new URL(apiUrl).origin}${rest}`;
}
