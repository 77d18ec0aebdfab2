/** Paths to what answers them. A segment that begins with a colon is a parameter; a slash at the end makes no difference. */
import type { Headers } from '../../../events/sources/reader.ts';

export interface Asked {
  headers: Headers;
  url: URL;
  params: Readonly<Record<string, string>>;
  /** Empty for GET. */
  body: Buffer;
}

export interface Reply {
  status: number;
  /** An object is sent as JSON; a string as it is, and `headers` say what it is. */
  body: object | string;
  headers?: Record<string, string>;
  /** For the log of requests, beside method, path and status. */
  log?: Readonly<Record<string, string | number | boolean>>;
}

export interface Route {
  method: 'GET' | 'POST' | 'OPTIONS';
  path: string;
  /** Added to every answer, refusals by the server included. */
  headers?: Readonly<Record<string, string>>;
  /** Bodies may come compressed; the route sees them as they were before. */
  compressed?: true;
  answer(asked: Asked): Promise<Reply>;
}

export type Match =
  | { found: 'route'; route: Route; params: Record<string, string> }
  /** The path is there, with other methods. */
  | { found: 'path'; methods: string[] }
  | { found: 'nothing' };

export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  const given = segments(path);
  const there = routes.flatMap((route) => {
    const params = paramsOf(segmentsOf(route), given);
    return params ? [{ route, params }] : [];
  });
  const match = there.find(({ route }) => route.method === method);
  if (match) return { found: 'route', ...match };
  if (there.length === 0) return { found: 'nothing' };
  return { found: 'path', methods: [...new Set(there.map(({ route }) => route.method))] };
}

function paramsOf(wanted: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, segment] of wanted.entries()) {
    const value = given[at] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}

const known = new WeakMap<Route, string[]>();

function segmentsOf(route: Route): string[] {
  const before = known.get(route);
  if (before) return before;
  const fresh = segments(route.path);
  known.set(route, fresh);
  return fresh;
}

function segments(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}
