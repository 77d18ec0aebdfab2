/**
 * Long polling: what people do comes in one by one, and is confirmed once it was carried out. The library's own loop would
 * delete a webhook that the bot has, and forget what could not be carried out; its client is what asks here.
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { Update } from 'grammy/types';
import { describeError } from '../../../events/errors.ts';
import { openCache } from '../../../store/cache.ts';
import { growingPause } from '../../growing-pause.ts';
import type { Log } from '../../intake/log.ts';
import type { Env } from '../../notify/channel.ts';
import { openTelegram } from '../../notify/telegram/api.ts';
import type { Workbench } from '../../workbench.ts';

export interface Polling {
  bench: Workbench;
  env: Env;
  log: Log;
  /** Whether the settings name a chat: before that nobody is listened to. */
  wanted(): Promise<boolean>;
  handle(update: Update): Promise<void>;
}

const POLL_S = 25;
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** How often one that could not be carried out is tried before it is left out. */
const TRIES = 5;
const REMEMBERED = 200;
const ALLOWED = ['callback_query', 'message'] as const;

/** Undefined without `TELEGRAM_BOT_TOKEN`. */
export function startPolling(polling: Polling): { stop(): Promise<void> } | undefined {
  const ending = new AbortController();
  const telegram = openTelegram(polling.env, POLL_S + 20);
  if (telegram === undefined) return undefined;
  const running = keepPolling(polling, telegram, ending.signal).catch((error: unknown) =>
    polling.log('error', 'telegram_poll', { why: describeError(error).message }),
  );
  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}

async function keepPolling(
  polling: Polling,
  telegram: NonNullable<ReturnType<typeof openTelegram>>,
  signal: AbortSignal,
): Promise<void> {
  const { log } = polling;
  const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => {});
  let offset: number | undefined;
  let said = '';
  for (let failures = 0; !signal.aborted; ) {
    if (!(await polling.wanted())) {
      await pause(5_000);
      continue;
    }
    const asked = { timeout: POLL_S, allowed_updates: [...ALLOWED], ...(offset !== undefined && { offset }) };
    const got = await telegram.ask((api) => api.getUpdates(asked, signal as never));
    if (signal.aborted) return;
    if (!got.ok) {
      failures++;
      const ms = growingPause(failures, { firstMs: FIRST_MS, longestMs: LONGEST_MS, askedMs: got.afterMs });
      const why = got.code === 409 ? `${got.why}. ${CONFLICT}` : got.why;
      if (why !== said) log('warn', 'telegram_poll', { why, again_in_ms: ms });
      said = why;
      await pause(ms);
      continue;
    }
    if (said !== '') log('info', 'telegram_poll', { connected: true });
    said = '';
    failures = 0;
    for (const update of got.data) {
      if (!(await carryOut(polling, update, pause, signal))) return;
      offset = update.update_id + 1;
    }
  }
}

const CONFLICT =
  'A bot is polled by one program, and by none while it has a webhook: give this service a bot of its own, or delete its webhook';

/** False when it has to end before: the next start gets the update again. */
async function carryOut(
  { bench, log, handle }: Polling,
  update: Update,
  pause: (ms: number) => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  const cache = openCache(bench.db, 'telegram_updates', bench.now);
  const id = String(update.update_id);
  for (let tries = 1; !signal.aborted; tries++) {
    try {
      // Carried out before a crash, and not confirmed yet.
      if (cache.get(id) !== undefined) return true;
      await handle(update);
      cache.set(id, true);
      cache.prune(REMEMBERED);
      return true;
    } catch (error) {
      log('error', 'telegram_update', { why: describeError(error).message, tries });
      if (tries >= TRIES) return true;
      await pause(FIRST_MS * tries);
    }
  }
  return false;
}
