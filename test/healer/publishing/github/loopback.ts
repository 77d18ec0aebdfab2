/**
 * A GitHub on the loopback interface, for one repository: an HTTP server that answers the routes we use as the real one
 * does, with its shapes, its refusals and its limits, looks at a real bare git repository for branches and commits, and
 * fails on demand. Headers, redirects and `link` values are those of recorded traffic (octokit/fixtures: get-repository,
 * rename-repository, paginate-issues, labels, errors).
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessHeaders, type LoopbackToken, refuse, token } from './loopback-access.ts';
import { type Fault, type Faults, faults } from './loopback-faults.ts';
import type { LoopbackPull } from './loopback-pulls.ts';
import { type Reply, refusal } from './loopback-reply.ts';
import { type Call, type LoopbackState, ROUTES, type Route } from './loopback-routes.ts';

export interface LoopbackOptions {
  /** The bare repository that proposals are pushed to. */
  git: string;
  owner?: string;
  name?: string;
  /** By what stands in the authorization header. Default: `loopback-token` may do everything. */
  tokens?: Record<string, LoopbackToken>;
  /** `/api/v3` for a GitHub Enterprise Server; default none. */
  base?: string;
}

export interface LoopbackRequest {
  /** `POST /pulls`; undefined when no route was found. */
  route: string | undefined;
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface LoopbackGitHub {
  /** For `GITHUB_API_URL`. */
  apiUrl: string;
  /** For `GITHUB_SERVER_URL` when it plays a GitHub Enterprise Server. */
  serverUrl: string;
  /** The first token. */
  token: string;
  state: LoopbackState;
  pulls: LoopbackPull[];
  requests: LoopbackRequest[];
  tokens: Record<string, LoopbackToken>;
  fail: Faults['fail'];
  /** How many requests came for a route, such as `POST /pulls`. */
  count(route: string): number;
  /** A pull request of anybody's, as if it had been there. */
  addPull(changes?: Partial<LoopbackPull>): LoopbackPull;
  /** The old name is answered with redirects from now on. */
  rename(owner: string, name: string): void;
  /** Requests left in this hour, and when the next begins. */
  limit: { remaining: number; reset: Date };
  close(): Promise<void>;
}

export async function openLoopback(options: LoopbackOptions): Promise<LoopbackGitHub> {
  const base = options.base ?? '';
  const owner = options.owner ?? 'acme';
  const name = options.name ?? 'shop';
  const tokens = options.tokens ?? { 'loopback-token': token() };
  const server = createServer((request, response) => {
    void serve(loopback, faultList, base, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  const serverUrl = `http://127.0.0.1:${address.port}`;
  const webUrl = base === '' ? 'https://github.com' : serverUrl;
  const state: LoopbackState = {
    git: options.git,
    id: 1000,
    owner,
    name,
    webUrl,
    pulls: [],
    labels: ['bug', 'documentation', 'good first issue'],
    private: true,
    archived: false,
    formerNames: [],
    draftsSupported: true,
    reviews: [],
    comments: [],
    permissions: { grace: 'write', 'healer-bot': 'write' },
    checks: [],
    statuses: [],
    allowed: { merge: true, rebase: true, squash: true },
    ci: { runs: [], jobs: [], annotations: {}, logs: {} },
  };
  const faultList = faults();
  const loopback: LoopbackGitHub = {
    apiUrl: `${serverUrl}${base}`,
    serverUrl,
    token: Object.keys(tokens)[0] ?? '',
    state,
    pulls: state.pulls,
    requests: [],
    tokens,
    fail: (route, fault) => faultList.fail(route, fault),
    count: (route) => loopback.requests.filter((request) => request.route === route).length,
    addPull(changes = {}) {
      const pull = { ...blankPull(state, loopback.pulls.length + 1), ...changes };
      loopback.pulls.push(pull);
      return pull;
    },
    rename(newOwner, newName) {
      const before = `${state.owner}/${state.name}`;
      for (const pull of state.pulls) if (pull.from === before) pull.from = `${newOwner}/${newName}`;
      state.formerNames.push(before);
      Object.assign(state, { owner: newOwner, name: newName });
    },
    limit: { remaining: 5000, reset: new Date(Date.now() + 3_600_000) },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return loopback;
}

function blankPull({ owner, name }: LoopbackState, number: number): LoopbackPull {
  const at = timestamp();
  return {
    number,
    title: `Pull request ${number}`,
    body: null,
    draft: false,
    state: 'open',
    merged_at: null,
    closed_at: null,
    created_at: at,
    updated_at: at,
    author: 'grace',
    branch: `branch-${number}`,
    from: `${owner}/${name}`,
    base: 'main',
    labels: [],
    files: [],
  };
}

/** GitHub's times have no fractions of a second. */
function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

async function serve(
  loopback: LoopbackGitHub,
  faultList: Faults,
  base: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks).toString('utf8');
  const url = new URL(request.url ?? '/', loopback.apiUrl);
  const method = request.method ?? 'GET';
  const path = url.pathname.slice(base.length);
  const target = targetOf(loopback.state, path);
  const found = target === undefined ? undefined : routeOf(method, target.rest);
  loopback.requests.push({ route: found?.route.name, method, url: url.href, headers: request.headers, body });

  const fault: Fault = (found && faultList.next(found.route.name)) ?? {};
  await fault.hold?.();
  const works =
    (fault.reply === undefined && fault.cut === undefined) || fault.after === 'commit' || fault.cut === 'within';
  const done = works ? answer(loopback, request, url, targetOf(loopback.state, path), found, body) : undefined;
  if (fault.cut === 'whole') return void request.socket.destroy();
  const reply = fault.reply ?? done ?? refusal(500, 'Server Error');
  const conditional = method === 'GET' && reply.status === 200 ? tagged(request, reply) : reply;
  // An answer that did not change costs nothing.
  if (conditional.status === 304) loopback.limit.remaining++;
  send(loopback, response, conditional, {
    within: fault.cut === 'within',
    extra: accessHeaders(holderOf(loopback, request), found?.route.needs ?? []),
  });
}

/** With GitHub's ETag; without a body where the client has that very answer. */
function tagged(request: IncomingMessage, reply: Reply): Reply {
  const etag = `W/"${createHash('sha256').update(JSON.stringify(reply.body)).digest('hex')}"`;
  const headers = { ...reply.headers, etag };
  return request.headers['if-none-match'] === etag ? { status: 304, body: '', headers } : { ...reply, headers };
}

interface Found {
  route: Route;
  part: string;
  parts: string[];
}

type Target = { rest: string; moved: boolean } | undefined;

/** By its number, by its name, or by a name it once had. */
function targetOf({ id, owner, name, formerNames }: LoopbackState, path: string): Target {
  const byId = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  if (byId) return Number(byId[1]) === id ? { rest: byId[2] ?? '', moved: false } : undefined;
  const byName = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path);
  if (!byName) return undefined;
  const asked = `${byName[1]}/${byName[2]}`.toLowerCase();
  const moved = formerNames.some((former) => former.toLowerCase() === asked);
  return moved || asked === `${owner}/${name}`.toLowerCase() ? { rest: byName[3] ?? '', moved } : undefined;
}

function routeOf(method: string, rest: string): Found | undefined {
  for (const route of ROUTES) {
    const match = route.name.startsWith(`${method} `) ? route.pattern.exec(rest) : null;
    if (match) return { route, part: match[1] ?? '', parts: match.slice(1) };
  }
  return undefined;
}

function holderOf({ tokens }: LoopbackGitHub, request: IncomingMessage): LoopbackToken | undefined {
  const said = /^(?:token|bearer) (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return said === undefined ? undefined : tokens[said];
}

function answer(
  loopback: LoopbackGitHub,
  request: IncomingMessage,
  url: URL,
  target: Target,
  found: Found | undefined,
  body: string,
): Reply {
  const { state, limit } = loopback;
  if (!request.headers['user-agent']) return refusal(403, 'Request forbidden by administrative rules.');
  const holder = holderOf(loopback, request);
  if (holder === undefined && request.headers.authorization !== undefined) return refusal(401, 'Bad credentials');
  if (limit.remaining <= 0) return refusal(403, 'API rate limit exceeded for user ID 1000.');
  limit.remaining--;
  if (holder === undefined || target === undefined || found === undefined) return refusal(404, 'Not Found');
  const refused = refuse(holder, found.route.needs, state.private);
  if (refused !== undefined) return refused;
  const canonical = `${loopback.apiUrl}/repositories/${state.id}${target.rest}`;
  if (target.moved) return redirect(request.method === 'GET' ? 301 : 307, `${canonical}${url.search}`);
  if (state.archived && request.method !== 'GET') return refusal(403, 'Repository was archived so is read-only.');
  const input: unknown = body === '' ? {} : JSON.parse(body);
  const call: Call = {
    state,
    holder,
    path: canonical,
    query: url.searchParams,
    input: typeof input === 'object' && input !== null ? { ...input } : {},
    part: found.part,
    parts: found.parts,
    now: timestamp(),
  };
  return found.route.run(call);
}

function redirect(status: number, location: string): Reply {
  const documentation_url =
    'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects';
  return { status, headers: { location }, body: { message: 'Moved Permanently', url: location, documentation_url } };
}

function send(
  { limit }: LoopbackGitHub,
  response: ServerResponse,
  reply: Reply,
  { within, extra }: { within: boolean; extra: Record<string, string> },
): void {
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': '0000:00000:0000000:0000000:00000000',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(Math.max(0, limit.remaining)),
    'x-ratelimit-reset': String(Math.floor(limit.reset.getTime() / 1000)),
    'x-ratelimit-resource': 'core',
    ...extra,
    ...reply.headers,
  });
  if (!within) return void response.end(text);
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.socket?.destroy());
}
