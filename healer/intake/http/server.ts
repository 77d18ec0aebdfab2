/**
 * The HTTP server of `serve`: bounded in bytes, time and connections, answers in JSON, logs every request, and ends by
 * finishing what it has begun. What is asked of it is the routes' business.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describeError, UserError } from '../../../events/errors.ts';
import type { Log } from '../log.ts';
import { readBody } from './body.ts';
import { decompress } from './decompress.ts';
import { refusal } from './refusal.ts';
import { matchRoute, type Reply, type Route } from './routes.ts';

const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const IDLE_MS = 5_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 256;
/** Requests whose bodies are held at the same time: the most memory that senders can take. */
const MAX_IN_FLIGHT = 32;
/** What is not answered by then is cut off when the server ends. */
const DRAIN_MS = 10_000;

export interface HttpServer {
  url: string;
  /** No new request is taken; resolves when those that were begun are answered. */
  close(): Promise<void>;
}

export interface HttpOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  routes: readonly Route[];
  log: Log;
}

/** Throws UserError when it cannot listen there. */
export async function startHttp({ host, port, routes, log }: HttpOptions): Promise<HttpServer> {
  let inFlight = 0;
  let ending = false;
  const server = createServer(
    {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      const begun = performance.now();
      const path = pathOf(request);
      inFlight++;
      void answer(request, path)
        .then(({ reply, bytes }) => {
          send(response, reply, ending);
          log(reply.status >= 500 ? 'warn' : 'info', 'request', {
            method: request.method,
            path: path.slice(0, 200),
            status: reply.status,
            ms: Math.round(performance.now() - begun),
            bytes,
            ...reply.log,
          });
        })
        .finally(() => inFlight--);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;

  async function answer(request: IncomingMessage, path: string): Promise<{ reply: Reply; bytes: number }> {
    // The body is read whatever the answer is, or the sender would see a broken connection in its place.
    const full = ending || inFlight > MAX_IN_FLIGHT;
    const match = matchRoute(routes, request.method ?? '', path);
    const body = await readBody(request);
    const bytes = body.ok ? body.bytes.length : 0;
    const added = match.found === 'route' ? match.route.headers : undefined;
    const say = (reply: Reply) => ({ reply: { ...reply, headers: { ...added, ...reply.headers } }, bytes });
    if (full)
      return say(
        refusal(
          503,
          'not_ready',
          ending ? 'self-healing is ending.' : 'Too much is being taken in.',
          'Send it again.',
          {
            'retry-after': '1',
          },
        ),
      );
    if (match.found === 'nothing') return say(refusal(404, 'not_found', 'There is nothing here.', 'See GET /healthz.'));
    if (match.found === 'path')
      return say(
        refusal(405, 'bad_input', `${request.method} is not for this path.`, `Use ${match.methods.join(' or ')}.`, {
          allow: match.methods.join(', '),
        }),
      );
    if (!body.ok)
      return say(
        body.why === 'too_large'
          ? refusal(413, 'bad_input', 'The body is larger than 1 MiB.', 'Send less at a time.', { connection: 'close' })
          : refusal(400, 'bad_input', 'The body ended too early.', 'Send it again.'),
      );
    const encoding = request.headers['content-encoding'];
    if (!match.route.compressed && encoding !== undefined && encoding !== 'identity')
      return say(refusal(415, 'bad_input', 'The body is compressed.', 'Send it as it is, without Content-Encoding.'));
    const plain = await decompress(body.bytes, encoding);
    if (!plain.ok) return say(refusedCompression(plain.why));
    try {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
      );
      return say(await match.route.answer({ headers, url: urlOf(request), params: match.params, body: plain.bytes }));
    } catch (error) {
      const { message, bug } = describeError(error);
      log('error', 'failed', { path: path.slice(0, 200), why: message });
      // What failed here (a full disk, a locked database) may pass: the sender keeps the error and tries again.
      return say(
        refusal(bug ? 500 : 503, 'failed', bug ? 'self-healing failed.' : message, 'Send it again later.', {
          'retry-after': '5',
        }),
      );
    }
  }

  await listen(server, host, port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server that listens has no port');
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        ending = true;
        const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function refusedCompression(why: 'unknown' | 'broken' | 'too_large'): Reply {
  switch (why) {
    case 'unknown':
      return refusal(415, 'bad_input', 'The body is compressed in an unknown way.', 'Use gzip, deflate or br.', {
        'accept-encoding': 'gzip, deflate, br',
      });
    case 'broken':
      return refusal(400, 'bad_input', 'The body is not what Content-Encoding says.', 'Send it again.');
    case 'too_large':
      return refusal(413, 'bad_input', 'The body is too large when it is unpacked.', 'Send less at a time.');
    default:
      return why satisfies never;
  }
}

function listen(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen({ host, port, exclusive: true }, resolve);
  });
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UserError(
        `Port ${port} on ${host} is taken by another program.`,
        'Give a free one: `self-healing serve --port N`.',
      );
    case 'EACCES':
      return new UserError(`This user may not listen on port ${port}.`, 'Give a port from 1024 on.');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(`${host} is no address of this machine.`, 'Give --host 127.0.0.1, or 0.0.0.0 for all.');
    default:
      return error;
  }
}

function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://self-healing');
  } catch {
    return new URL('http://self-healing/');
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
}

function send(response: ServerResponse, { status, body, headers }: Reply, ending: boolean): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
    ...(ending && { connection: 'close' }),
  });
  response.end(text);
}
