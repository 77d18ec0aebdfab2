/** The clock of `serve`: takes on every error that has settled, those of a time before a restart included. */
import { describeError } from '../../events/errors.ts';
import type { HeldLease } from '../incidents/lease.ts';
import { admit } from './admit.ts';
import type { Log } from './log.ts';
import type { Intake } from './receive.ts';
import { settlesIn } from './settle.ts';

/** Rows may come from another process (`heal`, a session), so that they are looked at this often at least. */
const LONGEST_MS = 1_000;
const SHORTEST_MS = 20;

/** One look at all that waits; answers with the milliseconds until the next is due. */
export async function settleDue({ bench, settings, dryRun }: Pick<Intake, 'bench' | 'settings' | 'dryRun'>, log: Log) {
  const { config } = await settings();
  let next = LONGEST_MS;
  const waiting = await bench.incidents.list({ status: dryRun ? ['settling'] : ['settling', 'detected'] });
  for (const record of waiting) {
    const ms = record.status === 'settling' ? settlesIn(record, config.intake, bench.now()) : 0;
    if (ms > 0) {
      next = Math.min(next, ms);
      continue;
    }
    const after = await admit(bench, record, { config, dryRun });
    if (after.status !== record.status)
      log('info', 'incident', { incident: after.incident, from: record.status, to: after.status });
  }
  return Math.max(SHORTEST_MS, next);
}

/** Runs until it is stopped; an error of one look is said, and the next look comes all the same. */
export function startSettler(
  intake: Intake,
  log: Log,
  lease: Pick<HeldLease, 'lost'>,
): { stop(): Promise<void>; replaced: Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let looking = Promise.resolve();
  let tellReplaced = () => {};
  const replaced = new Promise<void>((resolve) => {
    tellReplaced = resolve;
  });
  const look = async () => {
    if (lease.lost()) return tellReplaced();
    const next = await settleDue(intake, log).catch((error: unknown) => {
      log('error', 'settle_failed', { why: describeError(error).message });
      return LONGEST_MS;
    });
    if (!stopped) timer = setTimeout(start, next);
  };
  const start = () => {
    looking = look();
  };
  start();
  return {
    replaced,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
    },
  };
}
