/** A chat on the loopback Telegram, with people who tap and write. */
import { vi } from 'vitest';
import { type LoopbackTelegram, loopbackTelegram, type TelegramMessage } from '../../notify/loopback-telegram.ts';
import type { Platform } from '../channel.contract.ts';

export const CHAT = '-100200300';

export interface TelegramPlatform extends Platform {
  telegram: LoopbackTelegram;
  /** Resolves once the tap was answered; `data`: what stands behind the button. */
  press(who: string, message: number, data: string, chat?: string): Promise<void>;
  /** Resolves once the bot has taken it. */
  write(who: string, text: string, more?: { chat?: string; replyTo?: number }): Promise<void>;
  /** Messages that answer no other. */
  tops(): TelegramMessage[];
}

const soon = { timeout: 50_000, interval: 10 };
const person = (who: string) => ({ id: Number(who), is_bot: false, first_name: `person ${who}`, username: `u${who}` });
const chatOf = (id: string) => ({ id: Number(id), type: 'supergroup' as const, title: 'shop' });

export async function telegramPlatform(): Promise<TelegramPlatform> {
  const telegram = await loopbackTelegram();
  const tops = () => telegram.messages.filter(({ reply_to }) => reply_to === undefined);
  const buttonsOf = ({ reply_markup }: TelegramMessage) => (reply_markup?.inline_keyboard ?? []).flat();
  /** A client may show buttons that are gone by now. */
  const once = new Map<string, string>();
  const remember = () => {
    for (const message of tops())
      for (const { text, callback_data = '' } of buttonsOf(message))
        once.set(`${message.message_id} ${text}`, callback_data);
  };
  let queries = 0;
  const people = new Map<string, string>();
  const press: TelegramPlatform['press'] = async (who, message, data, chat = CHAT) => {
    const id = `query-${++queries}`;
    people.set(id, who);
    telegram.happen({
      callback_query: {
        id,
        from: person(who),
        chat_instance: '1',
        data,
        message: { message_id: message, date: 1, chat: chatOf(chat), text: 'shown' },
      },
    });
    await vi.waitFor(() => {
      if (!telegram.answers.some((answer) => answer.id === id)) throw new Error('not answered yet');
    }, soon);
  };
  const write: TelegramPlatform['write'] = async (who, text, { chat = CHAT, replyTo } = {}) => {
    const date = 1;
    const message_id = 50_000 + ++queries;
    telegram.happen({
      message: {
        ...{ message_id, date, text },
        chat: chatOf(chat),
        from: person(who),
        ...(replyTo !== undefined && { reply_to_message: { message_id: replyTo, date, chat: chatOf(chat) } }),
      },
    });
    await vi.waitFor(() => {
      if (telegram.open() > 0) throw new Error('not taken yet');
    }, soon);
  };
  return {
    telegram,
    press,
    write,
    tops,
    env: telegram.env,
    notify: `notify: { telegram: { chat_id: ${CHAT}, approvers: [11, 12] } }`,
    approvers: ['11', '12'],
    stranger: '66',
    // Outside of code only our own tags may stand, and nothing that Telegram reads into a text.
    live: /<(?!\/?(?:b|code|pre|a)\b)|<a [^>]*evil|(?<!<code>[^<]*)@everyone/,
    shown() {
      remember();
      return tops().map((message) => ({ text: message.text, buttons: buttonsOf(message).map(({ text }) => text) }));
    },
    beneath: () =>
      telegram.messages.filter(({ reply_to }) => reply_to !== undefined).map(({ text, file }) => file?.content ?? text),
    async tap(who, label, at = 0) {
      remember();
      const message = tops()[at];
      const data = once.get(`${message?.message_id} ${label}`);
      if (!message || data === undefined) throw new Error(`There is no button ${label}`);
      await press(who, message.message_id, data);
    },
    told: (who) => telegram.answers.filter(({ id, alert }) => alert && people.get(id) === who).map(({ text }) => text),
    async giveReason(who, reason) {
      const asked = telegram.messages.findLast(({ reply_markup }) => reply_markup?.force_reply === true);
      await write(who, reason, { replyTo: asked?.message_id ?? 0 });
    },
    setDown(down) {
      telegram.down = down;
    },
  };
}
