/** `serve --dry-run` in place of the worker: says once of each incident what would be done with it, and does nothing. */
import { describeError } from '../../events/errors.ts';
import type { Log } from '../intake/log.ts';
import type { Settings } from '../intake/settings.ts';
import { repeat } from '../repeat.ts';
import type { Workbench } from '../workbench.ts';
import { standingStill } from './standing-still.ts';
import type { Worker } from './worker.ts';

const LOOK_EVERY_MS = 1_000;
/** In the order of their turns; the rest is told when these are gone. */
const MOST = 100;

export function startRehearsal(
  bench: Workbench,
  {
    env,
    settings,
    log,
  }: { env: Readonly<Record<string, string | undefined>>; settings: () => Promise<Settings>; log: Log },
): Worker {
  const said = new Set<string>();
  const look = async () => {
    const { config } = await settings();
    const waiting = [
      ...(await bench.incidents.queued(MOST)),
      ...(await bench.incidents.list({ status: ['detected'], limit: MOST })),
    ];
    for (const { incident, severity, status, round } of waiting) {
      if (said.has(`${incident}/${round}/${status}`)) continue;
      said.add(`${incident}/${round}/${status}`);
      if (status === 'queued') {
        const still = await standingStill(bench, config, env);
        log('info', 'would_run', { incident, severity, round, not_before: still?.until, held_by: still?.why });
      } else log('info', 'would_admit', { incident, severity, approval_start: config.approval.start });
    }
  };
  return repeat(async () => {
    await look().catch((error: unknown) => log('error', 'queue_failed', { why: describeError(error).message }));
    return LOOK_EVERY_MS;
  });
}
