/** Telegram's Bot API through grammY, loaded when it is first needed. `TELEGRAM_API_ROOT` stands for Telegram. */
import type { Api } from 'grammy';
import { oneLine } from '../../../events/plain-text.ts';
import type { Env } from '../channel.ts';

export type AskedTelegram<T> =
  | { ok: true; data: T }
  /** `code`: Telegram's error code; 0 when it did not answer. */
  | { ok: false; code: number; why: string; passing: boolean; afterMs?: number };

export interface TelegramApi {
  ask<T>(what: (api: Api) => Promise<T>): Promise<AskedTelegram<T>>;
}

const TIMEOUT_S = 20;

/** Undefined without `TELEGRAM_BOT_TOKEN`. `timeoutS`: of one call. */
export function openTelegram(env: Env, timeoutS = TIMEOUT_S): TelegramApi | undefined {
  const token = env.TELEGRAM_BOT_TOKEN;
  if (!token) return undefined;
  const root = env.TELEGRAM_API_ROOT?.replace(/\/+$/, '');
  let opened: Promise<Api> | undefined;
  const open = async () => {
    const { Api: Client } = await import('grammy');
    return new Client(token, { timeoutSeconds: timeoutS, ...(root && { apiRoot: root }) });
  };
  return {
    async ask(what) {
      opened ??= open();
      try {
        return { ok: true, data: await what(await opened) };
      } catch (error) {
        return refusalOf(error, await import('grammy'), token);
      }
    },
  };
}

type Grammy = typeof import('grammy');

function refusalOf(error: unknown, { GrammyError }: Grammy, token: string): AskedTelegram<never> {
  if (error instanceof GrammyError) {
    const code = error.error_code;
    const why = `Telegram answered ${code}: ${oneLine(error.description, 200)}`;
    const seconds = error.parameters.retry_after;
    // 401, 404: the token, 409: another one polls. People put those right.
    const passing = code >= 500 || [401, 404, 409, 429].includes(code);
    return { ok: false, code, why, passing, ...(seconds !== undefined && { afterMs: seconds * 1000 }) };
  }
  const why = error instanceof Error ? error.message.replaceAll(token, '[secret]') : 'no reason given';
  return { ok: false, code: 0, why: `Telegram could not be reached: ${oneLine(why, 200)}`, passing: true };
}
