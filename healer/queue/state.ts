/** What the queue does now, from its rows: for `status` and `/healthz`. */
import type { Config } from '../../context/schemas/config.ts';
import { waitsFor } from '../incidents/waiting.ts';
import type { Workbench } from '../workbench.ts';
import { type Running, runningNow } from './running.ts';
import { type StandingStill, standingStill } from './standing-still.ts';

export interface QueueState {
  /** The next ones, in the order of their turns. */
  next: string[];
  running: Running[];
  standing_still: StandingStill | null;
}

const SHOWN = 5;

/** How far it is looked for them behind those that wait for another. */
const LOOKED_AT = 50;

export async function queueState(
  bench: Workbench,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<QueueState> {
  return {
    next: (await bench.incidents.queued(LOOKED_AT))
      .filter((record) => !waitsFor(bench.db, record))
      .slice(0, SHOWN)
      .map(({ incident }) => incident),
    running: await runningNow(bench),
    standing_still: (await standingStill(bench, config, env)) ?? null,
  };
}
