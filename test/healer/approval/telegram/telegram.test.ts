import { expect, it, vi } from 'vitest';
import { telegramChannel } from '../../../../healer/approval/telegram/channel.ts';
import { openTelegram } from '../../../../healer/notify/telegram/api.ts';
import { type Served, type ServedOptions, served } from '../../intake/serving.ts';
import { awaitingStart, settingsWith } from '../waiting-fix.ts';
import { CHAT, telegramPlatform } from './platform.ts';

const soon = { timeout: 50_000, interval: 10 };
const BUTTONS = ['📋 Queue Status', '🚨 Recent Errors', '📊 System Status', '🔄 Refresh'];

async function together(options: ServedOptions = {}) {
  const chat = await telegramPlatform();
  const config = settingsWith(
    `approval: { start: ask, channels: [telegram] }\n${chat.notify}\nservices: [{ name: checkout, tag: PA }]`,
  );
  return { chat, to: await served({ config, env: chat.env, ...options }) };
}

const statusOf = async ({ bench }: Served, incident: string) => (await bench.incidents.get(incident))?.status;

it('shows the dashboard as one message that is edited in place', async () => {
  const { chat, to } = await together();
  const { telegram } = chat;
  const incident = await awaitingStart(to.bench);
  to.bench.db.run("UPDATE incidents SET service = 'checkout', severity = 'critical'");
  await vi.waitFor(() => expect(chat.tops()).toHaveLength(1), soon);
  await chat.write('66', '/start@healer_bot');
  await vi.waitFor(() => expect(chat.tops()).toHaveLength(2), soon);
  const [, board] = chat.tops();
  const id = board?.message_id ?? 0;
  expect(chat.shown()[1]).toEqual({ text: expect.stringMatching(/^🏠 Self-Healing Dashboard\n/), buttons: BUTTONS });
  expect(board?.text).toContain('🙋 1 need you');

  await chat.press('66', id, 'view errors');
  expect(board?.text).toMatch(/🔴 \[PA\] .*TypeError: Cannot read properties of undefined.*…/);
  expect(board?.text).toContain('🙋 needs you • just now');
  const shown = /\[PA\] (?:<code>)?(.*?)(?:<\/code>)?\n/.exec(board?.text ?? '')?.[1] ?? '';
  expect(shown.length).toBeLessThanOrEqual(60);
  await chat.press('66', id, 'view queue');
  expect(board?.text).toContain('<b>Needs you</b>');
  await chat.press('66', id, 'view system');
  expect(board?.text).toMatch(/▶️ Running[\s\S]*✅ telegram/);

  // Refreshing shows the same view, as it is by now.
  await chat.press('66', id, 'view errors');
  await to.bench.incidents.transition({ incident, to: 'skipped', who: 'person:ada', why: '' });
  const refresh = board?.reply_markup?.inline_keyboard?.flat().find(({ text }) => text === '🔄 Refresh');
  await chat.press('66', id, refresh?.callback_data ?? '');
  expect(board?.text).toContain('⏭ skipped');
  await chat.press('66', id, refresh?.callback_data ?? '');
  expect(chat.tops()).toHaveLength(2);
  expect(telegram.calls.filter(({ method }) => method === 'answerCallbackQuery')).toHaveLength(6);

  // Called again it stands at the end of the chat; other bots' commands, other chats and talk are left alone.
  await chat.write('66', '/dashboard');
  await vi.waitFor(() => expect(chat.tops()).toHaveLength(3), soon);
  await vi.waitFor(() => expect(board?.text).toContain('further below'), soon);
  await chat.write('66', '/start@other_bot');
  await chat.write('11', '/dashboard', { chat: '999' });
  await chat.write('66', 'hello');
  expect(telegram.messages).toHaveLength(3);
});

it('takes decisions in the configured chat alone', async () => {
  const { chat, to } = await together();
  const incident = await awaitingStart(to.bench);
  await vi.waitFor(() => expect(chat.tops()).toHaveLength(1), soon);
  const [question] = chat.tops();
  const data = question?.reply_markup?.inline_keyboard?.[0]?.[0]?.callback_data ?? '';
  expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
  await chat.press('11', question?.message_id ?? 0, data, '999');
  await chat.press('11', question?.message_id ?? 0, 'approve INC-0000000000000000; drop');
  await chat.press('11', question?.message_id ?? 0, data.replace('approve', 'publish'));
  expect(chat.told('11')).toHaveLength(3);
  expect(await statusOf(to, incident)).toBe('awaiting_start');
});

it('carries out once what came before a crash and was not confirmed', async () => {
  const { chat, to } = await together();
  const { telegram } = chat;
  await chat.write('11', '/dashboard');
  await vi.waitFor(() => expect(chat.tops()).toHaveLength(1), soon);
  const done = telegram.calls.filter(({ method }) => method === 'getUpdates').at(-1)?.body;
  expect(done).toMatchObject({ allowed_updates: ['callback_query', 'message'], offset: expect.any(Number) });
  await to.close();
  // Telegram gives the same update again to whoever asks without an offset.
  const id = Number(done?.offset) - 1;
  const message = { message_id: 1, date: 1, text: '/dashboard', chat: { id: Number(CHAT), type: 'supergroup' } };
  telegram.again({ update_id: id, message: { ...message, from: { id: 11, is_bot: false, first_name: 'Ada' } } });
  await served({ env: chat.env, repository: to.bench.repository });
  await vi.waitFor(() => expect(telegram.open()).toBe(0), soon);
  expect(chat.tops()).toHaveLength(1);
});

it('goes on where Telegram asks it to wait, where another program polls, and where it was put out of the chat', async () => {
  const { chat, to } = await together();
  const { telegram } = chat;
  telegram.failures.push(
    { method: 'getUpdates', code: 409, description: "Conflict: can't use getUpdates method while webhook is active" },
    { method: 'getUpdates', code: 429, retryAfter: 1 },
    { method: 'sendMessage', code: 403, description: 'Forbidden: bot was kicked from the supergroup chat' },
  );
  const incident = await awaitingStart(to.bench);
  const log = (event: string) => to.logged.filter((one) => one.event === event);
  await vi.waitFor(
    () => expect(log('telegram_message')).toMatchObject([{ why: expect.stringContaining('kicked') }]),
    soon,
  );
  // Answered by the poll that is open; the next ones meet the failures.
  await chat.write('66', 'hello').catch(() => {});
  await vi.waitFor(
    () =>
      expect(log('telegram_poll')).toMatchObject([
        { why: expect.stringMatching(/409.*a bot of its own/) },
        { why: expect.stringContaining('429') },
        { connected: true },
      ]),
    soon,
  );
  expect(telegram.calls.some(({ method }) => method === 'deleteWebhook')).toBe(false);
  expect(await statusOf(to, incident)).toBe('awaiting_start');
  expect(JSON.stringify(to.logged)).not.toContain('loopback-token');
});

it('sends what is too long for a message as a file, below the question', async () => {
  const { telegram } = await telegramPlatform();
  const api = openTelegram(telegram.env);
  if (!api) throw new Error('no token');
  const diff = `+const x = '<b>&amp;';\n${'+line\n'.repeat(1500)}`;
  const message = (text: string) => ({
    buttons: [],
    text: (write: { code(text: string, max: number): string }) => `Tree\n${write.code(text, 9000)}`,
  });
  const channel = telegramChannel(api);
  const place = channel.repliesTo({ place: CHAT, name: '41' });
  expect(await channel.post(place, message(diff), 'm')).toMatchObject({ ok: true });
  expect(await channel.post(place, message('+short <b>'), 'm')).toMatchObject({ ok: true });
  expect(telegram.messages).toMatchObject([
    {
      reply_to: 41,
      text: 'Tree',
      file: { name: 'diff-and-evidence.txt', content: expect.stringContaining(`'<b>&amp;';`) },
    },
    { reply_to: 41, text: 'Tree\n<pre>+short &lt;b&gt;</pre>' },
  ]);
  expect(telegram.messages[0]?.file?.content.length).toBeLessThan(9100);
});
