/** A message in `notify.telegram.chat_id`. Telegram cannot be asked what it was told: cut off, it may be told twice. */
import type { NoticeChannel, Told } from '../channel.ts';
import { openTelegram } from '../telegram/api.ts';
import { htmlCode } from '../telegram/html.ts';
import { noticeText } from '../words.ts';

export const telegram: NoticeChannel = {
  name: 'telegram',
  variable: 'TELEGRAM_BOT_TOKEN',
  isConfigured: (notify) => notify.telegram.chat_id !== '',
  async send(notice, { notify, env }): Promise<Told> {
    const telegramApi = openTelegram(env);
    if (telegramApi === undefined) return { outcome: 'later', why: 'TELEGRAM_BOT_TOKEN is not set' };
    const text = noticeText(notice, { strong: (words) => `<b>${words}</b>`, foreign: htmlCode });
    const sent = await telegramApi.ask((api) =>
      api.sendMessage(notify.telegram.chat_id, text, {
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
      }),
    );
    if (sent.ok) return { outcome: 'told' };
    const { code, why, passing, afterMs } = sent;
    // 403: somebody put the bot out; they may let it in again.
    if (passing || code === 403) return { outcome: 'later', why, afterMs };
    return { outcome: 'never', why: `${why} (notify.telegram.chat_id)` };
  },
};
