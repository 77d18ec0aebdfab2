/**
 * The outbox of hand-overs: each is spread over the channels of the settings, and each channel tries until it has told, with
 * growing pauses, for a day. All of it is rows, so that a crash loses nothing, and a process holds what it sends.
 */

import { describeError } from '../../events/errors.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import {
  claimNotice,
  dropStaleNotices,
  endNotice,
  type Notice,
  postponeNotice,
  spreadNotice,
  unspreadNotices,
  wasRolledBack,
} from '../../store/notices.ts';
import { settingsFor } from '../approval/question.ts';
import { growingPause } from '../growing-pause.ts';
import type { Log } from '../intake/log.ts';
import type { Settings } from '../intake/settings.ts';
import type { Workbench } from '../workbench.ts';
import type { Env, NoticeChannel, Told } from './channel.ts';
import { NOTICE_CHANNELS } from './channels.ts';
import { handOverNotice } from './hand-over-notice.ts';

export interface Outbox {
  bench: Workbench;
  env: Env;
  settings: () => Promise<Pick<Settings, 'config'>>;
  log: Log;
}

const PAUSES = { firstMs: 10_000, longestMs: 60 * 60_000 };
const GIVE_UP_MS = 24 * 60 * 60_000;
/** One try takes less; after it the notice is free for others. */
const TRY_MS = 90_000;
const HOLD_MS = 120_000;

/** Looks up whom to tell of hand-overs that are new, and lets go of those that nobody has to decide any more. */
export async function spreadNotices({ bench, settings, log }: Outbox): Promise<void> {
  dropStaleNotices(bench.db, bench.now());
  for (const notice of unspreadNotices(bench.db, bench.now())) {
    const record = await bench.incidents.get(notice.incident);
    if (record === undefined) continue;
    const { notify } = settingsFor((await settings()).config, record, bench.db);
    const channels = NOTICE_CHANNELS.filter((channel) => channel.isConfigured(notify)).map(({ name }) => name);
    spreadNotice(bench.db, notice, channels, bench.now());
    const { incident, round } = notice;
    if (channels.length === 0) log('warn', 'nobody_to_tell', { incident, round, why: 'notify names no channel' });
  }
}

/** Tells one that is due over this channel; false when there is none. */
export async function tellNext(outbox: Outbox, channel: NoticeChannel, signal: AbortSignal): Promise<boolean> {
  const { bench, log } = outbox;
  const notice = claimNotice(bench.db, channel.name, HOLD_MS, bench.now());
  if (notice === undefined) return false;
  const told = await send(outbox, channel, notice, signal).catch(
    (error: unknown): Told => ({ outcome: 'later', why: describeError(error).message }),
  );
  const about = { incident: notice.incident, round: notice.round, channel: notice.channel };
  if (told.outcome === 'told') {
    endNotice(bench.db, notice, bench.now(), told.why ?? null);
    log('info', 'told', { ...about, why: told.why });
    return true;
  }
  const now = bench.now().getTime();
  // Cut off by our own end: the next process goes on with it at once.
  if (signal.aborted) {
    postponeNotice(bench.db, notice, bench.now(), told.why);
    return false;
  }
  const isOver = now - (notice.first_ms ?? now) >= GIVE_UP_MS;
  if (told.outcome === 'never' || isOver) {
    endNotice(bench.db, notice, bench.now(), told.why);
    log('error', 'telling_given_up', { ...about, tries: notice.tries + 1, why: told.why });
    return true;
  }
  const pause = growingPause(notice.tries + 1, { ...PAUSES, askedMs: told.afterMs });
  postponeNotice(bench.db, notice, new Date(now + pause), told.why);
  log('warn', 'telling_later', { ...about, tries: notice.tries + 1, why: told.why, in_ms: pause });
  return true;
}

async function send(outbox: Outbox, channel: NoticeChannel, notice: Notice, signal: AbortSignal): Promise<Told> {
  const { bench, env, settings } = outbox;
  const record = await bench.incidents.get(notice.incident);
  const rolledBack = wasRolledBack(bench.db, notice);
  if (record === undefined || !(rolledBack || isOpen(record, notice)))
    return { outcome: 'told', why: 'nobody had to be told any more' };
  const { notify } = settingsFor((await settings()).config, record, bench.db);
  if (!channel.isConfigured(notify)) return { outcome: 'told', why: 'the channel is not configured any more' };
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)]);
  const late = new Promise<Told>((resolve) => {
    const give = () => resolve({ outcome: 'later', why: signal.aborted ? 'it was cut off' : 'it took too long' });
    bounded.addEventListener('abort', give, { once: true });
  });
  const sending = { notify, env, again: notice.tries > 0, now: bench.now(), signal: bounded };
  return Promise.race([
    channel.send(await handOverNotice(bench, { ...record, round: notice.round }, rolledBack), sending),
    late,
  ]);
}

function isOpen({ status, round }: IncidentRecord, notice: Notice): boolean {
  return status === 'escalated' && round === notice.round;
}
