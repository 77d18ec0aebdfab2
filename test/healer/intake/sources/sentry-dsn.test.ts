import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventSchema } from '../../../../events/event.ts';
import { write } from '../../../write.ts';
import { post, SECRETS, type Served, served } from '../serving.ts';
import { sourceContract } from '../source.contract.ts';
import { withKey } from './sentry-headers.ts';

const require = createRequire(import.meta.url);
const KEY = SECRETS.SENTRY_DSN_KEY;
const PATH = '/api/4711/envelope/';
const ID = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';

let told = 0;
function fresh(id = (++told).toString(16).padStart(32, 'b'), header: object = {}): string {
  const value = `marker-of-the-body ${'x'.repeat(told % 50)}`;
  const event = JSON.stringify({
    event_id: id,
    level: 'error',
    exception: { values: [{ type: 'RangeError', value }] },
  });
  const item = JSON.stringify({ type: 'event', length: Buffer.byteLength(event) });
  return [JSON.stringify({ event_id: ID, ...header }), item, event, ''].join('\n');
}
const rows = ({ bench }: Served) => bench.db.get<{ n: number }>('SELECT count(*) AS n FROM events')?.n;
const item = (type: string, payload: string) => `{"event_id":"${ID}"}\n{"type":"${type}"}\n${payload}`;

sourceContract({
  name: 'sentry_dsn',
  variable: 'SENTRY_DSN_KEY',
  params: { project: '4711' },
  fresh: () => fresh(),
  strange: '{"event_id":"7"}\n{"type":"event"}\n["no event"]',
  sign: withKey,
  accepted: { status: 200, body: { id: ID } },
});

describe('the DSN', () => {
  it('takes its key from the header, the query or the envelope, and the first of them decides', async () => {
    const serving = await served();
    const dsn = (key: string) => fresh(undefined, { dsn: `https://${key}@errors.example/4711` });
    const send = async (path: string, body: string, headers = {}) => (await post(serving, path, body, headers)).status;
    expect(await send(`${PATH}?sentry_key=${KEY}&sentry_version=7`, fresh())).toBe(200);
    expect(await send(PATH, dsn(KEY))).toBe(200);
    expect(await send(PATH, fresh(), { authorization: `Sentry sentry_key=${KEY}` })).toBe(200);
    expect(await send('/api/4711/envelope', fresh(), withKey('', KEY))).toBe(200);
    expect(await send(PATH, dsn('another'))).toBe(401);
    expect(await send(`${PATH}?sentry_key=another`, dsn(KEY))).toBe(401);
    expect(await send(`${PATH}?sentry_key=${KEY}`, fresh(), withKey('', 'another'))).toBe(401);
    expect(await send(PATH, 'no json', {})).toBe(401);
  });

  it('unpacks gzip, deflate and br', async () => {
    const serving = await served();
    const pack = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, 'deflate ': deflateRawSync };
    for (const [encoding, packed] of Object.entries(pack)) {
      const before = rows(serving) ?? 0;
      const headers = { ...withKey('', KEY), 'content-encoding': encoding };
      expect(await post(serving, PATH, packed(fresh()), headers)).toMatchObject({ status: 200, body: { id: ID } });
      expect(rows(serving)).toBe(before + 1);
    }
    const wrong = { ...withKey('', KEY), 'content-encoding': 'gzip' };
    expect(await post(serving, PATH, fresh(), wrong)).toMatchObject({ status: 400 });
    expect(await post(serving, PATH, gzipSync(fresh()).subarray(0, 60), wrong)).toMatchObject({ status: 400 });
    const unknown = { ...withKey('', KEY), 'content-encoding': 'zstd' };
    expect(await post(serving, PATH, fresh(), unknown)).toMatchObject({ status: 415 });
  });

  it('is not filled by a small body that holds a large one', async () => {
    const serving = await served();
    const huge = Buffer.alloc(16 * 1024 * 1024, ' ');
    for (const [encoding, bomb] of [
      ['gzip', gzipSync(huge)],
      ['deflate', deflateSync(huge)],
      ['br', brotliCompressSync(huge, { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } })],
      ['gzip, gzip', gzipSync(gzipSync(huge))],
    ] as const) {
      expect(bomb.length).toBeLessThan(100_000);
      const headers = { ...withKey('', KEY), 'content-encoding': encoding };
      expect((await post(serving, PATH, bomb, headers)).status).toBe(413);
    }
    expect((await post(serving, PATH, fresh(), withKey('', KEY))).status).toBe(200);
  });

  it('answers browsers of any origin, also when it refuses', async () => {
    const serving = await served();
    const asked = await fetch(serving.url + PATH, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect(asked.status).toBe(200);
    expect(asked.headers.get('access-control-allow-headers')).toContain('X-Sentry-Auth');
    for (const [query, status] of [
      [`?sentry_key=${KEY}`, 200],
      ['', 401],
    ] as const) {
      const sent = await fetch(serving.url + PATH + query, { method: 'POST', body: fresh() });
      expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([status, '*']);
    }
    const elsewhere = await fetch(`${serving.url}/intake/generic`, { method: 'OPTIONS' });
    expect([elsewhere.status, elsewhere.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });

  it('accepts what tells of no error, keeps nothing of it, and counts it against nobody', async () => {
    const serving = await served({ rate: { burst: 1, perSecond: 0.001 } });
    for (const body of [
      item('transaction', '{"type":"transaction","transaction":"GET /"}'),
      item('session', '{"sid":"1","status":"ok"}'),
      item('sessions', '{"aggregates":[]}'),
      item('client_report', '{"discarded_events":[]}'),
      item('replay_event', '{"type":"replay_event"}'),
      item('profile', '{}'),
      item('log', '{"items":[]}'),
      Buffer.concat([
        Buffer.from(`{"event_id":"${ID}"}\n{"type":"replay_recording","length":4}\n`),
        Buffer.from([0xff, 0x0a, 0x00, 0xfe]),
      ]),
    ])
      expect(await post(serving, PATH, body, withKey('', KEY))).toMatchObject({ status: 200, body: { id: ID } });
    expect(rows(serving)).toBe(0);
    expect(await post(serving, PATH, fresh(), withKey('', KEY))).toMatchObject({ status: 200 });
    expect(rows(serving)).toBe(1);
  });
});

it('the DSN says why an error matters: new, often, or back after it was resolved', async () => {
  let clock = Date.parse('2026-11-20T10:00:00Z');
  const serving = await served({ now: () => new Date(clock) });
  const event = { level: 'error', exception: { values: [{ type: 'RangeError', value: 'the cart is gone' }] } };
  const send = async () => {
    const event_id = (++told).toString(16).padStart(32, 'd');
    const body = `{"event_id":"${event_id}"}\n{"type":"event"}\n${JSON.stringify(event)}`;
    expect(await post(serving, PATH, body, withKey('', KEY))).toMatchObject({ status: 200, body: { id: event_id } });
    const [row] = serving.bench.db.all<{ incident: string; event_json: string }>(
      'SELECT incident, event_json FROM events ORDER BY rowid DESC LIMIT 1',
    );
    return { incident: row?.incident ?? '', ...eventSchema.parse(JSON.parse(row?.event_json ?? '')) };
  };
  const { incident, trigger } = await send();
  expect(trigger).toBe('new_issue');
  const others: unknown[] = [];
  for (let i = 2; i <= 11; i++) {
    clock += 1000;
    others.push((await send()).trigger);
  }
  expect(others).toEqual([...Array(8).fill(undefined), 'spike', 'spike']);
  clock += 6 * 60_000;
  expect((await send()).trigger).toBeUndefined();
  for (const to of ['detected', 'queued', 'healing', 'verified', 'proposed', 'merged', 'watching', 'resolved'] as const)
    await serving.bench.incidents.transition({ incident, to, who: 'test', why: '' });
  clock += 86_400_000;
  expect((await send()).trigger).toBe('regression');
});

it('the DSN answers anything with yes or with what is wrong, and lives on', async () => {
  const serving = await served({ rate: { burst: 10_000, perSecond: 1000 } });
  const whole = Buffer.from(fresh());
  const deep = (open: string, close: string) => `{"x":${open.repeat(40_000)}1${close.repeat(40_000)}}`;
  const odd = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(whole.length).map((end) => whole.subarray(0, end)),
    fc
      .tuple(fc.nat(whole.length - 1), fc.nat(255))
      .map(([at, byte]) => Buffer.from(whole.map((b, i) => (i === at ? byte : b)))),
    fc.jsonValue({ maxDepth: 4 }).map((value) => Buffer.from(item('event', JSON.stringify(value)))),
    fc
      .constantFrom(deep('[', ']'), deep('{"a":', '}'), '[', `"${'\\u0000'.repeat(50_000)}"`)
      .map((text) => Buffer.from(item('event', text))),
  );
  const packers = {
    '': (bytes: Uint8Array) => bytes,
    gzip: gzipSync,
    deflate: deflateSync,
    br: gzipSync,
    'gzip, br': gzipSync,
  };
  await fc.assert(
    fc.asyncProperty(
      odd,
      fc.constantFrom(...(Object.keys(packers) as (keyof typeof packers)[])),
      async (bytes, encoding) => {
        const headers = { ...withKey('', KEY), ...(encoding && { 'content-encoding': encoding }) };
        const { status, body } = await post(serving, PATH, packers[encoding](bytes), headers);
        expect([200, 400, 413, 415, 422]).toContain(status);
        if (status !== 200) expect(body.error?.message).not.toBe('');
      },
    ),
    { numRuns: 250 },
  );
  expect(await post(serving, PATH, fresh(), withKey('', KEY))).toMatchObject({ status: 200 });
  expect(serving.logged.filter(({ event }) => event === 'failed')).toEqual([]);
});

describe('the real SDK for Node', () => {
  it('reports a chained error straight to serve', async () => {
    const serving = await served();
    const dsn = `${serving.url.replace('http://', `http://${KEY}@`)}/4711`;
    const root = serving.bench.repository.root;
    write(root, { 'src/price.js': shop(dsn) });
    await promisify(execFile)(process.execPath, [join(root, 'src/price.js')], { timeout: 60_000, cwd: root });

    const [row, ...others] = serving.bench.db.all<{ event_json: string }>('SELECT event_json FROM events');
    expect(others).toEqual([]);
    const event = eventSchema.parse(JSON.parse(row?.event_json ?? ''));
    expect(event).toMatchObject({
      source: 'sentry',
      actionable: true,
      type: 'TypeError',
      message: 'the cart has no price for order 4711',
      file: 'src/price.js',
      line: 8,
      function: 'price',
      release: 'shop@1.4.0',
      environment: 'production',
      affected_users: 1,
      labels: { project: '4711', platform: 'node' },
    });
    expect(event.breadcrumbs?.join('\n')).toContain('[cart] opened the cart items=3');
    expect(event.stackTrace).toMatch(/^TypeError: the cart has no price[\s\S]+\nCaused by: SyntaxError: .+JSON/);
    expect(JSON.stringify(event)).not.toContain('ann@shop.example');
    const statuses = serving.logged.filter((line) => line.event === 'request').map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

/** A program with the SDK as its guide says, which fails with an error that has a cause. */
function shop(dsn: string): string {
  return `const Sentry = require(${JSON.stringify(require.resolve('@sentry/node'))});
Sentry.init({ dsn: ${JSON.stringify(dsn)}, release: 'shop@1.4.0', environment: 'production', tracesSampleRate: 1 });
Sentry.addBreadcrumb({ category: 'cart', message: 'opened the cart', data: { items: 3 } });
Sentry.setUser({ id: 'u-1', email: 'ann@shop.example' });
function price(cart) {
  try {
    return JSON.parse(cart).price;
  } catch (cause) { throw new TypeError('the cart has no price for order 4711', { cause }); }
}
Sentry.startSpan({ name: 'GET /cart' }, () => {
  try { price('{broken'); } catch (error) { Sentry.captureException(error); }
});
Sentry.flush(20_000).then((done) => process.exit(done ? 0 : 1));
`;
}
