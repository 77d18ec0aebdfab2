/**
 * What a process that is gone left in work: nobody holds its lease, or who held it is dead. It waits in the queue again,
 * in the same round, and what is proven waits for a person, because the evidence went with the process (law 6).
 */
import type { IncidentRecord } from '../../store/incidents.ts';
import { escalate } from '../fixes/escalate.ts';
import { holdLease } from '../incidents/lease.ts';
import type { Workbench } from '../workbench.ts';

const WHY = 'taken up again after a crash';
/** An incident that takes its process with it so often in one round is a person's. */
const MOST_CRASHES = 3;

/** Answers with what was moved, each with where it is now. */
export async function resumeStranded(bench: Workbench): Promise<IncidentRecord[]> {
  const { incidents, repository } = bench;
  const moved: IncidentRecord[] = [];
  const inWork = await incidents.list({ status: ['healing', 'verified'] });
  // A holder that died before its first step left no more than a lease, which would keep its incident back until it expires.
  for (const { incident } of uniqueById([...inWork, ...(await incidents.leases())])) {
    if (bench.fixes.has(incident)) continue;
    const taken = await holdLease(incidents, repository.home, incident);
    if (!taken.held) continue;
    try {
      // Read again under the lease: its holder may just have ended well.
      const record = await incidents.get(incident);
      const after = record && (await moveOn(bench, record));
      if (after) moved.push(after);
    } finally {
      await taken.lease.release();
    }
  }
  return moved;
}

function uniqueById(all: readonly { incident: string }[]): { incident: string }[] {
  return [...new Map(all.map((one) => [one.incident, one])).values()];
}

async function moveOn(bench: Workbench, record: IncidentRecord): Promise<IncidentRecord | undefined> {
  const { incident, status } = record;
  if (status === 'healing') {
    if ((await crashesOf(bench, record)) < MOST_CRASHES)
      return step(bench, incident, { from: 'healing', to: 'queued', why: WHY });
    const reason = `The process that worked on it ended ${MOST_CRASHES + 1} times before it was done.`;
    const needs = 'Look at what ends it (memory, the disk, the log of the service), then try again.';
    await escalate(bench, { incident, reason, needs, failureMode: 'crash', who: 'serve' });
    return bench.incidents.get(incident);
  }
  if (status !== 'verified') return undefined;
  const why = 'the process that proved it ended before it was published';
  return step(bench, incident, { from: 'verified', to: 'awaiting_publish', why });
}

async function step(
  { incidents }: Workbench,
  incident: string,
  { from, to, why }: { from: 'healing' | 'verified'; to: 'queued' | 'awaiting_publish'; why: string },
): Promise<IncidentRecord | undefined> {
  const result = await incidents.transition({ incident, to, from: [from], who: 'serve', why });
  return result.ok ? result.record : undefined;
}

async function crashesOf({ incidents }: Workbench, { incident, round }: IncidentRecord): Promise<number> {
  const steps = await incidents.transitions(incident);
  return steps.filter((row) => row.round === round && row.from === 'healing' && row.why === WHY).length;
}
