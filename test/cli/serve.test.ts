import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openState } from '../../store/state-db.ts';
import { cli, cliInTerminal, cliProcess, repository, SHOP, scratch } from './program.ts';

const SOON = 'version: "1.0"\nintake: { settle: 100ms, min_severity: low }\n';
const TOKEN = { GENERIC_TOKEN: 'a-token-of-the-test' };
/** What intake does is looked at here; runs are in test/healer/queue. */
const PAUSED = { SELF_HEALING_PAUSE: '1' };

/** A `serve` that listens, with what it says. */
async function serving(root: string, ...args: string[]) {
  const child = cliProcess(root, ['serve', '--port', '0', ...args], { ...TOKEN, ...PAUSED });
  const said = { stdout: '', stderr: '' };
  const ended = once(child, 'close').then(([exit]) => exit as number | null);
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    said.stdout += text;
    if (said.stdout.includes('\nReady: ')) break;
  }
  const url = /http:\/\/[\d.:]+/.exec(said.stdout)?.[0] ?? said.stderr;
  return { child, said, ended, url };
}

const send = (url: string, body: unknown) =>
  fetch(`${url}/intake/generic`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${TOKEN.GENERIC_TOKEN}` },
  });

async function statusOf(root: string, wanted: string): Promise<unknown> {
  for (let tries = 0; tries < 40; tries++) {
    const { incidents } = JSON.parse((await cli(root, ['incidents', '--json'])).stdout);
    if (incidents[0]?.status === wanted) return incidents[0].status;
  }
  return undefined;
}

describe('serve', () => {
  it('takes an error in, lets it settle, and queues it; a signal ends it after what was begun', async () => {
    const root = repository({ ...SHOP, '.self-healing/config.yaml': SOON });
    const { child, said, ended, url } = await serving(root);
    expect(said.stdout).toContain('Heals what is queued, the gravest first');
    const health = await (await fetch(`${url}/healthz`)).json();
    expect(health).toMatchObject({
      status: 'ok',
      paused: 'SELF_HEALING_PAUSE is set',
      next: [],
      standing_still: { by: 'pause', until: null },
      queue: { settling: 0, queued: 0 },
      sources: { generic: { ready: true }, relay: { ready: false, missing: ['SELF_HEALING_RELAY_SECRET'] } },
    });
    expect((await send(url, { message: 'the cart is gone' })).status).toBe(202);
    expect(await statusOf(root, 'queued')).toBe('queued');

    expect((await fetch(`${url}/intake/nothing`, { method: 'POST' })).status).toBe(404);
    const wrong = await fetch(`${url}/intake/generic`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);

    const second = await cli(root, ['serve', '--port', '0']);
    expect(second).toMatchObject({ exit: 2, stderr: expect.stringContaining(`(process ${child.pid} on `) });
    const port = new URL(url).port;
    const elsewhere = await cli(repository(SHOP), ['serve', '--port', port]);
    expect(elsewhere).toMatchObject({ exit: 2, stderr: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`) });

    // A request that is half sent when the signal comes is still answered.
    const begun = request(`${url}/intake/generic`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${TOKEN.GENERIC_TOKEN}`,
        'transfer-encoding': 'chunked',
        // Answered as soon as the server has the request, so that it has it before the signal.
        expect: '100-continue',
      },
    });
    const answered = once(begun, 'response');
    begun.flushHeaders();
    await once(begun, 'continue');
    begun.write('{"message":"begun before the end"');
    child.kill('SIGTERM');
    while (!said.stderr.includes('"event":"ending"')) await once(child.stderr, 'data');
    begun.end('}');
    expect(((await answered)[0] as { statusCode: number }).statusCode).toBe(202);
    expect(await ended).toBe(0);
    for (const line of said.stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
    expect(said.stderr).not.toContain(TOKEN.GENERIC_TOKEN);
    expect(said.stderr).not.toContain('cart');
    expect((await cli(root, ['incidents', '--json'])).stdout).toContain('begun before the end');
  });

  it('goes on after it was killed, with what had not settled', async () => {
    const config = 'version: "1.0"\nintake: { settle: 2s, min_severity: low }\napproval: { start: ask }\n';
    const root = repository({ ...SHOP, '.self-healing/config.yaml': config });
    const first = await serving(root);
    expect((await send(first.url, { message: 'the cart is gone' })).status).toBe(202);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await serving(root);
    expect(await statusOf(root, 'awaiting_start')).toBe('awaiting_start');
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  it('has on disk whatever it has accepted, at whatever moment it is killed', async () => {
    const root = repository({ ...SHOP, '.self-healing/config.yaml': 'version: "1.0"\nintake: { settle: 1h }\n' });
    const { child, ended, url } = await serving(root);
    const accepted: string[] = [];
    let sent = 0;
    const sender = async () => {
      for (;;) {
        const id = `n-${++sent}`;
        const answer = await send(url, { message: 'the cart is gone', id, labels: { id } }).catch(() => undefined);
        if (answer === undefined) return;
        if (answer.status === 202) accepted.push(id);
        if (accepted.length === 60) child.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: 6 }, sender));
    await ended;
    expect(accepted.length).toBeGreaterThanOrEqual(60);
    const state = openState(root);
    const rows = state.all<{ id: string }>("SELECT json_extract(event_json, '$.labels.id') AS id FROM events");
    const count = state.get<{ count: number }>('SELECT count FROM incidents')?.count;
    state.close();
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(accepted));
    expect(count).toBe(rows.length);
  });

  it('says in one line why it does not start', async () => {
    expect(await cli(scratch, ['serve'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('not inside a git'),
    });
    const root = repository({ '.self-healing/config.yaml': 'version: "1.0"\nintak: {}\n' });
    expect(await cli(root, ['serve'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('config.yaml:2:1') });
    expect(await cli(root, ['serve', '--port', 'x'])).toMatchObject({ exit: 2 });
  });

  it('closes a connection that says nothing it understands', async () => {
    const { child, ended, url } = await serving(repository(SHOP));
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    socket.write('\u0000\u0001 this is not HTTP\r\n\r\n');
    await once(socket, 'close');
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});

it('mute ignores an incident from a terminal, and lifts it again', async () => {
  const root = repository(SHOP);
  const given = await cliInTerminal(root, [
    'mute',
    '1A2b3c4d5e6f7890',
    '--until',
    '2999-12-24',
    '--reason',
    'known',
    '--json',
  ]);
  expect(given.exit).toBe(0);
  expect(JSON.parse(given.stdout)).toEqual({
    fingerprint: '1a2b3c4d5e6f7890',
    until: '2999-12-24',
    reason: 'known',
    incident: null,
    status: null,
  });
  expect((await cli(root, ['mute', 'x'])).exit).toBe(2);
  expect((await cliInTerminal(root, ['mute', '1a2b3c4d5e6f7890', '--until', 'soon'])).stdout).toContain('no date');
});
