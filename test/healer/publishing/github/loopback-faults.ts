/** What goes wrong at the loopback GitHub, one request at a time. */
import { type Reply, refusal } from './loopback-reply.ts';

export interface Fault {
  /** A proxy's page with this status instead of an answer. */
  status?: number;
  /** Answered instead; without it and without a status the true answer is given. */
  reply?: Reply;
  /** The connection ends without an answer, or within it. */
  cut?: 'whole' | 'within';
  /** Whether the work was done all the same. */
  after?: 'before' | 'commit';
  /** The answer waits for this. */
  hold?: () => Promise<void>;
  /** How many requests it befalls; default 1. */
  times?: number;
}

export interface Faults {
  /** `POST /pulls`, `GET /pulls/{number}/files`, `GET /` for the repository itself, `*` for everything. */
  fail(route: string, fault: Fault | Reply): void;
  next(route: string): Fault | undefined;
}

export function faults(): Faults {
  const waiting: { route: string; fault: Fault; left: number }[] = [];
  return {
    fail(route, fault) {
      const whole: Fault = 'body' in fault ? { reply: fault } : fault;
      const reply = whole.reply ?? (whole.status === undefined ? undefined : badGateway(whole.status));
      waiting.push({ route, fault: reply === undefined ? whole : { ...whole, reply }, left: whole.times ?? 1 });
    },
    next(route) {
      const found = waiting.find((one) => one.left > 0 && (one.route === route || one.route === '*'));
      if (found !== undefined) found.left--;
      return found?.fault;
    },
  };
}

/** A proxy in front of GitHub answers with HTML. */
export function badGateway(status = 502, headers: Record<string, string> = {}): Reply {
  const body = `<html><head><title>${status} Bad Gateway</title></head><body>nginx</body></html>`;
  return { status, body, headers: { ...headers, 'content-type': 'text/html' } };
}

/** With and without `retry-after`: GitHub sends both. */
export function secondaryLimit(retryAfter?: number): Reply {
  return refusal(
    403,
    'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.',
    'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  );
}

/** Opens when so many have come: makes requests meet. */
export function meeting(count: number): () => Promise<void> {
  let come = 0;
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    come++;
    if (come >= count) open();
    return all;
  };
}
