/** A link to an issue of Sentry that somebody gives the bot in Slack, against Sentry's API on the loopback interface. */
import { expect, it, vi } from 'vitest';
import { post, SECRETS, type Served, served } from '../serving.ts';
import { loopbackSlack, spoken } from '../slack/loopback.ts';
import { slackHeaders } from '../sources/slack-headers.ts';
import { EVENT, ISSUE, loopbackSentry } from './loopback.ts';

const projects = (...names: string[]) => `version: "1.0"\nsources: { sentry: { projects: [${names.join(', ')}] } }\n`;

async function together(options: Parameters<typeof served>[0] = {}) {
  const [slack, sentry] = [await loopbackSlack(), await loopbackSentry()];
  const to = await served({ ...options, env: { ...SECRETS, ...slack.env, ...sentry.env, ...options.env } });
  return { slack, sentry, to, link: `${sentry.url}/organizations/acme/issues/4509/?project=7` };
}

async function tell(to: Served, text: string) {
  const body = JSON.stringify(spoken(text));
  await post(to, '/intake/slack', body, slackHeaders(body, SECRETS.SLACK_SIGNING_SECRET));
}

async function idle({ bench }: Served) {
  await vi.waitFor(
    () => expect(bench.db.get<{ n: number }>('SELECT count(*) AS n FROM errands WHERE done_at_ms IS NULL')?.n).toBe(0),
    { timeout: 20_000, interval: 20 },
  );
  return bench.incidents.list();
}

it('becomes the incident of its latest event, as a webhook would have told it, and is answered in the thread', async () => {
  const { slack, sentry, to, link } = await together({ config: projects('shop') });
  await tell(to, `<${link}|TypeError: no price> please`);
  const [incident] = await idle(to);
  expect(incident).toMatchObject({ source: 'sentry', status: 'queued', files: ['src/price.js'], service: 'shop' });
  expect(incident?.event).toMatchObject({
    type: 'TypeError',
    message: 'no price for [email]',
    trigger: 'manual',
    file: 'src/price.js',
    line: 1,
    column: 14,
    function: 'price',
    frames: [{ file: 'src/price.js', in_app: true }, { in_app: false }],
    release: 'shop@1.4.0',
    environment: 'production',
    endpoint: 'POST /orders',
    affected_users: 17,
    first_seen: '2026-11-19T08:00:00.000Z',
    last_seen: '2026-11-20T10:06:17.000Z',
    group: '4509',
    url: 'https://acme.sentry.io/issues/4509/',
    labels: { project: 'shop', issue: 'SHOP-1A', user: 'U1' },
    stackTrace: expect.stringContaining('return cart.price;'),
  });
  expect(JSON.stringify(incident?.event)).toContain('GET /carts/7 [404]');
  expect(slack.said()).toMatchObject([{ text: expect.stringContaining(`*${incident?.incident}*`) }]);
  expect(sentry.requests.map(({ path }) => path)).toEqual([
    'organizations/acme/issues/4509/',
    'organizations/acme/issues/4509/events/latest/',
  ]);
  const stored = JSON.stringify([
    to.logged,
    to.bench.db.all('SELECT * FROM errands'),
    to.bench.db.all('SELECT * FROM events'),
  ]);
  expect(stored).not.toMatch(/sntrys-loopback|ann\.lee|203\.0\.113|9f8e7d6c|zx81zx81/);

  // The same event by a webhook is known.
  await tell(to, `${link}&again`);
  expect(await idle(to)).toMatchObject([{ count: 1 }]);
});

it('is one event of it, where the link names one', async () => {
  const { sentry, to } = await together();
  const id = 'a'.repeat(32);
  sentry.answers[`organizations/acme/issues/4509/events/${id}/`] = { ...EVENT, eventID: id, release: null };
  await tell(to, `${sentry.url}/organizations/acme/issues/4509/events/${id}/`);
  const [incident] = await idle(to);
  expect(incident?.event).toMatchObject({ file: 'src/price.js' });
  expect(sentry.requests.at(-1)?.path).toContain(id);
});

it('of a project that is not named here, or that the token may not see, is left alone and says why', async () => {
  const { slack, sentry, to, link } = await together({ config: projects('other') });
  await tell(to, link);
  expect(await idle(to)).toEqual([]);
  expect(slack.said()[0]?.text).toContain('it is of the project shop, which sources.sentry.projects does not name');
  expect(sentry.requests).toHaveLength(1);
  await tell(to, link.replace('4509', '77'));
  await idle(to);
  expect(slack.said()[1]?.text).toContain('Sentry answered 404');
  // What was said beside it counts all the same.
  await tell(to, `TypeError: told beside it\n${link.replace('4509', '77')}`);
  expect(await idle(to)).toMatchObject([{ source: 'slack', error: 'TypeError: told beside it' }]);
});

it('is asked again where Sentry does not answer, as late as it wants', async () => {
  let clock = Date.now();
  const { sentry, to, link } = await together({ now: () => new Date(clock) });
  sentry.failures.push({ status: 429, headers: { 'retry-after': '120' } });
  await tell(to, link);
  const errand = () => to.bench.db.get<{ tries: number; due: number }>('SELECT tries, due_at_ms AS due FROM errands');
  await vi.waitFor(() => expect(errand()?.tries).toBe(1), { timeout: 20_000 });
  expect(errand()?.due).toBe(clock + 120_000);
  clock += 120_000;
  expect(await idle(to)).toMatchObject([{ files: ['src/price.js'] }]);
});

it('is kept as a link without a token, and of another Sentry; the token goes nowhere else', async () => {
  const elsewhere = await loopbackSentry();
  const { slack, sentry, to, link } = await together();
  sentry.failures.push({
    status: 302,
    headers: { location: `${elsewhere.url}/api/0/organizations/acme/issues/4509/` },
  });
  for (const text of [link, `${elsewhere.url}/organizations/acme/issues/4509/`, 'https://acme.sentry.io/issues/4509/'])
    await tell(to, text);
  expect(await idle(to)).toEqual([]);
  expect(elsewhere.requests).toEqual([]);
  expect(sentry.requests).toHaveLength(1);
  expect(slack.said()[0]?.text).toContain('Sentry answered 302');

  const without = await together({ env: { SENTRY_AUTH_TOKEN: '' } });
  await tell(without.to, `TypeError: no price ${without.link}`);
  expect(await idle(without.to)).toMatchObject([{ source: 'slack', event: { url: without.link } }]);
  expect(without.sentry.requests).toEqual([]);
});

it.each([
  ['no JSON', 'nonsense'],
  ['of another shape', { entries: 7, tags: 'x', user: [], release: 3 }],
  [
    'with odd parts',
    {
      ...EVENT,
      entries: [{ type: 'exception', data: { values: [7, null, { stacktrace: { frames: [null, 1, {}] } }] } }, null],
    },
  ],
  ['too large', `"${'x'.repeat(5 * 1024 * 1024)}"`],
])('an event %s breaks nothing', async (_what, event) => {
  const { sentry, to, link } = await together();
  sentry.answers['organizations/acme/issues/4509/events/latest/'] = event;
  sentry.answers['organizations/acme/issues/4509/'] = { ...ISSUE, count: null };
  await tell(to, link);
  await idle(to);
  expect(to.logged.filter(({ event: name }) => name === 'errand')).toMatchObject([{ outcome: 'done' }]);
});
