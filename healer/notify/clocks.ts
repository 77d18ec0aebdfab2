/** Who empties the outbox: `serve` for as long as it runs, `heal` for a few seconds before it ends. */
import { describeError } from '../../events/errors.ts';
import { countWaitingNotices, waitingNotices } from '../../store/notices.ts';
import { type Repeating, repeat } from '../repeat.ts';
import type { Workbench } from '../workbench.ts';
import { lacks, NOTICE_CHANNELS } from './channels.ts';
import { type Outbox, spreadNotices, tellNext } from './outbox.ts';

const LOOK_MS = 1_000;

/** The channels do not wait for each other; one without its secret leaves its notices to a process that has it. */
export function startNotices(outbox: Outbox): Repeating {
  const { env, log } = outbox;
  const ending = new AbortController();
  const guarded = (work: () => Promise<unknown>) =>
    repeat(async () => {
      await work().catch((error: unknown) => log('error', 'notices_failed', { why: describeError(error).message }));
      return ending.signal.aborted ? undefined : LOOK_MS;
    });
  const clocks = [
    guarded(() => spreadNotices(outbox)),
    ...NOTICE_CHANNELS.filter((channel) => lacks(channel, env) === undefined).map((channel) =>
      guarded(() => tellAll(outbox, channel, ending.signal)),
    ),
  ];
  return {
    async stop() {
      ending.abort();
      await Promise.all(clocks.map((clock) => clock.stop()));
    },
  };
}

/** What can be told before the signal. Everything else waits for `serve` or the next `heal`. */
export async function tellBeforeEnd(outbox: Outbox, signal: AbortSignal): Promise<void> {
  await spreadNotices(outbox);
  const ready = NOTICE_CHANNELS.filter((channel) => lacks(channel, outbox.env) === undefined);
  await Promise.all(ready.map((channel) => tellAll(outbox, channel, signal)));
}

async function tellAll(outbox: Outbox, channel: (typeof NOTICE_CHANNELS)[number], signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await tellNext(outbox, channel, signal)));
}

export interface NoticesState {
  waiting: number;
  /** Of those the ones that have waited longest; an empty `channel`: whom to tell was not looked up yet. */
  first: { incident: string; round: number; channel: string; tries: number; why: string | null }[];
}

const SHOWN = 5;

export function noticesState({ db }: Pick<Workbench, 'db'>): NoticesState {
  return { waiting: countWaitingNotices(db), first: waitingNotices(db, SHOWN) };
}
