/** Telegram as `serve` has it: taps and commands for as long as it runs. */
import { openTelegram } from '../../notify/telegram/api.ts';
import { startPolling } from './poll.ts';
import { chatsOf, handleUpdate, type TelegramUpdates } from './updates.ts';

/** Undefined without `TELEGRAM_BOT_TOKEN`. */
export function startTelegram(options: Omit<TelegramUpdates, 'telegram'>): { stop(): Promise<void> } | undefined {
  const { bench, env, settings, log } = options;
  const telegram = openTelegram(env);
  if (telegram === undefined) return undefined;
  const wanted = async () => chatsOf((await settings()).config).size > 0;
  return startPolling({ bench, env, log, wanted, handle: handleUpdate({ ...options, telegram }) });
}
