/**
 * The clock of what has to be done after an intake: of each kind one errand after the other, tried again with growing pauses, and given
 * up with a reason in the end. All of it is rows, so that a restart goes on where it was.
 */

import { describeError } from '../../events/errors.ts';
import { dueErrand, type Errand, endErrand, nextErrandIn, postponeErrand } from '../../store/errands.ts';
import { growingPause } from '../growing-pause.ts';
import { repeat } from '../repeat.ts';
import type { Log } from './log.ts';
import type { Intake } from './receive.ts';

export type ErrandOutcome =
  | { outcome: 'done'; why?: string }
  /** It may work later. `afterMs`: not before, when that is known. */
  | { outcome: 'later'; why: string; afterMs?: number };

export interface ErrandRunner {
  kind: string;
  run(errand: Errand, signal: AbortSignal): Promise<ErrandOutcome>;
  /** Told when it was tried often enough: whatever the errand stands for must not be lost. */
  giveUp(errand: Errand, why: string): Promise<void>;
}

export interface ErrandClock {
  /** Something was added: look now. */
  wake(): void;
  stop(): Promise<void>;
}

const TRIES = 8;
const PAUSES = { firstMs: 5_000, longestMs: 15 * 60_000 };
/** Rows may be added by another process. */
const LOOK_MS = 1_000;

/** One errand that is due; false when there is none. */
async function runDueErrand(
  { bench }: Pick<Intake, 'bench'>,
  runner: ErrandRunner,
  log: Log,
  signal: AbortSignal,
): Promise<boolean> {
  const errand = dueErrand(bench.db, runner.kind, bench.now());
  if (errand === undefined) return false;
  const outcome = await runner.run(errand, signal).catch((error: unknown): ErrandOutcome => {
    return { outcome: 'later', why: describeError(error).message };
  });
  // Ended while it ran: the row is as it was, and the next start takes it up.
  if (signal.aborted && outcome.outcome === 'later') return false;
  const postpone = (why: string, afterMs = 0) => {
    const pause = growingPause(errand.tries + 1, { ...PAUSES, askedMs: afterMs });
    postponeErrand(bench.db, errand.id, new Date(bench.now().getTime() + pause), why);
    log('warn', 'errand_later', { errand: errand.id, why, in_ms: pause });
    return true;
  };
  if (outcome.outcome === 'later' && errand.tries + 1 < TRIES) return postpone(outcome.why, outcome.afterMs);
  if (outcome.outcome === 'later') {
    try {
      await runner.giveUp(errand, outcome.why);
    } catch (error) {
      const { message } = describeError(error);
      // A locked database passes. What never can be carried out must not stand in the way of the others.
      if (errand.tries + 1 < 2 * TRIES) return postpone(message);
      log('error', 'errand_lost', { errand: errand.id, why: message });
    }
  }
  endErrand(bench.db, errand.id, bench.now(), outcome.why ?? null);
  log('info', 'errand', {
    errand: errand.id,
    outcome: outcome.outcome === 'later' ? 'given up' : 'done',
    why: outcome.why,
  });
  return true;
}

/** Runs until it is stopped; what it is doing then is cut off and done again after the next start. */
export function startErrands(intake: Pick<Intake, 'bench'>, runner: ErrandRunner, log: Log): ErrandClock {
  const ending = new AbortController();
  const { signal } = ending;
  const untilNext = () =>
    Math.min(LOOK_MS, Math.max(20, nextErrandIn(intake.bench.db, runner.kind, intake.bench.now()) ?? LOOK_MS));
  const clock = repeat(async () => {
    try {
      while (!signal.aborted && (await runDueErrand(intake, runner, log, signal)));
      return signal.aborted ? undefined : untilNext();
    } catch (error) {
      log('error', 'errands_failed', { why: describeError(error).message });
      return LOOK_MS;
    }
  });
  return {
    wake: clock.wake,
    stop() {
      ending.abort();
      return clock.stop();
    },
  };
}
