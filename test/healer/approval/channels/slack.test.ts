import { expect, it, vi } from 'vitest';
import { post, SECRETS, served } from '../../intake/serving.ts';
import { BOT, loopbackSlack } from '../../intake/slack/loopback.ts';
import { slackHeaders } from '../../intake/sources/slack-headers.ts';
import { channelContract, type Platform } from '../channel.contract.ts';
import { awaitingStart, settingsWith } from '../waiting-fix.ts';

async function slackPlatform(): Promise<Platform> {
  const slack = await loopbackSlack();
  const tops = () => slack.messages.filter(({ user, ts, thread_ts }) => user === BOT && ts === thread_ts);
  const connected = () =>
    vi.waitFor(
      () => {
        if (!slack.connected()) throw new Error('not connected');
      },
      { timeout: 20_000, interval: 20 },
    );
  const channel = 'C0SHOP';
  /** A client may show buttons that are gone by now. */
  const once = new Map<string, { action_id: string; value: string; text: { text: string } }>();
  const remember = () => {
    for (const { ts, blocks = [] } of tops())
      for (const one of blocks.flatMap(({ elements = [] }) => elements)) once.set(`${ts} ${one.text.text}`, one);
  };
  return {
    env: { ...slack.env, SLACK_APP_TOKEN: 'xapp-loopback' },
    notify: `notify: { slack: { channel: ${channel}, approvers: [U0ADA, U0BOB] } }`,
    approvers: ['U0ADA', 'U0BOB'],
    stranger: 'U0EVE',
    live: /<!|<b>|<https:\/\/evil/,
    shown() {
      remember();
      return tops().map(({ text, blocks = [] }) => ({
        text: blocks.find(({ type }) => type === 'section')?.text?.text ?? text,
        buttons: blocks.flatMap(({ elements = [] }) => elements.map((one) => one.text.text)),
      }));
    },
    beneath: () =>
      slack
        .said()
        .filter(({ ts, thread_ts }) => ts !== thread_ts)
        .map(({ text }) => text),
    async tap(who, label, at = 0) {
      await connected();
      remember();
      const message = tops()[at];
      const button = once.get(`${message?.ts} ${label}`);
      if (!message || !button) throw new Error(`There is no button ${label}`);
      await slack.send('interactive', {
        type: 'block_actions',
        user: { id: who, username: who.toLowerCase() },
        trigger_id: 'trigger.1',
        channel: { id: channel },
        message: { ts: message.ts, text: message.text },
        actions: [
          { type: 'button', block_id: 'b', action_id: button.action_id, value: button.value, text: button.text },
        ],
      });
    },
    told: (who) => slack.ephemeral.filter(({ user }) => user === who).map(({ text }) => text),
    async giveReason(who, reason) {
      await vi.waitFor(
        () => {
          if (slack.views.length === 0) throw new Error('no dialog');
        },
        { timeout: 20_000, interval: 20 },
      );
      const view = slack.views.at(-1) as { callback_id: string; private_metadata: string };
      await slack.send('interactive', {
        type: 'view_submission',
        user: { id: who, username: who.toLowerCase() },
        view: { ...view, state: { values: { reason: { reason: { type: 'plain_text_input', value: reason } } } } },
      });
    },
    setDown(down) {
      slack.down = down;
    },
    loseNextAnswer: () => void slack.failures.push({ method: 'chat.postMessage', status: 503, after: true }),
  };
}

channelContract('slack', slackPlatform);

const config = settingsWith(
  'approval: { start: ask, channels: [slack] }\nnotify: { slack: { channel: C0SHOP, approvers: [U0ADA] } }',
);
const soon = { timeout: 30_000, interval: 20 };

it('takes taps over HTTP from Slack alone, and leaves alone what is none', async () => {
  const slack = await loopbackSlack();
  const to = await served({ config, env: { ...SECRETS, ...slack.env } });
  const incident = await awaitingStart(to.bench);
  await vi.waitFor(() => expect(slack.said()[0]?.blocks).toHaveLength(2), soon);
  const [, actions] = slack.said()[0]?.blocks ?? [];
  const approve = actions?.elements?.[0];
  const body = (change: object) => {
    const tap = {
      type: 'block_actions',
      user: { id: 'U0ADA' },
      channel: { id: 'C0SHOP' },
      actions: [approve],
      ...change,
    };
    return `payload=${encodeURIComponent(JSON.stringify(tap))}`;
  };
  const send = (text: string, secret = SECRETS.SLACK_SIGNING_SECRET) =>
    post(to, '/intake/slack', text, slackHeaders(text, secret));
  expect(await send(body({}), 'another-secret')).toMatchObject({ status: 401 });
  for (const actions of [
    [{ action_id: 'other', value: 'x' }],
    [{ ...approve, value: 'approve INC-zz' }],
    [{ ...approve, action_id: 'self_healing_skip' }],
  ])
    expect(await send(body({ actions }))).toMatchObject({ status: 200 });
  expect(await send(body({ actions: 'none' }))).toMatchObject({ status: 202 });
  expect((await to.bench.incidents.get(incident))?.status).toBe('awaiting_start');
  // A fix of an earlier asking has another key.
  const value = approve?.value.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  await send(body({ actions: [{ ...approve, value }] }));
  expect(slack.ephemeral).toMatchObject([{ user: 'U0ADA', text: expect.stringContaining('something else') }]);
  expect(await send(body({}))).toMatchObject({ status: 200 });
  expect((await to.bench.incidents.get(incident))?.status).not.toBe('awaiting_start');
});

it('asks by the settings of each incident, and tries seldom what Slack refuses for good', async () => {
  let clock = Date.now();
  const slack = await loopbackSlack();
  slack.failures.push({ method: 'chat.postMessage', error: 'channel_not_found' });
  const env = { ...SECRETS, ...slack.env };
  const overrides = `${config}overrides: [{ match: { source: manual }, set: { approval: { channels: [] } } }]\n`;
  const to = await served({ config: overrides, env, now: () => new Date(clock) });
  const asked = await awaitingStart(to.bench);
  const quiet = await awaitingStart(to.bench, 'the shop is slow');
  await vi.waitFor(
    () => expect(to.bench.db.all('SELECT incident, tries FROM messages')).toEqual([{ incident: asked, tries: 1 }]),
    soon,
  );
  clock += 10 * 60_000;
  await vi.waitFor(() => expect(to.logged.filter(({ event }) => event === 'slack_message')).toHaveLength(1), soon);
  clock += 6 * 60_000;
  await vi.waitFor(() => expect(slack.said()).toHaveLength(1), soon);
  expect(slack.said()[0]?.text).not.toContain(quiet);
  expect(JSON.stringify(to.logged)).not.toContain('xoxb-');
  const { channels } = (await (await fetch(`${to.url}/healthz`)).json()) as { channels: unknown };
  expect(channels).toEqual({ slack: { ready: true } });
});
