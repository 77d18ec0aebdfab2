/** The clock of `serve`: takes on every error that has settled, those of a time before a restart included. */
import { setImmediate } from 'node:timers/promises';
import { describeError } from '../../events/errors.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { openLinks } from '../../store/links.ts';
import type { HeldLease } from '../incidents/lease.ts';
import { type Repeating, repeat } from '../repeat.ts';
import { admitAll } from './admit.ts';
import { holdQueued, openOthers, stillWaits } from './hold-back.ts';
import type { Log } from './log.ts';
import type { Intake } from './receive.ts';
import { settlesIn } from './settle.ts';

/** Rows may come from another process (`heal`, a session), so that they are looked at this often at least. */
const LONGEST_MS = 1_000;
const SHORTEST_MS = 20;
/** In one transaction; HTTP waits no longer than they take. */
const AT_ONCE = 25;

/** What was accepted in a storm, into its incidents; deliveries that come meanwhile are taken in between. */
async function countAccepted({ incidents }: Intake['bench'], log: Log): Promise<void> {
  for (let more = true; more; await setImmediate()) {
    const counted = await incidents.takeIn();
    for (const why of counted.failed) log('error', 'not_counted', { why });
    ({ more } = counted);
  }
}

/** One look at all that waits; answers with the milliseconds until the next is due. */
export async function settleDue({ bench, settings }: Pick<Intake, 'bench' | 'settings'>, log: Log) {
  const { config } = await settings();
  await countAccepted(bench, log);
  await admitAll(bench, await bench.incidents.grown(), config);
  let next = LONGEST_MS;
  const waiting = await bench.incidents.list({ status: ['settling', 'detected'] });
  const due: IncidentRecord[] = [];
  for (const held of await holdQueued(bench, config, openOthers(bench))) log('info', 'passed_over', held);
  const links = openLinks(bench.db);
  for (const record of waiting) {
    const link = record.status === 'detected' ? links.get(`${record.incident}/${record.round}`) : undefined;
    if (link && (await stillWaits(bench, link))) continue;
    const ms = record.status === 'settling' ? settlesIn(record, config.intake, bench.now()) : 0;
    if (ms > 0) next = Math.min(next, ms);
    else due.push(record);
  }
  for (let at = 0; at < due.length; at += AT_ONCE) {
    const before = due.slice(at, at + AT_ONCE);
    const after = await admitAll(bench, before, config);
    for (const [index, { incident, status }] of after.entries()) {
      const from = before[index]?.status;
      if (status !== from) log('info', 'incident', { incident, from, to: status });
    }
    // Deliveries that have come meanwhile are taken in first.
    await setImmediate();
  }
  return Math.max(SHORTEST_MS, next);
}

/** Runs until it is stopped; an error of one look is said, and the next look comes all the same. */
export function startSettler(
  intake: Intake,
  log: Log,
  lease: Pick<HeldLease, 'lost'>,
): Repeating & { replaced: Promise<void> } {
  let tellReplaced = () => {};
  const replaced = new Promise<void>((resolve) => {
    tellReplaced = resolve;
  });
  const clock = repeat(async () => {
    if (lease.lost()) {
      tellReplaced();
      return undefined;
    }
    return settleDue(intake, log).catch((error: unknown) => {
      log('error', 'settle_failed', { why: describeError(error).message });
      return LONGEST_MS;
    });
  });
  return {
    replaced,
    async stop() {
      await clock.stop();
      await countAccepted(intake.bench, log).catch((error: unknown) =>
        log('error', 'settle_failed', { why: describeError(error).message }),
      );
    },
  };
}
