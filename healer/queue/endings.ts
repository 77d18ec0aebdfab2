/**
 * What the end of one run means: the wait of the whole queue, the rest of one incident, or a person. Remembered in memory,
 * but for the wait of all, which is a row: after a restart everything else is tried again at once.
 */
import { escalate } from '../fixes/escalate.ts';
import type { HealResult } from '../heal.ts';
import type { Log } from '../intake/log.ts';
import type { WouldPublish } from '../publishing/preview.ts';
import type { FailureMode } from '../recovery/failure-mode.ts';
import type { Workbench } from '../workbench.ts';
import { backOffAfter } from './back-off.ts';
import type { Ending } from './run-one.ts';

/** One that may not be started, or whose run failed, is not tried again before. */
const ASIDE_MS = 300_000;
/** Failures of ours in a row, after which a person looks at it. */
const MOST_FAILURES = 3;
/** How often one may hold the queue while others get through: then it is the incident, and not the API. */
const MOST_ALONE = 3;
/** Ends that need no answer of the API: they do not show that it answers again. */
const SAYS_NOTHING: readonly FailureMode[] = ['transient', 'cancelled', 'budget'];

export interface Endings {
  settle(incident: string, ending: Ending): Promise<void>;
  /** Those that rest now. */
  resting(): string[];
}

export function followEndings(bench: Workbench, log: Log): Endings {
  const resting = new Map<string, { from: number; until: number }>();
  const failures = new Map<string, number>();
  /** Whose run held the queue since one got through last, and how often each did so before others got through. */
  const held = new Set<string>();
  const alone = new Map<string, number>();

  const rest = (incident: string, ms: number) => {
    const from = bench.now().getTime();
    resting.set(incident, { from, until: from + ms });
  };
  const handOver = async (incident: string, reason: string, needs: string, failureMode: FailureMode) => {
    await escalate(bench, { incident, reason, needs, failureMode, who: 'serve' });
    for (const memory of [failures, alone]) memory.delete(incident);
    log('warn', 'handed_over', { incident, why: reason });
  };
  const gotThrough = async (incident: string) => {
    failures.delete(incident);
    alone.delete(incident);
    held.delete(incident);
    for (const other of held) alone.set(other, (alone.get(other) ?? 0) + 1);
    held.clear();
    await bench.incidents.setBackOff(undefined);
  };

  return {
    resting() {
      const now = bench.now().getTime();
      // A clock that was set back ends a rest sooner, never later.
      for (const [incident, { from, until }] of resting) if (now < from || now >= until) resting.delete(incident);
      return [...resting.keys()];
    },
    async settle(incident, ending) {
      switch (ending.end) {
        case 'done': {
          const { status, round, verdict, failure_mode, cost_usd, seconds } = ending.result;
          log('info', 'run_ended', { incident, status, round, verdict, failure_mode, cost_usd, seconds });
          if (ending.result.would_publish) tellWould(log, ending.result, ending.result.would_publish);
          if (failure_mode === undefined || !SAYS_NOTHING.includes(failure_mode)) await gotThrough(incident);
          return;
        }
        case 'ended':
          return log('info', 'run_stopped', { incident, status: ending.result.status, why: ending.result.why });
        case 'everyone': {
          held.add(incident);
          if ((alone.get(incident) ?? 0) >= MOST_ALONE) {
            const needs = `${ending.next} Others got through meanwhile: look at what is special about this one.`.trim();
            return handOver(incident, ending.why, needs, 'transient');
          }
          const { why, until, times } = await backOffAfter(bench.incidents, { incident, ...ending }, bench.now());
          return log('warn', 'backing_off', { incident, why, until, times });
        }
        case 'not_now':
          rest(incident, ASIDE_MS);
          return log('info', 'put_aside', { incident, why: ending.why });
        case 'failed': {
          const times = (failures.get(incident) ?? 0) + 1;
          failures.set(incident, times);
          rest(incident, ASIDE_MS * times);
          log('error', 'run_failed', { incident, times, why: ending.why });
          if (times < MOST_FAILURES) return;
          return handOver(incident, ending.why, 'Look at the cause, then try again.', 'crash');
        }
        default:
          return ending satisfies never;
      }
    },
  };
}

/** Of a dry run: what would have happened in its place. */
function tellWould(log: Log, { incident, verdict, report }: HealResult, { ask, ...would }: WouldPublish): void {
  if (ask === null) log('info', 'would_publish', { incident, ...would, verdict, report });
  else log('info', 'would_ask', { incident, gate: 'publish', why: ask, ...would, verdict, report });
}
