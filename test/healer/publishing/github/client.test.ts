import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { canonical } from '../../../../healer/publishing/github/canonical.ts';
import { ensurePullRequest } from '../../../../healer/publishing/github/pull-request.ts';
import { acmeShop, BRANCH, INCIDENT, TRAILER } from './acme-shop.ts';
import { badGateway, type Fault } from './loopback-faults.ts';

test('says who it is, which API it speaks, and reads with its token', async () => {
  const { server, open } = await acmeShop();
  expect(await canonical(open())).toEqual({
    status: 'ok',
    data: { owner: 'acme', repo: 'shop', archived: false },
  });
  expect(server.requests[0]?.headers).toMatchObject({
    'user-agent': expect.stringMatching(/^self-healing /),
    'x-github-api-version': '2022-11-28',
    authorization: 'token loopback-token',
  });
});

test('reading is tried three times, with growing pauses, or with the one GitHub names', async () => {
  const { server, open, waits } = await acmeShop();
  server.fail('GET /', { cut: 'whole' });
  server.fail('GET /', { status: 502 });
  expect(await canonical(open())).toMatchObject({ status: 'ok' });
  server.fail('GET /', badGateway(503, { 'retry-after': '7' }));
  server.fail('GET /', { cut: 'within' });
  expect(await canonical(open())).toMatchObject({ status: 'ok' });
  expect(waits.splice(0)).toEqual([1000, 2000, 7000, 2000]);

  server.fail('GET /', { status: 504, times: 3 });
  expect(await canonical(open())).toMatchObject({ failure: { status: 'unreachable' }, http: 504 });
  expect(waits.splice(0)).toEqual([1000, 2000]);
  server.fail('GET /', badGateway(503, { 'retry-after': '61' }));
  expect(await canonical(open())).toMatchObject({ failure: { status: 'unreachable', retry_after_s: 61 } });
  expect(waits).toEqual([]);
});

const CREATE = {
  method: 'POST',
  path: '/repos/acme/shop/labels',
  parameters: { name: 'x', color: 'ededed' },
  answer: z.object({ name: z.string() }),
  what: 'make a label',
  needs: 'issues: write',
} as const;

test('creating is sent once, and it is known whether it can have happened', async () => {
  const { server, open, waits } = await acmeShop();
  for (const fault of [{ status: 502 }, { cut: 'whole' }, { cut: 'within' }] satisfies Fault[]) {
    server.fail('POST /labels', fault);
    expect(await open().ask(CREATE)).toMatchObject({ status: 'failed', mayHaveHappened: true });
  }
  expect([server.count('POST /labels'), waits]).toEqual([3, []]);

  server.fail('POST /labels', { status: 422, body: {} });
  expect(await open().ask(CREATE)).toMatchObject({ status: 'failed', mayHaveHappened: false });
  const github = open();
  await server.close();
  await canonical(github); // uses up the connections kept open, whose end says nothing
  expect(await github.ask(CREATE)).toMatchObject({ status: 'failed', mayHaveHappened: false });
});

test('no answer in time is not asked for again; it may have happened', async () => {
  const { server, open, waits } = await acmeShop();
  const hold = () => new Promise<void>(() => {});
  server.fail('GET /', { hold, times: 2 });
  server.fail('POST /labels', { hold });
  const late = { status: 'unreachable', why: expect.stringContaining('did not answer within 1 s') };
  const { signal } = new AbortController();
  expect(await canonical(open({ timeoutMs: 200 }))).toMatchObject({ failure: late });
  expect(await canonical(open({ timeoutMs: 200, signal }))).toMatchObject({ failure: late });
  expect(await open({ timeoutMs: 200 }).ask(CREATE)).toMatchObject({ failure: late, mayHaveHappened: true });
  expect(waits).toEqual([]);
});

test('a caller who has had enough', async () => {
  const { server, open } = await acmeShop();
  const stop = new AbortController();
  const { signal } = stop;
  server.fail('POST /labels', {
    hold: async () => {
      stop.abort();
      await new Promise(() => {});
    },
  });
  const stopped = { status: 'unreachable', why: 'it was cancelled' };
  expect(await open({ signal }).ask(CREATE)).toMatchObject({ failure: stopped, mayHaveHappened: true });
  expect(await open({ signal }).ask(CREATE)).toMatchObject({ failure: stopped, mayHaveHappened: false });
  expect(server.requests).toHaveLength(1);
});

test('a caller who stops during a pause', async () => {
  const { server, open } = await acmeShop();
  const stop = new AbortController();
  const clock = { now: () => new Date(), sleep: async () => stop.abort() };
  server.fail('GET /', { status: 502 });
  expect(await canonical(open({ signal: stop.signal, clock }))).toMatchObject({ failure: { why: 'it was cancelled' } });
  expect(server.requests).toHaveLength(1);
});

test('a renamed repository is followed when reading; a redirect to another server never is', async () => {
  const { server, open } = await acmeShop();
  const strange: string[] = [];
  const other = createServer((request, response) => {
    strange.push(request.headers.authorization ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  server.rename('umbrella', 'store');
  expect(await canonical(open())).toMatchObject({ status: 'ok', data: { owner: 'umbrella', repo: 'store' } });

  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/repos/umbrella/store`;
  server.fail('GET /', { status: 301, body: { message: 'Moved Permanently' }, headers: { location } });
  expect(await canonical(open())).toMatchObject({ failure: { status: 'unreachable' }, http: 301 });
  const self = `${server.apiUrl}/repos/acme/shop`;
  const circle = { status: 301, body: { message: 'Moved Permanently' }, headers: { location: self } };
  server.fail('GET /', { reply: circle, times: 99 });
  expect(await canonical(open())).toMatchObject({ failure: { status: 'unreachable' }, http: 301 });
  expect(strange).toEqual([]);
  await new Promise((resolve) => other.close(resolve));
});

test("somebody else's page in GitHub's place", async () => {
  const { server, open } = await acmeShop();
  server.fail('GET /', {
    status: 200,
    body: '<html>Log in to the Wi-Fi</html>',
    headers: { 'content-type': 'text/html' },
  });
  expect(await canonical(open())).toMatchObject({
    failure: { status: 'unreachable', why: expect.stringContaining('does not speak its API (HTTP 200)') },
  });
});

test('a GitHub Enterprise Server below /api/v3, pages and all', async () => {
  const { server, open } = await acmeShop({ base: '/api/v3' });
  const where = { owner: 'acme', name: 'shop', apiUrl: server.apiUrl, webUrl: server.serverUrl };
  for (let i = 0; i < 101; i++) server.addPull({ branch: BRANCH, state: 'closed' });
  const words = { title: 'Fix', body: TRAILER, draft: false, label: 'auto-heal' };
  const opened = await ensurePullRequest(open({ where }), {
    ...words,
    incident: INCIDENT,
    round: 1,
    branch: BRANCH,
    base: 'main',
  });
  expect(opened).toMatchObject({ status: 'open', url: `${server.serverUrl}/acme/shop/pull/102`, warnings: [] });
  expect(server.requests.every(({ url }) => new URL(url).pathname.startsWith('/api/v3/repo'))).toBe(true);
  expect(server.count('GET /pulls')).toBe(2);
});
