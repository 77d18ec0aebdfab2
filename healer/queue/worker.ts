/**
 * The worker of `serve`: heals what is queued, in this process, because who judges holds the evidence. It looks at the
 * rows again and again, so that a restart, a pause and a person's decision need no message to it.
 */

import type { Config } from '../../context/schemas/config.ts';
import { describeError } from '../../events/errors.ts';
import { escalate } from '../fixes/escalate.ts';
import type { HealOptions } from '../heal/request.ts';
import type { Log } from '../intake/log.ts';
import type { Settings } from '../intake/settings.ts';
import type { FailureMode } from '../recovery/failure-mode.ts';
import type { Workbench } from '../workbench.ts';
import { backOffAfter } from './back-off.ts';
import { type Claim, claimNext } from './claim.ts';
import { resumeStranded } from './resume.ts';
import { type Ending, runOne } from './run-one.ts';
import { standingStill } from './standing-still.ts';

export interface WorkerOptions {
  env: Readonly<Record<string, string | undefined>>;
  settings: () => Promise<Settings>;
  log: Log;
  /** The service's own lease: nothing is started once another one has it. */
  lost: () => boolean;
  /** How long a run that has begun may go on when the worker is to end. */
  drainMs?: number;
  /** For each `heal`; replaced in tests. */
  heal?: Pick<HealOptions, 'pluginDir' | 'wait'> | undefined;
}

export interface Worker {
  /** Starts nothing new; what runs is given its time, then it is ended and waits in the queue again. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;
const RESUME_EVERY_MS = 30_000;
/** A verification near its end is done by then, and a service manager has not lost its patience. */
const DRAIN_MS = 60_000;
/** One that may not be started, or whose run failed, is not tried again before. */
const ASIDE_MS = 300_000;
/** Failures of ours in a row, after which a person looks at it. */
const MOST_FAILURES = 3;

/** Ends that need no answer of the API: they do not show that it answers again. */
const SAYS_NOTHING: readonly FailureMode[] = ['transient', 'cancelled', 'budget'];

export function startWorker(bench: Workbench, options: WorkerOptions): Worker {
  const { log, settings, env } = options;
  const running = new Map<string, Promise<void>>();
  /** Until when, in milliseconds of this process. */
  const aside = new Map<string, number>();
  const failures = new Map<string, number>();
  const ending = new AbortController();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  let resumedAt = Number.NEGATIVE_INFINITY;
  let saidStill = '';

  const look = async () => {
    if (performance.now() - resumedAt >= RESUME_EVERY_MS) {
      resumedAt = performance.now();
      for (const { incident, status } of await resumeStranded(bench))
        log('warn', 'resumed', { incident, to: status, why: 'its process had ended' });
    }
    while (!stopped && !options.lost()) {
      const { config } = await settings();
      if (running.size >= (await atOnce(config)) || (await standsStill(config))) return;
      for (const [incident, until] of aside) if (performance.now() >= until) aside.delete(incident);
      const claim = await take();
      if (!claim) return;
      if (stopped) return claim.lease.release();
      begin(claim, await settings());
    }
  };

  /** Whose run met the back-off comes after the others: it may be the only one that meets it. */
  const take = async () => {
    const met = (await bench.incidents.backOff())?.incident;
    const others = met === undefined ? undefined : await claimNext(bench, [...aside.keys(), met]);
    return others ?? claimNext(bench, [...aside.keys()]);
  };

  /** After a back-off one run shows whether it is over; the others wait for it. */
  const atOnce = async ({ budget }: Config) => ((await bench.incidents.backOff()) ? 1 : budget.concurrency);

  const standsStill = async (config: Config): Promise<boolean> => {
    const still = await standingStill(bench, config, env);
    const said = still ? `${still.by} ${still.until}` : '';
    if (said !== saidStill && still) log('warn', 'standing_still', { ...still });
    if (said !== saidStill && !still) log('info', 'going_on');
    saidStill = said;
    return still !== undefined;
  };

  const begin = (claim: Claim, read: Settings) => {
    const { incident, severity, round } = claim.record;
    log('info', 'run_started', { incident, severity, round });
    const run = runOne(bench, claim, read, { ...options.heal, env, signal: ending.signal })
      .then((end) => settle(incident, end))
      .catch((error: unknown) => log('error', 'queue_failed', { incident, why: describeError(error).message }))
      .finally(() => {
        running.delete(incident);
        if (!stopped) again(0);
      });
    running.set(incident, run);
  };

  const settle = async (incident: string, ending: Ending) => {
    switch (ending.end) {
      case 'done': {
        const { status, round, verdict, failure_mode, cost_usd, seconds } = ending.result;
        log('info', 'run_ended', { incident, status, round, verdict, failure_mode, cost_usd, seconds });
        failures.delete(incident);
        if (failure_mode === undefined || !SAYS_NOTHING.includes(failure_mode))
          await bench.incidents.setBackOff(undefined);
        return;
      }
      case 'ended':
        return log('info', 'run_stopped', { incident, status: ending.result.status, why: ending.result.why });
      case 'everyone': {
        const { why, until, times } = await backOffAfter(bench.incidents, { incident, ...ending }, bench.now());
        return log('warn', 'backing_off', { incident, why, until, times });
      }
      case 'not_now':
        aside.set(incident, performance.now() + ASIDE_MS);
        return log('info', 'put_aside', { incident, why: ending.why });
      case 'failed': {
        const times = (failures.get(incident) ?? 0) + 1;
        failures.set(incident, times);
        aside.set(incident, performance.now() + ASIDE_MS * times);
        log('error', 'run_failed', { incident, times, why: ending.why });
        if (times < MOST_FAILURES) return;
        const needs = 'Look at the cause, then try again.';
        await escalate(bench, { incident, reason: ending.why, needs, failureMode: 'crash', who: 'serve' });
        failures.delete(incident);
        return;
      }
      default:
        return ending satisfies never;
    }
  };

  const again = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(start, ms);
  };
  const start = () => {
    // One look at a time: a run that ends during one only asks for the next.
    looking = looking
      .then(look)
      .catch((error: unknown) => log('error', 'queue_failed', { why: describeError(error).message }))
      .then(() => {
        if (!stopped) again(LOOK_EVERY_MS);
      });
  };
  start();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
      if (running.size === 0) return;
      const drainMs = options.drainMs ?? DRAIN_MS;
      log('info', 'draining', { running: [...running.keys()], at_most_s: drainMs / 1000 });
      const patience = setTimeout(() => ending.abort(), drainMs);
      await Promise.all(running.values());
      clearTimeout(patience);
    },
  };
}
