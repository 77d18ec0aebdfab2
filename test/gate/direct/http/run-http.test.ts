import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, isFree } from '../../../../gate/direct/http/port.ts';
import { groupAlive } from '../../../../gate/process-group.ts';
import { project } from '../../runner/project.ts';
import { exercise } from '../exercise.ts';

const SERVER = `
const http = require('node:http');
console.log('group ' + process.pid + ' port ' + process.env.PORT);
http.createServer((request, answer) => {
  const url = new URL(request.url, 'http://x');
  let text = '';
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    if (url.pathname === '/health') return answer.end('up');
    if (url.pathname === '/hang') return;
    if (url.pathname === '/crash') return null.tenantId;
    if (url.pathname === '/login') {
      const { user } = JSON.parse(text);
      answer.writeHead(user === 'ada' ? 200 : 423, { 'content-type': 'application/json; charset=utf-8' });
      return answer.end(JSON.stringify({ user, locked: user !== 'ada', tries: [1, 2], from: request.headers['x-from'] ?? null, q: url.searchParams.get('q') }));
    }
    answer.writeHead(404).end('nothing <b>here</b>');
  });
}).listen(process.env.PORT, '127.0.0.1');
`;
const folder = (server = SERVER) => project({ 'server.js': server });
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is written so in the document
const READY = 'http://127.0.0.1:${PORT}/health';
const http = (path: string, rest: Record<string, unknown> = {}, way: Record<string, unknown> = {}) => ({
  http: { start: 'node server.js', ready: READY, method: 'POST', path, ...way },
  ...rest,
});

/** Which process group the service was, and where it listened. */
function watched() {
  let text = '';
  const number = (name: string) => Number(new RegExp(`${name} (\\d+)`).exec(text)?.[1] ?? 0);
  return {
    extra: { onOutput: (more: string) => (text += more) },
    gone: async () => {
      expect(number('group')).toBeGreaterThan(0);
      expect(groupAlive(number('group'))).toBe(false);
      expect(await isFree(number('port'))).toBe(true);
    },
  };
}
/** So that the service itself leads the group, and its id is the group's. */
const LEADS = { start: 'exec node server.js' };

describe('runHttp', () => {
  it('starts the service, sends body, headers and query, and holds the answer against a part of it', async () => {
    const service = watched();
    const entry = http(
      '/login',
      {
        input: { body: { user: 'ada' }, headers: { 'X-From': 'me' }, query: { q: 'a b' } },
        expected: {
          status: 200,
          headers: { 'Content-Type': 'application/json' },
          body: { user: 'ada', tries: [1, 2], from: 'me', q: 'a b' },
        },
      },
      LEADS,
    );
    const run = await exercise(folder(), entry, service.extra);
    expect(run).toMatchObject({
      status: 'passed',
      command: 'http POST /login of exec node server.js',
      counts: { passed: 1, failed: 0, skipped: 0 },
      cases: [{ name: 'S001 what it keeps', status: 'passed' }],
    });
    await service.gone();
  });

  it('says what differs in status, headers and body, row by row', async () => {
    const rows = [
      { name: 'a known user', input: { body: { user: 'ada' } }, expected: { status: 200, body: { locked: false } } },
      {
        name: 'a locked user',
        input: { body: { user: 'bob' } },
        expected: { status: 200, headers: { 'x-none': '1' }, body: { locked: false } },
      },
      { input: { body: { user: 'bob' } }, expected: { status: 423, body: { equals: { user: 'bob' } } } },
    ];
    const run = await exercise(folder(), http('/login', { rows }));
    expect(run.counts).toEqual({ passed: 1, failed: 2, skipped: 0 });
    expect(run.cases[1]?.failure?.split('\n').slice(0, 3)).toEqual([
      'AssertionError: status: expected 200, got 423',
      'header x-none: expected "1", got null',
      'body locked: expected false, got true',
    ]);
    expect(run.cases[2]?.failure).toContain('body locked: expected nothing, got true');
    expect(run.tail).toContain('✓ S001 what it keeps > a known user');
    expect(run.tail).toContain('✗ S001 what it keeps > row 3');
  });

  it('reads a body that is text as text', async () => {
    const get = { method: 'get' };
    const text = (body: unknown) => exercise(folder(), http('/page', { expected: { status: 404, body } }, get));
    expect((await text('here')).status).toBe('passed');
    expect((await text('/<b>\\w+<\\/b>/')).status).toBe('passed');
    expect((await text({ equals: 'here' })).status).toBe('failed');
  });

  it('ends a service that never answers, and says so with its output', async () => {
    const service = watched();
    const deaf = `console.log('group ' + process.pid + ' port ' + process.env.PORT); setInterval(() => {}, 1000);`;
    const entry = http('/login', { expected: { status: 200 }, timeout: '2s' }, LEADS);
    const run = await exercise(folder(deaf), entry, service.extra);
    expect(run).toMatchObject({ status: 'error', reason: { code: 'not_ready' }, counts: null });
    expect(run.reason?.message).toContain('not ready after 2 s');
    expect(run.tail).toContain('group ');
    await service.gone();
  });

  it('says at once when the service ends before it is ready, or is not there', async () => {
    const crash = `throw new TypeError('no database');`;
    const run = await exercise(folder(crash), http('/login', { expected: { status: 200 } }));
    expect(run).toMatchObject({ status: 'error', reason: { code: 'not_ready' } });
    expect(run.reason?.message).toContain('ended with exit code 1 before');
    expect(run.tail).toContain('TypeError: no database');
  });

  it('stops waiting for an answer at its time, and ends the service', async () => {
    const service = watched();
    const entry = http('/hang', { expected: { status: 200 }, timeout: '3s' }, LEADS);
    const run = await exercise(folder(), entry, service.extra);
    expect(run).toMatchObject({ status: 'timed_out', counts: null });
    await service.gone();
  });

  it('is red when the request brings the service down, and shows its error', async () => {
    const service = watched();
    const rows = [{ expected: { status: 200 } }, { expected: { status: 200 } }];
    const run = await exercise(folder(), http('/crash', { rows }, LEADS), service.extra);
    expect(run).toMatchObject({ status: 'failed', reason: { code: 'broke_off' }, counts: { failed: 1 } });
    expect(run.cases[0]?.failure).toMatch(/^AssertionError: POST \/crash got no answer: the service ended/);
    expect(run.output).toMatch(/TypeError: Cannot read properties of null \(reading 'tenantId'\)\n\s+at .*server\.js/);
    await service.gone();
  });

  it('stops the service when the run is stopped', async () => {
    const service = watched();
    const stop = new AbortController();
    let text = '';
    const onOutput = (more: string) => {
      service.extra.onOutput(more);
      text += more;
      if (/port \d+/.test(text)) stop.abort();
    };
    const entry = http('/hang', { expected: { status: 200 } }, LEADS);
    const run = await exercise(folder(), entry, { signal: stop.signal, onOutput });
    expect(run).toMatchObject({ status: 'error', reason: { code: 'aborted' } });
    await service.gone();
  });

  it('takes a port that the document names, unless something else is there', async () => {
    const port = await freePort();
    const way = { ready: `http://127.0.0.1:${port}/health` };
    const entry = http('/login', { input: { body: { user: 'ada' } }, expected: { status: 200 } }, way);
    const both = await Promise.all([exercise(folder(), entry), exercise(folder(), entry)]);
    expect(both.map(({ status }) => status)).toEqual(['passed', 'passed']);
    const other = createServer();
    await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
    const run = await exercise(folder(), entry);
    other.close();
    expect(run).toMatchObject({ status: 'error', reason: { code: 'port_in_use' } });
  });

  it('judges nothing that nothing is expected of', async () => {
    for (const rest of [
      {},
      { expected: {} },
      { expected: { statos: 200 } },
      { input: { bodi: 1 }, expected: { status: 200 } },
    ])
      expect(await exercise(folder(), http('/login', rest))).toMatchObject({
        status: 'error',
        reason: { code: 'bad_scenario' },
      });
  });
});
