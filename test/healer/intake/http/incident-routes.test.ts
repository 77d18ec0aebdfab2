import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { localServe } from '../../../../healer/approval/local-serve.ts';
import { awaitingPublish, awaitingStart, settingsWith } from '../../approval/waiting-fix.ts';
import { run } from '../../sample-repository.ts';
import { type Served, served } from '../serving.ts';

const TOKEN = 'api-token-1';
const config = settingsWith('approval: { start: ask, channels: [dashboard] }');

async function ask(
  { url }: Served,
  method: string,
  path: string,
  options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
) {
  const { token = TOKEN, body, headers = {} } = options;
  const answered = await fetch(url + path, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the answers of several routes
  return { status: answered.status, body: (await answered.json()) as any };
}

it('answers who has the token, and nobody else', async () => {
  const bare = await served({ config });
  expect(await ask(bare, 'GET', '/api/incidents')).toMatchObject({
    status: 503,
    body: { error: { code: 'not_ready', message: expect.stringContaining('SELF_HEALING_TOKEN') } },
  });
  const to = await served({ config, env: { SELF_HEALING_TOKEN: TOKEN } });
  const incident = await awaitingStart(to.bench);
  for (const token of ['', 'wrong', `${TOKEN}x`])
    for (const [method, path] of [
      ['GET', '/api/incidents'],
      ['GET', `/api/incidents/${incident}`],
      ['POST', `/api/incidents/${incident}/approve`],
    ] as const)
      expect((await ask(to, method, path, { token })).status).toBe(401);
  // Neither a cookie nor a page of another origin.
  expect(
    (await ask(to, 'POST', `/api/incidents/${incident}/approve`, { token: '', headers: { cookie: `token=${TOKEN}` } }))
      .status,
  ).toBe(401);
  expect(
    (await ask(to, 'POST', `/api/incidents/${incident}/approve`, { headers: { origin: 'https://evil.example' } }))
      .status,
  ).toBe(403);
  expect((await to.bench.incidents.get(incident))?.status).toBe('awaiting_start');
  expect((await ask(to, 'POST', `/api/incidents/${incident}/skip`, { headers: { origin: to.url } })).status).toBe(200);
  expect(JSON.stringify(to.logged)).not.toContain(TOKEN);
});

it('lists, shows and decides, and says what is wrong with what it is sent', async () => {
  const to = await served({ config, env: { SELF_HEALING_TOKEN: TOKEN } });
  const incident = await awaitingStart(to.bench);
  const path = `/api/incidents/${incident}`;
  expect(await ask(to, 'GET', '/api/incidents?status=awaiting_start,queued&limit=5')).toMatchObject({
    status: 200,
    body: { incidents: [{ incident, status: 'awaiting_start' }] },
  });
  expect(await ask(to, 'GET', '/api/incidents?status=waiting')).toMatchObject({ status: 422 });
  const shown = await ask(to, 'GET', path);
  expect(shown).toMatchObject({
    status: 200,
    body: {
      incident,
      question: { gate: 'start', round: 1 },
      deciding: null,
      possible: ['approve', 'skip', 'cancel'],
      transitions: expect.any(Array),
      report: null,
    },
  });
  expect((await ask(to, 'GET', '/api/incidents/INC-0000000000000000')).status).toBe(404);
  expect((await ask(to, 'POST', '/api/incidents/INC-0000000000000000/approve')).status).toBe(404);
  for (const body of ['{', { why: 'x' }, { round: 0 }, { tree: 'zz' }, { reason: 'x'.repeat(1001) }, [1]])
    expect(await ask(to, 'POST', `${path}/approve`, { body })).toMatchObject({ status: 422 });
  expect(await ask(to, 'POST', `${path}/approve`, { body: { round: 2 } })).toMatchObject({
    status: 409,
    body: { error: { code: 'stale' } },
  });
  expect(await ask(to, 'POST', `${path}/reject`)).toMatchObject({
    status: 409,
    body: { error: { code: 'not_allowed' } },
  });
  expect(
    await ask(to, 'POST', `${path}/approve`, { body: { who: 'ada', reason: 'it is ours', round: 1 } }),
  ).toMatchObject({ status: 200, body: { incident, pending: false, message: '✅ Approved by ada (API).' } });
  expect(await to.bench.incidents.transitions(incident)).toContainEqual(
    expect.objectContaining({ from: 'awaiting_start', to: 'queued', who: 'person:http:ada', why: 'it is ours' }),
  );
  expect(await ask(to, 'POST', `${path}/skip`, { body: { who: 'bob' } })).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringContaining('Approved by ada') } },
  });
});

it('is found by commands of the same user, through a file that is nobody else’s to read', async () => {
  const to = await served({ config });
  const { home } = to.bench.repository;
  const note = await localServe(home);
  expect(note).toMatchObject({ url: to.url, pid: process.pid });
  expect(statSync(join(home, 'serve.key.json')).mode & 0o777).toBe(0o600);
  const incident = await awaitingStart(to.bench);
  const token = note?.secret ?? '';
  expect(
    await ask(to, 'POST', `/api/incidents/${incident}/approve`, {
      token,
      body: { who: 'person:ada', only_with_evidence: true },
    }),
  ).toMatchObject({ status: 409, body: { error: { code: 'stale' } } });
  expect(
    await ask(to, 'POST', `/api/incidents/${incident}/approve`, { token, body: { who: 'person:ada' } }),
  ).toMatchObject({ status: 200, body: { message: '✅ Approved by ada.' } });
  await to.close();
  expect(await localServe(home)).toBeUndefined();
});

it('shows diff, verdict and evidence; asks again after a crash, and publishes once', async () => {
  const { incident, repository, tree, bench } = await awaitingPublish(settingsWith('approval: { publish: ask }'));
  const path = `/api/incidents/${incident}`;
  const env = { SELF_HEALING_TOKEN: TOKEN };
  const first = await served({ env, repository });
  const shown = await ask(first, 'GET', path);
  expect(shown.body).toMatchObject({
    tree,
    verification: { verdict: 'pass' },
    evidence_held: false,
    question: { gate: 'publish', tree },
    diagnosis: { failure_type: 'runtime_error' },
  });
  expect(shown.body.diff).toContain('+  return session?.tenantId ?? null;');
  expect(shown.body.verification.checks.reproduction.evidence.length).toBeGreaterThan(8);
  expect(await ask(first, 'POST', `${path}/approve`, { body: { tree: 'a'.repeat(40) } })).toMatchObject({
    status: 409,
    body: { error: { code: 'stale' } },
  });
  await first.close();

  // Decided, and the process gone before it was carried out: nobody may publish by a row alone.
  const { key } = shown.body.question;
  bench.db.run(
    `INSERT INTO approval_decisions VALUES (?, ?, 1, 'publish', ?, 'approve', 'person:http:eve', 'http', NULL, ?)`,
    [key, incident, tree, new Date().toISOString()],
  );
  const second = await served({ env, repository });
  await vi.waitFor(async () => expect((await ask(second, 'GET', path)).body.question.key).not.toBe(key), {
    timeout: 50_000,
    interval: 100,
  });
  const again = (await ask(second, 'GET', path)).body;
  expect(again).toMatchObject({
    status: 'awaiting_publish',
    deciding: null,
    question: { why: expect.stringContaining('Asked again') },
  });
  expect(await ask(second, 'POST', `${path}/approve`, { body: { who: 'ada', tree } })).toMatchObject({
    status: 202,
    body: { pending: true },
  });
  expect(await ask(second, 'POST', `${path}/reject`, { body: { who: 'bob' } })).toMatchObject({ status: 409 });
  await vi.waitFor(async () => expect((await ask(second, 'GET', path)).body.status).toBe('proposed'), {
    timeout: 240_000,
    interval: 200,
  });
  expect((await bench.incidents.transitions(incident)).at(-1)).toMatchObject({ who: 'person:http:ada' });
  expect(run(repository.root, 'branch', '--list', 'hotfix/*').split('\n')).toHaveLength(1);
  expect(bench.db.all('SELECT * FROM proposals')).toHaveLength(1);
}, 400_000);
