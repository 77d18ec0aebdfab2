/** What people do in Telegram: taps on questions and on the dashboard, reasons by reply, and two commands. */
import type { CallbackQuery, Message, Update } from 'grammy/types';
import { z } from 'zod';
import type { Config } from '../../../context/schemas/config.ts';
import { oneLine } from '../../../events/plain-text.ts';
import { type Cache, openCache } from '../../../store/cache.ts';
import type { Log } from '../../intake/log.ts';
import type { Settings } from '../../intake/settings.ts';
import type { Env } from '../../notify/channel.ts';
import type { TelegramApi } from '../../notify/telegram/api.ts';
import { htmlWords } from '../../notify/telegram/html.ts';
import type { Workbench } from '../../workbench.ts';
import { wantDetails } from '../asked.ts';
import type { Answer, Decided, Desk } from '../desk.ts';
import { settingsFor } from '../question.ts';
import { dashboardKeyboard, type Tapped, tappedOf, type View } from './buttons.ts';
import { editMessage, SHOWN } from './channel.ts';
import { dashboardText } from './dashboard.ts';

export interface TelegramUpdates {
  bench: Workbench;
  env: Env;
  telegram: TelegramApi;
  desk: Desk;
  settings: () => Promise<Pick<Settings, 'config'>>;
  log: Log;
}

/** Reasons that are waited for, and dashboards that stand: the newest. */
const KEPT = 100;
const NOTICE = 190;
const askedSchema = z.object({ incident: z.string(), key: z.string(), who: z.string() });

export function handleUpdate(options: TelegramUpdates): (update: Update) => Promise<void> {
  return async ({ callback_query: query, message }) => {
    if (query) return tapped(options, query);
    if (message) return said(options, message);
  };
}

/** Every chat that the settings name, for all incidents or for some. */
export function chatsOf({ notify, overrides }: Config): Set<string> {
  const named = [notify.telegram, ...overrides.map(({ set }) => set.notify?.telegram)];
  return new Set(named.flatMap((one) => (one?.chat_id ? [one.chat_id] : [])));
}

async function tapped(options: TelegramUpdates, query: CallbackQuery): Promise<void> {
  const { settings, log } = options;
  const chat = query.message && String(query.message.chat.id);
  const tap = tappedOf(query.data ?? '');
  const { config } = await settings();
  if (tap === undefined || chat === undefined || !chatsOf(config).has(chat)) return notice(options, query, ELSEWHERE);
  if (tap.kind === 'view') {
    await show(options, { chat, message: query.message?.message_id ?? 0 }, tap.view, config);
    return hush(options, query);
  }
  log('info', 'telegram_tap', { action: tap.action, incident: tap.incident });
  const record = await options.bench.incidents.get(tap.incident);
  if (record && settingsFor(config, record, options.bench.db).notify.telegram.chat_id !== chat)
    return notice(options, query, ELSEWHERE);
  return answered(options, query, { chat, tap });
}

const ELSEWHERE = 'That is not asked in this chat.';
const NO_APPROVER = 'Only approvers (notify.telegram.approvers) are shown the change.';

async function answered(
  options: TelegramUpdates,
  query: CallbackQuery,
  { chat, tap }: { chat: string; tap: Extract<Tapped, { kind: 'question' }> },
): Promise<void> {
  const { bench, desk } = options;
  const { action, incident, key } = tap;
  const answer = { incident, key: key || undefined, channel: 'telegram', ...personOf(query.from) } as const;
  const message = query.message?.message_id ?? 0;
  if (action === 'details') {
    if (!(await desk.isApprover(answer))) return notice(options, query, NO_APPROVER);
    const fresh = await wantDetails(bench, { chat: 'telegram', place: `${chat} ${message}`, incident, key });
    return fresh ? hush(options, query) : notice(options, query, 'It stands below the question already.');
  }
  if (action === 'reject') {
    const refused = await desk.refusal({ ...answer, answer: 'reject' });
    if (refused) return tell(options, query, refused);
    const asked = { incident, key, who: answer.who };
    if (!wasAsked(bench, asked) && (await askReason(options, { chat, message, name: query.from.first_name }, asked)))
      return hush(options, query);
  }
  return tell(options, query, await desk.decide({ ...answer, answer: action }));
}

const reasons = (bench: Workbench): Cache => openCache(bench.db, 'telegram_reasons', bench.now);

/** A second tap rejects without a reason. */
function wasAsked(bench: Workbench, asked: z.output<typeof askedSchema>): boolean {
  const same = JSON.stringify(asked);
  return reasons(bench)
    .entries()
    .some(([, value]) => JSON.stringify(askedSchema.safeParse(value).data) === same);
}

/** False when Telegram takes no question: then it is rejected without a reason. */
async function askReason(
  { telegram, bench }: TelegramUpdates,
  { chat, message, name }: { chat: string; message: number; name: string },
  asked: z.output<typeof askedSchema>,
): Promise<boolean> {
  const sent = await telegram.ask((api) =>
    api.sendMessage(
      chat,
      `${htmlWords(oneLine(name, 40))}, what is wrong with it? Reply to this message; the next attempt reads it. A second tap on ❌ Skip rejects without a reason.`,
      {
        ...SHOWN,
        reply_parameters: { message_id: message, allow_sending_without_reply: true },
        reply_markup: { force_reply: true, selective: true, input_field_placeholder: 'What is wrong with the fix?' },
      },
    ),
  );
  if (!sent.ok) return false;
  reasons(bench).set(`${chat} ${sent.data.message_id}`, asked);
  reasons(bench).prune(KEPT);
  return true;
}

async function said(options: TelegramUpdates, message: Message): Promise<void> {
  const { bench, desk, settings, telegram } = options;
  const { config } = await settings();
  const chat = String(message.chat.id);
  const { from, text = '' } = message;
  if (!from || from.is_bot || !chatsOf(config).has(chat)) return;
  const command = /^\/(?:start|dashboard)(?:@(\w+))?(?:\s|$)/.exec(text);
  if (command) {
    const name = command[1];
    if (name !== undefined && name.toLowerCase() !== (await ownName(telegram))?.toLowerCase()) return;
    return openDashboard(options, chat, config);
  }
  const asked = message.reply_to_message && `${chat} ${message.reply_to_message.message_id}`;
  const found = asked === undefined ? undefined : askedSchema.safeParse(reasons(bench).get(asked)).data;
  if (asked === undefined || !found || text.trim() === '' || found.who !== String(from.id)) return;
  const { incident, key } = found;
  const person = personOf(from);
  const answer: Answer = {
    incident,
    key: key || undefined,
    channel: 'telegram',
    ...person,
    answer: 'reject',
    reason: text,
  };
  const decided = await desk.decide(answer);
  reasons(bench).remove(asked);
  if (decided.outcome === 'won') return;
  await telegram.ask((api) =>
    api.sendMessage(chat, htmlWords(oneLine(decided.words, 500)), {
      ...SHOWN,
      reply_parameters: { message_id: message.message_id, allow_sending_without_reply: true },
    }),
  );
}

async function ownName(telegram: TelegramApi): Promise<string | undefined> {
  const me = await telegram.ask((api) => api.getMe());
  return me.ok ? me.data.username : undefined;
}

/** A new one at the end of the chat; the one before it says so. */
async function openDashboard(options: TelegramUpdates, chat: string, config: Config): Promise<void> {
  const { telegram, bench, env, log } = options;
  const dashboards = openCache(bench.db, 'telegram_dashboards', bench.now);
  const text = await dashboardText({ bench, config, env }, 'home');
  const sent = await telegram.ask((api) =>
    api.sendMessage(chat, text, { ...SHOWN, reply_markup: dashboardKeyboard('home') }),
  );
  if (!sent.ok) return log('warn', 'telegram_dashboard', { why: sent.why });
  const before = z.int().safeParse(dashboards.get(chat)).data;
  dashboards.set(chat, sent.data.message_id);
  if (before !== undefined)
    await editMessage(telegram, { chat, message: before }, '🏠 It stands further below now.', { inline_keyboard: [] });
}

async function show(
  { telegram, bench, env, log }: TelegramUpdates,
  where: { chat: string; message: number },
  view: View,
  config: Config,
): Promise<void> {
  const text = await dashboardText({ bench, config, env }, view);
  const edited = await editMessage(telegram, where, text, dashboardKeyboard(view));
  if (!edited.ok) log('warn', 'telegram_dashboard', { why: edited.why });
}

function personOf({ id, username, first_name }: { id: number; username?: string; first_name: string }) {
  return { who: String(id), name: username ?? first_name };
}

/** Who won sees it in the message itself. */
function tell(options: TelegramUpdates, query: CallbackQuery, decided: Decided): Promise<void> {
  return decided.outcome === 'won' ? hush(options, query) : notice(options, query, decided.words);
}

/** Seen by that person alone; best effort, because nothing depends on it. */
async function notice({ telegram, log }: TelegramUpdates, query: CallbackQuery, words: string): Promise<void> {
  const text = oneLine(words, NOTICE);
  const sent = await telegram.ask((api) => api.answerCallbackQuery(query.id, { text, show_alert: true }));
  if (!sent.ok) log('warn', 'telegram_notice', { why: sent.why });
}

/** The button stops turning. */
async function hush({ telegram }: TelegramUpdates, query: CallbackQuery): Promise<void> {
  await telegram.ask((api) => api.answerCallbackQuery(query.id));
}
