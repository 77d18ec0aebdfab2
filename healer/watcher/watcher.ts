/**
 * Follows logs and delivers the errors in them. Reading: rounds over all files; what was found and how far was read are on
 * disk together before the next one. Delivering goes its own way from that spool, so that a receiver that is away holds
 * nothing up until the spool is full; then reading waits, and the logs keep what is in them.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { NormalizeOptions } from '../../events/normalize.ts';
import { spreadPause } from '../growing-pause.ts';
import { batchesOf, eventsOf } from './batches.ts';
import { LogFiles, type LogSource, type Window } from './log-files.ts';
import { readGone } from './read-gone.ts';
import type { Sent } from './relay.ts';
import type { Batch, Round, Spool } from './spool.ts';
import type { WatcherLog } from './watcher-log.ts';

/** How often files are looked at that had nothing new. */
const POLL_MS = 200;
/** Places without finds are written this often: what is read again after a crash tells nothing new. */
const REMEMBER_MS = 2_000;
/** What is being delivered when the end comes has this long. */
const LAST_TRY_MS = 5_000;
const BACKOFF = { firstMs: 500, longestMs: 60_000 } as const;

export interface WatcherOptions {
  sources: readonly LogSource[];
  cwd: string;
  spool: Spool;
  normalizeOptions: () => Promise<Omit<NormalizeOptions, 'now'>>;
  deliver: (batch: Batch, signal: AbortSignal) => Promise<Sent>;
  now: () => Date;
  log: WatcherLog;
}

/** Runs until the signal; what was found by then is on disk, and delivered where the receiver answers at once. */
export async function watchLogs(options: WatcherOptions, signal: AbortSignal): Promise<void> {
  const found = new Bell();
  const ended = new AbortController();
  const broken = new AbortController();
  const delivering = deliverAll(options, found, ended.signal);
  // Reading ends with it, and whoever waits for the end hears why.
  delivering.catch(() => broken.abort());
  try {
    await readAll(options, found, AbortSignal.any([signal, broken.signal]));
  } finally {
    found.ring();
    // One last try for what waits, and no more than one.
    ended.abort();
    await delivering;
  }
}

async function readAll(options: WatcherOptions, found: Bell, signal: AbortSignal): Promise<void> {
  const { spool, sources, cwd, now, log } = options;
  const files = new LogFiles(
    {
      sources,
      cwd,
      nowMs: () => performance.now(),
      problem: (event, path, why) => log('warn', event, { path, why }),
    },
    spool.positions,
  );
  let rememberedAt = performance.now();
  let unremembered = false;
  let saidFull = false;
  const room = async () => {
    while (spool.isFull && !signal.aborted) {
      if (!saidFull) log('warn', 'spool_full', { why: 'reading waits until something is delivered' });
      saidFull = true;
      await pause(POLL_MS, signal);
    }
    saidFull = false;
  };
  const take = async (windows: Window[]): Promise<boolean> => {
    const events = windows.length > 0 ? eventsOf(windows, { ...(await options.normalizeOptions()), now: now() }) : [];
    if (events.length === 0) return false;
    spool.commit(batchesOf(events), files.positions());
    unremembered = false;
    found.ring();
    return true;
  };
  const takeLater = async (windows: Window[]) => {
    await room();
    if (!(await take(windows))) unremembered = true;
  };
  try {
    while (!signal.aborted) {
      await room();
      if (signal.aborted) break;
      const { windows, bytes, behind } = files.round();
      unremembered ||= bytes > 0;
      const taken = await take(windows);
      for (const gone of files.gone) if (await readGone(gone, { take: takeLater, log, signal })) files.settle(gone);
      if (!taken && unremembered && performance.now() - rememberedAt >= REMEMBER_MS) {
        spool.remember(files.positions());
        rememberedAt = performance.now();
        unremembered = false;
      }
      // Between two rounds others have their turn.
      await pause(behind ? 0 : POLL_MS, signal);
    }
    if (unremembered) spool.remember(files.positions());
  } finally {
    files.close();
  }
}

export async function deliverAll(options: WatcherOptions, found: Bell, ended: AbortSignal): Promise<void> {
  const { spool, log } = options;
  let failures = 0;
  const patience = new AbortController();
  ended.addEventListener('abort', () => setTimeout(() => patience.abort(), LAST_TRY_MS).unref(), { once: true });
  for (;;) {
    const round = spool.next();
    if (round === undefined) {
      if (ended.aborted) return;
      await found.wait(ended);
      continue;
    }
    const sent = await deliverRound(round, options, patience.signal);
    switch (sent.outcome) {
      case 'accepted':
        if (failures > 0) log('info', 'relay_back');
        failures = 0;
        spool.delivered(round);
        break;
      case 'refused':
        log('error', 'batch_refused', { why: sent.why, batch: round.sequence });
        spool.refused(round);
        break;
      case 'later': {
        if (failures === 0) log('warn', 'relay_away', { why: sent.why });
        if (ended.aborted) return;
        await pause(spreadPause(++failures, { ...BACKOFF, askedMs: sent.afterMs }), ended);
        break;
      }
      default:
        sent satisfies never;
    }
  }
}

/** One batch that is refused holds up no other; one that has to wait holds up all behind it. */
async function deliverRound({ batches }: Round, { deliver }: WatcherOptions, signal: AbortSignal): Promise<Sent> {
  let answer: Sent = { outcome: 'accepted' };
  for (const batch of batches) {
    const sent = await deliver(batch, signal);
    if (sent.outcome === 'later') return sent;
    if (sent.outcome === 'refused') answer = sent;
  }
  return answer;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** Rung when there is something to do; one that is rung while nobody waits is heard by the next who does. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted)
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake, { once: true });
      });
    this.#rung = false;
    this.#wake = undefined;
  }
}
