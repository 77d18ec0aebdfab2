/** What lets a page of any origin send to a route: whoever holds the key may, and pages that report errors are strangers. */
import type { Route } from './routes.ts';

export const ANY_ORIGIN: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Retry-After, X-Sentry-Error, X-Sentry-Rate-Limits',
};

/** Answers what a browser asks before it sends. */
export function preflight(path: string): Route {
  return {
    method: 'OPTIONS',
    path,
    headers: {
      ...ANY_ORIGIN,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Content-Type, Content-Encoding, X-Sentry-Auth, Authorization, X-Requested-With',
      'access-control-max-age': '3600',
    },
    answer: async () => ({ status: 200, body: {} }),
  };
}
