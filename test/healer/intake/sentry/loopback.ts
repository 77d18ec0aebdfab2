/** Sentry's API on the loopback interface: issues and their events, as the documentation of its endpoints has them. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface LoopbackSentry {
  url: string;
  env: Record<string, string>;
  /** By path below `/api/0/`. */
  answers: Record<string, unknown>;
  requests: { path: string; headers: IncomingHttpHeaders }[];
  /** Answered once each in place of what is asked for. */
  failures: { status: number; headers?: Record<string, string> }[];
}

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

export async function loopbackSentry(): Promise<LoopbackSentry> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/api/0/', '');
    sentry.requests.push({ path, headers: request.headers });
    const failure = sentry.failures.shift();
    const found = sentry.answers[path];
    if (failure) response.writeHead(failure.status, failure.headers).end('{"detail":"no"}');
    else if (request.headers.authorization !== 'Bearer sntrys-loopback') response.writeHead(401).end('{}');
    else if (found === undefined) response.writeHead(404).end('{"detail":"The requested resource does not exist"}');
    else response.end(typeof found === 'string' ? found : JSON.stringify(found));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sentry: LoopbackSentry = {
    url,
    env: { SENTRY_URL: url, SENTRY_AUTH_TOKEN: 'sntrys-loopback' },
    answers: {
      'organizations/acme/issues/4509/': ISSUE,
      'organizations/acme/issues/4509/events/latest/': EVENT,
    },
    requests: [],
    failures: [],
  };
  return sentry;
}

export const ISSUE = {
  id: '4509',
  shortId: 'SHOP-1A',
  title: 'TypeError: no price',
  culprit: 'price(src/price)',
  permalink: 'https://acme.sentry.io/issues/4509/',
  level: 'error',
  status: 'unresolved',
  platform: 'node',
  project: { id: '7', name: 'shop', slug: 'shop', platform: 'node' },
  type: 'error',
  metadata: { type: 'TypeError', value: 'no price', filename: 'src/price.js', function: 'price' },
  count: '128',
  userCount: 17,
  firstSeen: '2026-11-19T08:00:00.000000Z',
  lastSeen: '2026-11-20T10:06:17.677000Z',
};

const frame = (file: string, lineNo: number, changes: object = {}) => ({
  filename: file,
  absPath: `/srv/shop/${file}`,
  module: null,
  package: null,
  platform: null,
  function: 'price',
  context: [
    [lineNo - 1, '  const cart = find(id);'],
    [lineNo, '  return cart.price;'],
  ],
  lineNo,
  colNo: 14,
  inApp: true,
  vars: { cart: 'undefined' },
  ...changes,
});

export const EVENT = {
  id: 'e4874d664c3540c1a32eab185f12c5ab',
  groupID: '4509',
  eventID: 'e4874d664c3540c1a32eab185f12c5ab',
  projectID: '7',
  message: '',
  title: 'TypeError: no price',
  culprit: 'price(src/price)',
  type: 'error',
  platform: 'node',
  dateCreated: '2026-11-20T10:06:17Z',
  dist: null,
  release: { version: 'shop@1.4.0', dateCreated: '2026-11-18T00:00:00Z' },
  user: { id: '7', email: 'ann.lee@shop.example', ip_address: '203.0.113.77' },
  tags: [
    { key: 'environment', value: 'production' },
    { key: 'level', value: 'error' },
    { key: 'transaction', value: 'POST /orders' },
  ],
  entries: [
    {
      type: 'exception',
      data: {
        values: [
          {
            type: 'TypeError',
            value: 'no price for ann.lee@shop.example',
            mechanism: { type: 'generic', handled: false },
            module: null,
            stacktrace: {
              frames: [
                frame('node_modules/express/lib/router.js', 9, { inApp: false, function: 'next' }),
                frame('src/price.js', 1),
              ],
            },
          },
        ],
      },
    },
    {
      type: 'request',
      data: {
        method: 'POST',
        url: 'https://shop.example/orders?token=zx81zx81',
        headers: [['Cookie', 'sid=9f8e7d6c5b4a']],
      },
    },
    {
      type: 'breadcrumbs',
      data: {
        values: [
          {
            type: 'http',
            category: 'fetch',
            level: 'info',
            timestamp: '2026-11-20T10:06:16Z',
            message: 'GET /carts/7 [404]',
            data: null,
          },
        ],
      },
    },
  ],
};
