/** No planted secret is stored or logged, whatever source brings it and in whichever of its fields it stands. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { post, SECRETS, type Served, served } from './serving.ts';
import { signed } from './sources/signed.ts';

/** Put together at run time, so that no scanner takes this file for a leak. Each with what must be gone. */
const PLANTED: Record<string, [text: string, gone: string]> = {
  aws: [`AKIA${'IOSFODNN7ABCDEFG'}`, 'IOSFODNN7ABCDEFG'],
  github: [`ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`, 'a1B2c3D4e5F6'],
  jwt: [`eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0NSJ9'}.abc123DEF456`, 'zdWIiOiIxMjM0NSJ9'],
  bearer: ['Authorization: Bearer q1w2e3r4t5y6u7', 'q1w2e3r4t5y6u7'],
  cookie: ['Cookie: theme=dark; sid=9f8e7d6c5b4a', '9f8e7d6c5b4a'],
  url: ['https://ann:hunter2hunter2@shop.example/x?token=zx81zx81&page=2', 'hunter2hunter2'],
  query: ['GET /pay?api_key=kk55kk55kk55', 'kk55kk55kk55'],
  password: ['password=correct-horse-9', 'correct-horse-9'],
  email: ['ann.lee@shop.example', 'ann.lee@shop'],
  card: ['card 4012 8888 8888 1881', '8888 8888 1881'],
  ip: ['from 203.0.113.77', '203.0.113.77'],
};
const texts = Object.values(PLANTED).map(([text]) => text);
const all = texts.join(' ');

/** Everything that any table holds, the raw bytes of the database with its log included. */
function stored({ bench }: Served): string {
  const tables = bench.db.all<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`);
  const rows = tables.map(({ name }) => JSON.stringify(bench.db.all(`SELECT * FROM "${name}"`)));
  const files = ['state.db', 'state.db-wal'].map((name) => join(bench.repository.root, '.self-healing', name));
  return [...rows, ...files.filter(existsSync).map((file) => readFileSync(file, 'latin1'))].join('\n');
}

function expectClean(serving: Served): void {
  const told = stored(serving) + JSON.stringify(serving.logged);
  expect(serving.bench.db.get<{ n: number }>('SELECT count(*) AS n FROM events')?.n).toBeGreaterThan(0);
  for (const [kind, [, gone]] of Object.entries(PLANTED)) expect([kind, told.includes(gone)]).toEqual([kind, false]);
}

const frames = [
  { file: `/srv/${texts[0]}/${texts[1]}.js`, line: 3, function: all.slice(0, 180), in_app: true },
  { file: `node_modules/${texts[4]}.js`, line: 3, function: texts[3], in_app: false },
];
const words = Object.fromEntries(texts.map((text, at) => [`label${at} ${text}`, text]));
const told = {
  message: `failed: ${all}`,
  type: `Error ${texts[1]}`,
  service: texts[2],
  environment: texts[3],
  release: texts[1],
  endpoint: `GET /x?${texts[6]}`,
  function: texts[7],
  file: `/srv/${texts[0]}.js`,
  url: texts[5],
  group: texts[8],
  breadcrumbs: texts,
  labels: words,
  annotations: words,
  frames,
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const alerts = JSON.stringify({
  version: '4',
  groupKey: `{}:{alertname="x ${texts[1]}"}`,
  status: 'firing',
  receiver: 'x',
  groupLabels: words,
  commonLabels: words,
  commonAnnotations: words,
  externalURL: texts[5],
  alerts: [
    {
      status: 'firing',
      labels: { alertname: `Slow ${texts[7]}`, ...words },
      annotations: { summary: all, description: all },
      startsAt: '2026-11-20T10:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: texts[5],
      fingerprint: texts[1]?.slice(0, 100),
    },
  ],
});

describe('secrets at the door', () => {
  it('generic', async () => {
    const serving = await served();
    const body = JSON.stringify({ ...told, id: texts[1], stack: `Error: ${all}\n    at f (/srv/${texts[0]}.js:1:2)` });
    expect(await post(serving, '/intake/generic', body, bearer(SECRETS.GENERIC_TOKEN))).toMatchObject({ status: 202 });
    expectClean(serving);
  });

  it('relay', async () => {
    const serving = await served();
    const event = {
      ...told,
      id: texts[1],
      source: 'log',
      actionable: true,
      severity: 'high',
      stackTrace: all,
      first_seen: '2026-11-20T10:00:00Z',
      last_seen: '2026-11-20T10:00:00Z',
      count: 1,
      fingerprint: '0123456789abcdef',
      received_at: '2026-11-20T10:00:00Z',
    };
    const body = JSON.stringify({ id: texts[1], events: [event] });
    const headers = signed(body, SECRETS.SELF_HEALING_RELAY_SECRET);
    expect(await post(serving, '/intake/relay', body, headers)).toMatchObject({ status: 202 });
    expectClean(serving);
  });

  it.each([
    ['alertmanager', SECRETS.ALERTMANAGER_TOKEN],
    ['loki', SECRETS.LOKI_TOKEN],
  ])('%s', async (name, token) => {
    const serving = await served();
    expect(await post(serving, `/intake/${name}`, alerts, bearer(token))).toMatchObject({ status: 202 });
    expectClean(serving);
  });

  it('logs that serve follows: text, JSON, stacks, and the spool on disk', async () => {
    const config = 'version: "1.0"\nintake: { settle: 1h, settle_max: 1h }\nsources: { logs: [{ glob: app.log }] }\n';
    const serving = await served({ config });
    const { root, home } = serving.bench.repository;
    const log = join(root, 'app.log');
    writeFileSync(log, '');
    const lines = [
      ...texts.map(
        (text, at) => `2026-11-20T10:00:00Z ERROR [${text.slice(0, 40)}] part ${'abcdefghijklm'[at]} ${text}`,
      ),
      JSON.stringify({
        level: 50,
        msg: all,
        service: texts[8],
        req: { method: 'GET', url: `/x?${texts[6]}` },
        err: told,
      }),
      `TypeError: ${texts[7]}`,
      `    at ${texts[2]} (/srv/${texts[1]}.js:1:2)`,
    ];
    appendFileSync(log, `${lines.join('\n')}\n`);
    const count = () => serving.bench.db.get<{ n: number }>('SELECT count(*) AS n FROM events')?.n ?? 0;
    while (count() < texts.length) await sleep(20);
    expectClean(serving);
    const checkpoint = readFileSync(join(home, 'logs', 'checkpoint.json'), 'utf8');
    for (const [, gone] of Object.values(PLANTED)) expect(checkpoint).not.toContain(gone);
  });
});
