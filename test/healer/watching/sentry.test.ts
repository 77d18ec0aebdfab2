import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it, vi } from 'vitest';
import { startErrands } from '../../../healer/intake/errands.ts';
import { sentryResolver } from '../../../healer/watching/sentry-errand.ts';
import { rollbackOf } from '../../../store/rollbacks.ts';
import { watchOf } from '../../../store/watches.ts';
import { INCIDENT, mergedFix, START } from './merged-fix.ts';

const MINUTE = 60_000;
const TOKEN = 'sentry-token-of-the-test';
const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

/** The routes of Sentry's API that a watch asks, with the fields of its documentation that are read, and some that are not. */
async function loopbackSentry() {
  const state = {
    releases: [] as object[],
    tags: [] as object[],
    issue: { id: '4711', status: 'unresolved', lastSeen: null as string | null },
    down: 0,
    requests: [] as string[],
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const path = new URL(request.url ?? '', 'http://x').pathname;
    state.requests.push(`${request.method} ${path}${body === '' ? '' : ` ${body}`}`);
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(401, { detail: 'Invalid token' });
    if (state.down > 0) {
      state.down--;
      return answer(503, {});
    }
    if (path === '/api/0/organizations/acme/releases/') return answer(200, state.releases);
    if (path === '/api/0/organizations/acme/issues/4711/tags/release/')
      return answer(200, { key: 'release', totalValues: 9, topValues: state.tags });
    if (path !== '/api/0/organizations/acme/issues/4711/') return answer(404, { detail: 'not found' });
    if (request.method === 'PUT') Object.assign(state.issue, JSON.parse(body));
    return answer(200, state.issue);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const SENTRY_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { state, env: { SENTRY_URL, SENTRY_AUTH_TOKEN: TOKEN } };
}

async function watched() {
  const { state, env } = await loopbackSentry();
  const event = { source: 'sentry', group: '4711', release: 'shop@1.0.0' };
  const fix = await mergedFix({ watch: '{ sentry: { org: acme, project: shop } }', env, event });
  const at = new Date(START).toISOString();
  state.tags = [{ value: 'shop@1.0.0', count: 40, lastSeen: at, name: 'shop@1.0.0' }];
  return { state, env, ...fix };
}

const release = (version: string, more: object = {}) => ({
  ...{ version, dateReleased: null, firstEvent: null, lastDeploy: null, projects: [{ slug: 'shop' }] },
  ...more,
});

it('begins with the release that Sentry saw deployed to where the error was, and resolves the issue once', async () => {
  const { state, env, ...fix } = await watched();
  const time = new Date(START + MINUTE).toISOString();
  state.releases = [
    release(fix.base, { lastDeploy: { dateFinished: time, environment: 'production' } }),
    release(fix.merge.slice(0, 9), { lastDeploy: { dateFinished: time, environment: 'staging' } }),
    release(`web@${fix.merge}`, { firstEvent: time, projects: [{ slug: 'web' }] }),
    release(fix.merge.slice(0, 8)),
  ];
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('merged');
  const deployed = release(`shop@${fix.merge.slice(0, 12)}`, {
    lastDeploy: { dateFinished: time, environment: 'production' },
  });
  state.releases = [deployed, ...state.releases];
  // Sentry is asked in real time, and not at every look.
  await vi.waitFor(
    async () => {
      await fix.look();
      expect(await fix.status()).toBe('watching');
    },
    { timeout: 60_000, interval: 1_000 },
  );
  expect(watchOf(fix.bench.db, INCIDENT, 1)).toMatchObject({
    basis: 'release',
    release: `shop@${fix.merge.slice(0, 12)}`,
    deployed_at: time,
  });

  await fix.pass(63 * MINUTE, MINUTE);
  expect(await fix.status()).toBe('resolved');
  const resolver = sentryResolver(
    { bench: fix.bench, env, settings: async () => ({ ...fix.settings, options: {} as never }) },
    () => {},
  );
  state.down = 1;
  const clock = startErrands(fix, resolver, () => {});
  const tried = () =>
    fix.bench.db.get<{ tries: number; done: number }>(
      "SELECT tries, done_at_ms IS NOT NULL AS done FROM errands WHERE kind = 'sentry-resolve'",
    );
  await vi.waitFor(() => expect(tried()).toEqual({ tries: 1, done: 0 }), { timeout: 20_000 });
  fix.clock.at += MINUTE;
  clock.wake();
  await vi.waitFor(() => expect(tried()).toEqual({ tries: 1, done: 1 }), { timeout: 20_000 });
  await clock.stop();
  const puts = state.requests.filter((line) => line.startsWith('PUT'));
  expect(puts).toEqual(['PUT /api/0/organizations/acme/issues/4711/ {"status":"resolved"}']);
  expect(state.issue.status).toBe('resolved');

  // Told again, as after a crash before its end was noted, it finds it resolved.
  const errand = { id: 'x', kind: 'sentry-resolve', payload: { incident: INCIDENT, round: 1 }, tries: 0 };
  expect(await resolver.run(errand, new AbortController().signal)).toEqual({
    outcome: 'done',
    why: 'issue 4711: already',
  });
  expect(state.requests.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
}, 120_000);

it('rolls back by what Sentry counts of the new release, not of older ones', async () => {
  const { state, ...fix } = await watched();
  const name = `shop@${fix.merge.slice(0, 12)}`;
  state.releases = [release(name, { firstEvent: new Date(START).toISOString() })];
  await fix.pass(MINUTE);
  const later = new Date(fix.clock.at + MINUTE).toISOString();
  state.tags = [{ value: 'shop@1.0.0', count: 44, lastSeen: later }];
  await fix.pass(5 * MINUTE, MINUTE);
  expect(await fix.status()).toBe('watching');
  state.tags.push({ value: name, count: 3, lastSeen: later });
  await fix.pass(2 * MINUTE, MINUTE);
  expect(await fix.status()).toBe('rolled_back');
  expect(rollbackOf(fix.bench.db, INCIDENT, 1)?.why).toBe('Sentry counts 3 events of the issue in the new release');
});

it('calls nothing solved while Sentry does not answer', async () => {
  const { state, ...fix } = await watched();
  state.releases = [release(fix.merge, { firstEvent: new Date(START).toISOString() })];
  await fix.pass(MINUTE);
  state.down = 1_000;
  await fix.pass(80 * MINUTE, MINUTE);
  expect(await fix.status()).toBe('watching');
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.why).toBe('Sentry answered 503');
  await fix.pass(15 * MINUTE, MINUTE);
  expect(await fix.status()).toBe('escalated');
});
