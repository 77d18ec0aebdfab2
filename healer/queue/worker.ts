/**
 * The worker of `serve`: heals what is queued, in this process, because who judges holds the evidence. It looks at the
 * rows again and again, so that a restart, a pause and a person's decision need no message to it.
 */

import type { Config } from '../../context/schemas/config.ts';
import { describeError } from '../../events/errors.ts';
import { queuedIncidents } from '../../store/proposals.ts';
import { pausedBy } from '../heal/pause.ts';
import type { HealOptions } from '../heal/request.ts';
import type { Log } from '../intake/log.ts';
import type { Settings } from '../intake/settings.ts';
import { repeat } from '../repeat.ts';
import type { Workbench } from '../workbench.ts';
import { type Claim, claimNext } from './claim.ts';
import { followEndings } from './endings.ts';
import { publishKeptBack } from './kept-back.ts';
import { resumeStranded } from './resume.ts';
import { runOne } from './run-one.ts';
import { type StandingStill, standingStill } from './standing-still.ts';

export interface WorkerOptions {
  env: Readonly<Record<string, string | undefined>>;
  settings: () => Promise<Settings>;
  log: Log;
  /** The service's own lease: nothing is started once another one has it. */
  lost: () => boolean;
  /** Everything but publishing; what it would have done is said in the log. */
  dryRun?: boolean;
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
/** The newest; a person who is asked about more looks at `incidents`. */
const MOST_ASKED = 100;

export function startWorker(bench: Workbench, options: WorkerOptions): Worker {
  const { log, settings, env } = options;
  const running = new Map<string, Promise<void>>();
  const endings = followEndings(bench, log);
  const ending = new AbortController();
  let stopped = false;
  let resumedAt = Number.NEGATIVE_INFINITY;
  let saidStill = '';
  const askedFor = new Set<string>();
  const keptBack = new Set<string>();

  const look = async () => {
    if (performance.now() - resumedAt >= RESUME_EVERY_MS) {
      resumedAt = performance.now();
      for (const { incident, status } of await resumeStranded(bench))
        log('warn', 'resumed', { incident, to: status, why: 'its process had ended' });
    }
    if (options.dryRun) await tellAsked();
    if (keptBack.size > 0 && !stopped && pausedBy(bench.repository.root, env) === undefined) publishKept();
    while (!stopped && !options.lost()) {
      const { config } = await settings();
      if (running.size >= (await atOnce(config))) return;
      const still = await standsStill(config);
      // What people asked to be changed opens no further pull request.
      const onlyAgain = still?.by === 'proposals' && queuedIncidents(bench.db, 'again').length > 0;
      if (still && !onlyAgain) return;
      const claim = await take(onlyAgain ? queuedIncidents(bench.db, 'new') : []);
      if (!claim) return;
      if (stopped) return claim.lease.release();
      begin(claim, await settings());
    }
  };

  const publishKept = () => {
    for (const incident of keptBack) {
      keptBack.delete(incident);
      const publishing = publishKeptBack({ bench, env, log, signal: ending.signal }, incident)
        .then((again) => void (again && keptBack.add(incident)))
        .finally(() => {
          running.delete(incident);
          clock.wake();
        });
      running.set(incident, publishing);
    }
  };

  /** In a dry run nobody is asked: the log says once who would have been, to start what. */
  const tellAsked = async () => {
    for (const { incident, round, error } of await bench.incidents.list({
      status: ['awaiting_start'],
      limit: MOST_ASKED,
    })) {
      if (askedFor.has(`${incident}/${round}`)) continue;
      askedFor.add(`${incident}/${round}`);
      const why = (await bench.incidents.transitions(incident)).at(-1)?.why;
      log('info', 'would_ask', { incident, gate: 'start', why, error });
    }
  };

  /** Whose run met the back-off comes after the others: it may be the only one that meets it. */
  const take = async (except: readonly string[]) => {
    const met = (await bench.incidents.backOff())?.incident;
    const others = met === undefined ? undefined : await claimNext(bench, [...except, ...endings.resting(), met]);
    return others ?? claimNext(bench, [...except, ...endings.resting()]);
  };

  /** After a back-off one run shows whether it is over; the others wait for it. */
  const atOnce = async ({ budget }: Config) => ((await bench.incidents.backOff()) ? 1 : budget.concurrency);

  const standsStill = async (config: Config): Promise<StandingStill | undefined> => {
    const still = await standingStill(bench, config, env);
    const said = still ? `${still.by} ${still.until}` : '';
    if (said !== saidStill && still) log('warn', 'standing_still', { ...still });
    if (said !== saidStill && !still) log('info', 'going_on');
    saidStill = said;
    return still;
  };

  const begin = (claim: Claim, read: Settings) => {
    const { incident, severity, round } = claim.record;
    log('info', 'run_started', { incident, severity, round });
    const run = runOne(bench, claim, read, { ...options.heal, dryRun: options.dryRun, env, signal: ending.signal })
      .then((end) => {
        if (end.end === 'done' && end.result.unpublished?.state === 'paused') keptBack.add(incident);
        return endings.settle(incident, end);
      })
      .catch((error: unknown) => log('error', 'queue_failed', { incident, why: describeError(error).message }))
      .finally(() => {
        running.delete(incident);
        clock.wake();
      });
    running.set(incident, run);
  };

  const clock = repeat(async () => {
    await look().catch((error: unknown) => log('error', 'queue_failed', { why: describeError(error).message }));
    return LOOK_EVERY_MS;
  });

  return {
    async stop() {
      stopped = true;
      await clock.stop();
      if (running.size === 0) return;
      const drainMs = options.drainMs ?? DRAIN_MS;
      log('info', 'draining', { running: [...running.keys()], at_most_s: drainMs / 1000 });
      const patience = setTimeout(() => ending.abort(), drainMs);
      await Promise.all(running.values());
      clearTimeout(patience);
    },
  };
}
