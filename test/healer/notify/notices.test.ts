import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it, vi } from 'vitest';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { escalate } from '../../../healer/fixes/escalate.ts';
import { retry } from '../../../healer/incidents/decisions.ts';
import { reportError } from '../../../healer/incidents/report-error.ts';
import { workingConfig } from '../../../healer/incidents/working-config.ts';
import type { Log, LogFields } from '../../../healer/intake/log.ts';
import { timedSignature } from '../../../healer/intake/proofs/timed-signature.ts';
import { email } from '../../../healer/notify/channels/email.ts';
import { webhook } from '../../../healer/notify/channels/webhook.ts';
import { tellBeforeEnd } from '../../../healer/notify/clocks.ts';
import { handOverNotice } from '../../../healer/notify/hand-over-notice.ts';
import { spreadNotices, tellNext } from '../../../healer/notify/outbox.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { claimNotice, handOverOf } from '../../../store/notices.ts';
import { type Served, type ServedOptions, served } from '../intake/serving.ts';
import { loopbackSlack } from '../intake/slack/loopback.ts';
import { sampleBench } from '../sample-repository.ts';
import { loopbackSmtp } from './loopback-smtp.ts';
import { loopbackTelegram } from './loopback-telegram.ts';

const SECRET = 'relay-secret-1';
/** What an attacker writes into a log. */
const ERROR = `TypeError: <b>@all</b> *bold* \`code\` </code> https://evil.example/x & "quotes"
    at price (/srv/shop/src/price.js:1:14)`;

const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

async function receiver() {
  const came: { path: string; body: string; headers: IncomingHttpHeaders }[] = [];
  const answers: { status: number; headers?: Record<string, string> }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    came.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString('utf8'), headers: request.headers });
    const { status, headers = {} } = answers.shift() ?? { status: 200 };
    if (status === 0) return; // never answers
    response.writeHead(status, headers).end('{}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`, came, answers };
}

const config = (notify: string, more = '') => `version: "1.0"\napproval: { start: ask }\nnotify: ${notify}\n${more}`;

async function waiting(bench: Workbench): Promise<string> {
  const { incident } = await reportError(bench, { text: ERROR });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'awaiting_start' });
  return incident;
}

const handOver = (bench: Workbench, incident: string, reason = 'No attempt passed <the> gate.') =>
  escalate(bench, { incident, reason, needs: 'Decide about `x` & y', failureMode: 'verification', who: 'heal' });

const rows = ({ bench }: Served) =>
  bench.db.all<{ channel: string; round: number; tries: number; done: number; why: string | null }>(
    "SELECT channel, round, tries, done_at_ms IS NOT NULL AS done, why FROM notices WHERE channel <> '' ORDER BY channel",
  );
const told = (to: Served) =>
  vi.waitFor(
    () => {
      const all = rows(to);
      expect(all.length).toBeGreaterThan(0);
      expect(all.every(({ done }) => done === 1)).toBe(true);
      return all;
    },
    { timeout: 20_000, interval: 20 },
  );

async function everywhere(options: ServedOptions = {}) {
  const [slack, telegram, smtp, hook] = [
    await loopbackSlack(),
    await loopbackTelegram(),
    await loopbackSmtp(),
    await receiver(),
  ];
  const notify = `{ slack: { channel: C0SHOP1 }, telegram: { chat_id: -100 }, webhook: "${hook.url}", email: { from: "Healer <healer@example.com>", to: [ada@example.com, bob@example.com] } }`;
  const env = { ...slack.env, ...telegram.env, ...smtp.env, SELF_HEALING_RELAY_SECRET: SECRET, ...options.env };
  return { slack, telegram, smtp, hook, notify, env };
}

it('tells a hand-over over every channel, once, whatever the error says', async () => {
  const { slack, telegram, smtp, hook, notify, env } = await everywhere();
  const to = await served({ config: config(notify), env });
  const incident = await waiting(to.bench);
  const { payload } = await handOver(to.bench, incident);
  expect((await told(to)).map(({ channel, tries }) => [channel, tries])).toEqual([
    ['email', 1],
    ['slack', 1],
    ['telegram', 1],
    ['webhook', 1],
  ]);

  expect(JSON.parse(hook.came[0]?.body ?? '')).toEqual(payload);
  expect(Object.keys(payload).sort()).toEqual(
    'attempts failure_mode failure_summary incident job_id needs report requires_action round'.split(' '),
  );
  const { headers, body } = hook.came[0] ?? { headers: {}, body: '' };
  const proof = timedSignature('SELF_HEALING_RELAY_SECRET', 'X-Self-Healing-Signature');
  const signed = { headers: headers as Record<string, string>, body: Buffer.from(body) };
  expect(proof.fault(signed as never, SECRET, new Date())).toBeUndefined();
  expect(proof.fault(signed as never, 'another secret', new Date())).toBeDefined();

  const [said] = slack.said();
  expect(said).toMatchObject({ channel: 'C0SHOP1', text: expect.stringContaining(`*${incident}* needs you`) });
  expect(said?.text).toContain("`TypeError: &lt;b&gt;@all&lt;/b&gt; *bold* 'code' &lt;/code&gt; https://evil");
  expect(said?.text).toMatch(/\*Decide:\* `Decide about 'x' &amp; y`/);

  const [message] = telegram.messages;
  expect(message).toMatchObject({ chat_id: '-100', text: expect.stringContaining(`<b>${incident}</b> needs you`) });
  expect(message?.text).toContain('<code>TypeError: &lt;b&gt;@all&lt;/b&gt; *bold* `code` &lt;/code&gt; https://evil');
  // Our own tags alone are left.
  expect(message?.text.replace(/<\/?(?:b|code)>/g, '')).not.toMatch(/[<>]/);
  expect(message?.text.length).toBeLessThan(4096);

  const [mail] = smtp.mails;
  expect(mail).toMatchObject({ from: 'healer@example.com', to: ['ada@example.com', 'bob@example.com'] });
  expect(mail?.login).toBe('\0robot\0pass/word1');
  // An encoded word, so that nothing in it is a header of its own.
  expect(mail?.data).toMatch(/^Subject: =\?UTF-8\?Q\?=5Bself-healing=5D_INC-/m);
  expect(mail?.data).toContain('text/plain');

  expect(to.logged.filter(({ event }) => event === 'told')).toHaveLength(4);
  const health = await (await fetch(`${to.url}/healthz`)).json();
  expect(health).toMatchObject({ notices: { waiting: 0, first: [] } });
  const log = JSON.stringify(to.logged);
  for (const secret of ['hook/s3cret', 'loopback-token', 'pass/word1', SECRET]) expect(log).not.toContain(secret);

  // Another start tells nobody again; another round does.
  await to.close();
  const again = await served({ config: config(notify), env, repository: to.bench.repository });
  await retry(again.bench.incidents, { incident, who: 'person:ada' });
  await again.bench.incidents.transition({ incident, to: 'escalated', who: 'serve', why: 'budget: over the day' });
  await vi.waitFor(() => expect(hook.came).toHaveLength(2), { timeout: 20_000, interval: 20 });
  await told(again);
  expect([slack.said().length, telegram.messages.length, smtp.mails.length]).toEqual([2, 2, 2]);
  // Nobody wrote a hand-over for it: what its rows say is told, with a report.
  expect(JSON.parse(hook.came[1]?.body ?? '')).toMatchObject({
    round: 2,
    failure_summary: 'budget: over the day',
    report: `.self-healing/reports/${incident}.md`,
  });
  expect(handOverOf(again.bench.db, incident, 2)).toMatchObject({ round: 2 });
});

it('tells by the settings of the incident, and nobody when none are there', async () => {
  const [one, other] = [await receiver(), await receiver()];
  const overrides = `overrides: [{ match: { files: ["src/**"] }, set: { notify: { webhook: "${other.url}" } } }]\n`;
  const to = await served({ config: config(`{ webhook: "${one.url}" }`, overrides), env: {} });
  await handOver(to.bench, await waiting(to.bench));
  await told(to);
  expect([one.came.length, other.came.length]).toEqual([0, 1]);
  expect(other.came[0]?.headers['x-self-healing-signature']).toBeUndefined();

  const silent = await served({ config: config('{}'), env: {} });
  await handOver(silent.bench, await waiting(silent.bench));
  await vi.waitFor(() => expect(silent.logged.some(({ event }) => event === 'nobody_to_tell')).toBe(true), {
    timeout: 20_000,
  });
});

/** An outbox without a clock of its own. */
async function outboxOn(notify: string, env: Record<string, string> = {}) {
  const clock = { ms: Date.now() };
  const files = { 'src/price.js': 'export const price = 1;\n', '.self-healing/config.yaml': config(notify) };
  const { bench } = await sampleBench(files, { now: () => new Date(clock.ms) });
  const logged: ({ event: string } & LogFields)[] = [];
  const settings = async () => ({ config: await workingConfig(bench.repository) });
  const log: Log = (_level, event, fields) => void logged.push({ event, ...fields });
  return { outbox: { bench, env, settings, log }, bench, clock, logged };
}

it('tries again with growing pauses while a channel is down, and gives up after a day', async () => {
  const hook = await receiver();
  const { outbox, bench, clock, logged } = await outboxOn(`{ webhook: "${hook.url}" }`);
  await handOver(bench, await waiting(bench));
  await spreadNotices(outbox);
  const signal = new AbortController().signal;
  const pauses: number[] = [];
  for (let tries = 1; tries < 100 && logged.at(-1)?.event !== 'telling_given_up'; tries++) {
    hook.answers.push({ status: 503 });
    expect(await tellNext(outbox, webhook, signal)).toBe(true);
    expect(hook.came).toHaveLength(tries);
    expect(await tellNext(outbox, webhook, signal)).toBe(false);
    const pause = Number(logged.at(-1)?.in_ms ?? 0);
    if (pause > 0) pauses.push(pause / 1000);
    clock.ms += pause;
  }
  expect(pauses.slice(0, 4)).toEqual([10, 20, 40, 80]);
  expect(Math.max(...pauses)).toBe(3600);
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThanOrEqual(24 * 3600);
  expect(logged.at(-1)).toMatchObject({
    event: 'telling_given_up',
    channel: 'webhook',
    why: expect.stringContaining('503'),
  });
  clock.ms += 7 * 86_400_000;
  expect(await tellNext(outbox, webhook, signal)).toBe(false);
});

it('tells whom it can before a command ends, and leaves the rest to the next process', async () => {
  const [hook, telegram] = [await receiver(), await loopbackTelegram()];
  const { outbox, bench, logged } = await outboxOn(`{ webhook: "${hook.url}", telegram: { chat_id: 7 } }`);
  await handOver(bench, await waiting(bench));
  // Takes the request and never answers.
  const ending = new AbortController();
  hook.answers.push({ status: 0 });
  const ended = tellBeforeEnd(outbox, ending.signal);
  await vi.waitFor(() => expect(hook.came).toHaveLength(1), { timeout: 20_000, interval: 5 });
  ending.abort();
  await ended;
  expect(logged.filter(({ event }) => event === 'told')).toEqual([]);
  // One with the token goes on with both, at once.
  await tellBeforeEnd({ ...outbox, env: telegram.env }, AbortSignal.timeout(20_000));
  expect(
    logged
      .filter(({ event }) => event === 'told')
      .map(({ channel }) => channel)
      .sort(),
  ).toEqual(['telegram', 'webhook']);
  expect([hook.came.length, telegram.messages.length]).toEqual([2, 1]);
  expect(hook.came[0]?.headers['idempotency-key']).toBe(hook.came[1]?.headers['idempotency-key']);
});

it('gives what one process sends to no other, and to the next when it died with it', async () => {
  const hook = await receiver();
  const { outbox, bench, clock } = await outboxOn(`{ webhook: "${hook.url}" }`);
  await handOver(bench, await waiting(bench));
  await spreadNotices(outbox);
  const died = claimNotice(bench.db, 'webhook', 120_000, bench.now());
  expect(died).toMatchObject({ channel: 'webhook', tries: 0 });
  await tellBeforeEnd(outbox, AbortSignal.timeout(20_000));
  expect(hook.came).toEqual([]);
  clock.ms += 120_000;
  await tellBeforeEnd(outbox, AbortSignal.timeout(20_000));
  expect(hook.came).toHaveLength(1);
});

it('follows no redirect, waits as long as it is asked to, and stops where it is not wanted', async () => {
  const [target, hook] = [await receiver(), await receiver()];
  let clock = Date.now();
  hook.answers.push(
    { status: 307, headers: { location: target.url } },
    { status: 429, headers: { 'retry-after': '900' } },
    { status: 410 },
  );
  const to = await served({ config: config(`{ webhook: "${hook.url}" }`), env: {}, now: () => new Date(clock) });
  await handOver(to.bench, await waiting(to.bench));
  const seen = (event: string, times: number) =>
    vi.waitFor(() => expect(to.logged.filter((one) => one.event === event)).toHaveLength(times), { timeout: 20_000 });
  await seen('telling_later', 1);
  clock += 10_000;
  await seen('telling_later', 2);
  expect(to.logged.findLast(({ event }) => event === 'telling_later')).toMatchObject({ in_ms: 900_000 });
  const health = await (await fetch(`${to.url}/healthz`)).json();
  expect(health).toMatchObject({ notices: { waiting: 1, first: [{ channel: 'webhook', tries: 2 }] } });
  clock += 900_000;
  await seen('telling_given_up', 1);
  expect(target.came).toEqual([]);
});

it('finds a message of Slack that had arrived, and tells nobody of what a person has taken up meanwhile', async () => {
  let clock = Date.now();
  const slack = await loopbackSlack();
  slack.failures.push({ method: 'chat.postMessage', status: 503, after: true });
  const to = await served({
    config: config('{ slack: { channel: C0SHOP1 }, telegram: { chat_id: 7 } }'),
    env: slack.env,
    now: () => new Date(clock),
  });
  const incident = await waiting(to.bench);
  await handOver(to.bench, incident);
  await vi.waitFor(() => expect(to.logged.some(({ event }) => event === 'telling_later')).toBe(true), {
    timeout: 20_000,
  });
  clock += 10_000;
  await vi.waitFor(() => expect(to.logged.some(({ event }) => event === 'told')).toBe(true), { timeout: 20_000 });
  expect(slack.said()).toHaveLength(1);
  // This process has no token for Telegram: another one may.
  expect(rows(to)).toMatchObject([{ channel: 'slack' }, { channel: 'telegram', tries: 0, done: 0 }]);
  await retry(to.bench.incidents, { incident, who: 'person:ada' });
  await vi.waitFor(() => expect(rows(to)[1]).toMatchObject({ done: 1 }), { timeout: 20_000 });
});

it('keeps what a mail server refuses for later, unless it refuses the address, and names no password', async () => {
  let clock = Date.now();
  const smtp = await loopbackSmtp();
  smtp.failures.push({ command: 'AUTH', answer: '535 pass/word1 is wrong' }, { command: 'RCPT', answer: '550 nobody' });
  const to = await served({
    config: config('{ email: { from: healer@example.com, to: [ada@example.com] } }'),
    env: smtp.env,
    now: () => new Date(clock),
  });
  await handOver(to.bench, await waiting(to.bench));
  await vi.waitFor(() => expect(rows(to)[0]?.why).toContain('535'), { timeout: 20_000 });
  expect(rows(to)[0]?.why).not.toContain('pass/word1');
  clock += 10_000;
  await vi.waitFor(() => expect(rows(to)[0]).toMatchObject({ done: 1, tries: 2 }), { timeout: 20_000 });
  expect(rows(to)[0]?.why).toContain('550');
  expect(smtp.mails).toEqual([]);
});

it('lets no name or error add a header or an address to a mail', async () => {
  const smtp = await loopbackSmtp();
  const { bench } = await outboxOn('{}');
  const incident = await waiting(bench);
  await handOver(bench, incident);
  const record = await bench.incidents.get(incident);
  if (!record) throw new Error('gone');
  const notice = await handOverNotice(bench, { ...record, error: 'x\r\nBcc: eve@evil.example\r\n\r\n<b>' });
  const to = ['ada@example.com'];
  const notify = { ...defaultConfig().notify, email: { from: 'healer@example.com', to } };
  const sending = { notify, env: smtp.env, again: false, now: new Date(), signal: new AbortController().signal };
  expect(await email.send({ ...notice, repository: 'shop\r\nBcc: eve@evil.example' }, sending)).toEqual({
    outcome: 'told',
  });
  expect(smtp.mails).toMatchObject([{ to }]);
  expect(smtp.mails[0]?.data).not.toMatch(/^Bcc:/m);
});
