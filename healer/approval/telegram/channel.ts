/** Questions in a Telegram chat, with buttons; taps come by long polling and are read in `updates.ts`. */
import { oneLine } from '../../../events/plain-text.ts';
import type { AskedTelegram, TelegramApi } from '../../notify/telegram/api.ts';
import { escapedHtml, htmlWords } from '../../notify/telegram/html.ts';
import type { Channel, Message, Sent, Writer } from '../channel.ts';
import { keyboardOf } from './buttons.ts';

/** Telegram takes 4,096 characters; what is longer is sent as a file. */
const LONGEST = 4_000;
const FILE = 'diff-and-evidence.txt';

export const writer: Writer = {
  foreign: (text, max) => htmlWords(oneLine(text, max)),
  code: (text, max) => `<pre>${escapedHtml(text.length > max ? `${text.slice(0, max)}\n[…]` : text)}</pre>`,
  link: (url) =>
    /^https:\/\/[^\s<>"]{1,500}$/.test(url)
      ? `<a href="${escapedHtml(url)}">${escapedHtml(url)}</a>`
      : htmlWords(oneLine(url, 500)),
};

/** For a file: nothing in it is markup. */
const plain: Writer = {
  foreign: oneLine,
  code: (text, max) => (text.length > max ? `${text.slice(0, max)}\n[…]` : text),
  link: (url) => oneLine(url, 500),
};

export function telegramChannel(telegram: TelegramApi): Channel {
  return {
    name: 'telegram',
    place: ({ telegram: { chat_id } }) => chat_id,
    approvers: ({ telegram: { approvers } }) => approvers,
    repliesTo: ({ place, name }) => `${place.split(' ', 1)[0]} ${name}`,
    async post(place, message) {
      const [chat = '', replyTo] = place.split(' ');
      const reply = replyTo
        ? { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } }
        : {};
      const text = message.text(writer);
      const sent =
        text.length > LONGEST
          ? await sendFile(telegram, chat, message, reply)
          : await telegram.ask((api) =>
              api.sendMessage(chat, text, { ...SHOWN, reply_markup: keyboardOf(message.buttons), ...reply }),
            );
      return sent.ok ? { ok: true, data: { place, name: String(sent.data.message_id) } } : failure(sent);
    },
    async update({ place, name }, message): Promise<Sent<void>> {
      const [chat = ''] = place.split(' ');
      return editMessage(telegram, { chat, message: Number(name) }, message.text(writer), keyboardOf(message.buttons));
    },
  };
}

export const SHOWN = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const;

/** One that says so already is as it should be. */
export async function editMessage(
  telegram: TelegramApi,
  { chat, message }: { chat: string; message: number },
  text: string,
  keyboard: ReturnType<typeof keyboardOf>,
): Promise<Sent<void>> {
  const edited = await telegram.ask((api) =>
    api.editMessageText(chat, message, text, { ...SHOWN, reply_markup: keyboard }),
  );
  if (edited.ok || /message is not modified/.test(edited.why)) return { ok: true, data: undefined };
  return failure(edited);
}

async function sendFile(
  telegram: TelegramApi,
  chat: string,
  message: Message,
  more: { reply_parameters?: { message_id: number; allow_sending_without_reply: boolean } },
): Promise<AskedTelegram<{ message_id: number }>> {
  const { InputFile } = await import('grammy');
  const text = message.text(plain);
  const caption = text.split('\n', 1)[0]?.slice(0, 200) ?? '';
  return telegram.ask((api) =>
    api.sendDocument(chat, new InputFile(Buffer.from(text), FILE), { ...more, caption: escapedHtml(caption) }),
  );
}

function failure(refused: Extract<AskedTelegram<unknown>, { ok: false }>): Sent<never> {
  const { why, passing, afterMs } = refused;
  return { ok: false, why, passing, ...(afterMs !== undefined && { afterMs }) };
}
