import { vi } from 'vitest';
import { BOT, loopbackSlack } from '../../intake/slack/loopback.ts';
import { channelContract, type Platform } from '../channel.contract.ts';

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
