/** No planted secret is stored or logged, whatever source brings it and in whichever of its fields it stands. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { failedRuns } from './github/failed-run.ts';
import { post, SECRETS, type Served, served } from './serving.ts';
import { loopbackSlack, spoken } from './slack/loopback.ts';
import { githubHeaders } from './sources/github-headers.ts';
import { signedBySentry, withKey } from './sources/sentry-headers.ts';
import { signed } from './sources/signed.ts';
import { slackHeaders } from './sources/slack-headers.ts';

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
/** Every text that an event of Sentry may carry, where people and programs put their own. */
const sentryFrame = (at: number) => ({
  abs_path: `/srv/${texts[at]}/${texts[1]}.js`,
  filename: `${texts[at]}.js`,
  module: texts[7],
  package: texts[8],
  function: texts[3],
  lineno: 3,
  colno: 4,
  in_app: at % 2 === 0,
  context_line: all,
  vars: words,
});
const sentryEvent = (event_id: string) => ({
  event_id,
  level: 'error',
  platform: 'node',
  logger: texts[8],
  transaction: `GET /x?${texts[6]}`,
  server_name: texts[10],
  release: texts[1],
  dist: texts[0],
  environment: texts[3],
  timestamp: '2026-11-20T10:00:00Z',
  exception: {
    values: [
      { type: `Cause ${texts[7]}`, value: all, module: texts[8], stacktrace: { frames: [4, 5].map(sentryFrame) } },
      { type: `Error ${texts[1]}`, value: all, stacktrace: { frames: texts.map((_, at) => sentryFrame(at)) } },
    ],
  },
  logentry: { formatted: all, message: all },
  threads: { values: [{ crashed: true, stacktrace: { frames: [sentryFrame(2)] } }] },
  breadcrumbs: {
    values: texts.map((text) => ({
      timestamp: 1,
      category: text,
      type: 'http',
      level: text,
      message: text,
      data: { url: text, [text]: words },
    })),
  },
  user: { id: texts[8], username: texts[9], email: texts[8], ip_address: '203.0.113.77' },
  request: {
    method: 'POST',
    url: texts[5],
    headers: { Cookie: texts[4], Authorization: texts[3] },
    data: all,
    cookies: texts[4],
  },
  tags: Object.entries(words),
  extra: words,
  contexts: { runtime: words },
  fingerprint: texts,
  title: all,
  culprit: all,
  url: texts[5],
  web_url: texts[5],
  issue_url: texts[5],
});
const hook = (resource: string, data: object, action = 'triggered') => ({
  resource,
  body: JSON.stringify({ action, data, installation: { uuid: texts[1] }, actor: { name: texts[8] } }),
});

/** When nothing is left to be looked up. */
async function idle({ bench }: Served) {
  const waiting = () => bench.db.get<{ n: number }>('SELECT count(*) AS n FROM errands WHERE done_at_ms IS NULL')?.n;
  await vi.waitFor(() => expect(waiting()).toBe(0), { timeout: 20_000, interval: 20 });
}

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
      // Grafana's own.
      valueString: all,
      values: { [texts[0] ?? '']: all, B: words },
      dashboardURL: texts[5],
      panelURL: `${texts[5]}&${texts[7]}`,
      silenceURL: texts[5],
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
    ['grafana', SECRETS.ALERTMANAGER_TOKEN],
  ])('%s', async (name, token) => {
    const serving = await served();
    expect(await post(serving, `/intake/${name}`, alerts, bearer(token))).toMatchObject({ status: 202 });
    expectClean(serving);
  });

  it.each([
    ['an alert', hook('event_alert', { event: sentryEvent('a'.repeat(32)), triggered_rule: `rule ${all}` })],
    ['an error', hook('error', { error: sentryEvent('b'.repeat(32)) })],
    [
      'an issue',
      hook(
        'issue',
        {
          issue: {
            id: '7',
            title: all,
            culprit: all,
            level: 'error',
            status: 'unresolved',
            shortId: texts[8],
            permalink: texts[5],
            platform: texts[3],
            issueCategory: texts[7],
            metadata: { type: texts[1], value: all, filename: `src/${texts[0]}.js`, function: texts[3], title: all },
            project: { slug: texts[8], name: all },
          },
        },
        'created',
      ),
    ],
    [
      'a metric',
      hook(
        'metric_alert',
        {
          description_title: all,
          description_text: all,
          web_url: texts[5],
          metric_alert: {
            id: 7,
            identifier: texts[1],
            title: all,
            organization_id: texts[8],
            projects: [texts[8]],
            alert_rule: { id: texts[1], name: all, aggregate: texts[7], query: all, environment: texts[3] },
          },
        },
        'critical',
      ),
    ],
  ])('sentry: %s', async (_what, { resource, body }) => {
    const serving = await served();
    const headers = signedBySentry(body, SECRETS.SENTRY_CLIENT_SECRET, resource);
    expect(await post(serving, '/intake/sentry', body, headers)).toMatchObject({ status: 202, body: { events: 1 } });
    expectClean(serving);
  });

  it('the DSN', async () => {
    const serving = await served();
    const event = JSON.stringify(sentryEvent('c'.repeat(32)));
    const item = JSON.stringify({ type: 'event', length: Buffer.byteLength(event), filename: all });
    const header = { event_id: 'd'.repeat(32), trace: words, sdk: { name: all } };
    const body = [JSON.stringify(header), item, event, ''].join('\n');
    const headers = withKey(body, SECRETS.SENTRY_DSN_KEY);
    expect(await post(serving, '/api/4711/envelope/', body, headers)).toMatchObject({ status: 200 });
    expectClean(serving);
  });

  it('slack: what was said waits in the database before it is read, and is clean there too', async () => {
    const slack = await loopbackSlack();
    const serving = await served({ env: { ...SECRETS, ...slack.env } });
    const file = { mimetype: 'text/plain', preview: all, url_private: texts[5] };
    const attachment = { pretext: all, title: texts[1], text: all, fallback: all, from_url: texts[5] };
    const stack = `TypeError: ${all}\n    at f (/srv/${texts[0]}.js:1:2)`;
    for (const changes of [{}, { attachments: [attachment] }, { files: [file] }]) {
      const body = JSON.stringify(spoken(`report: \`\`\`${stack}\`\`\` ${texts.join('\n')}`, changes));
      const sent = await post(serving, '/intake/slack', body, slackHeaders(body, SECRETS.SLACK_SIGNING_SECRET));
      expect(sent).toMatchObject({ status: 202, body: { errands: 1 } });
    }
    await idle(serving);
    expectClean(serving);
    const said = JSON.stringify(slack.said());
    for (const [kind, [, gone]] of Object.entries(PLANTED)) expect([kind, said.includes(gone)]).toEqual([kind, false]);
  });

  it('github: what the webhook says, and the log of the step', async () => {
    const runs = await failedRuns();
    const serving = await served({ env: { ...SECRETS, ...runs.env } });
    const { job } = runs.add({
      command: `npm test -- --${texts[7]}`,
      output: `${texts.join('\n')}\nsrc/price.js(3,5): error TS2322: ${all}`,
    });
    const repository = { full_name: 'acme/shop', default_branch: 'main' };
    const told = { name: all, head_sha: texts[1], conclusion: 'failure', html_url: texts[5] };
    const bodies = {
      workflow_job: {
        workflow_job: {
          ...job,
          ...told,
          workflow_name: all,
          head_branch: texts[8],
          steps: [{ name: all, conclusion: 'failure' }],
        },
      },
      // Of neither there is anything at the API: what the webhook says is all.
      workflow_run: { workflow_run: { id: 1, ...told, head_branch: texts[8] } },
      check_run: {
        check_run: {
          id: 2,
          ...told,
          details_url: texts[5],
          app: { slug: 'lint', name: all },
          check_suite: { head_branch: texts[8] },
          output: { title: all, summary: all, text: all },
        },
      },
    };
    for (const [event, said] of Object.entries(bodies)) {
      const body = JSON.stringify({
        action: 'completed',
        repository,
        sender: { login: texts[8], type: 'User' },
        ...said,
      });
      const headers = githubHeaders(event)(body, SECRETS.GITHUB_WEBHOOK_SECRET);
      expect(await post(serving, '/intake/github', body, headers)).toMatchObject({ status: 202, body: { errands: 1 } });
    }
    await idle(serving);
    expect(serving.bench.db.get('SELECT count(*) AS n FROM events')).toEqual({ n: 3 });
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
