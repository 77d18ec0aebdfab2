/** Takes the incident whose turn it is, with its lease: noted with this process, so that a restart knows a dead holder. */
import { randomUUID } from 'node:crypto';
import type { IncidentRecord } from '../../store/incidents.ts';
import { type HeldLease, holdLease, LEASE_MS } from '../incidents/lease.ts';
import { heldInQueue } from '../intake/hold-back.ts';
import type { Workbench } from '../workbench.ts';

export interface Claim {
  record: IncidentRecord;
  lease: HeldLease;
}

/** Undefined when nothing is queued and free. `except` is passed over, and so is what waits for another that explains it. */
export async function claimNext(bench: Workbench, except: readonly string[]): Promise<Claim | undefined> {
  const { incidents, repository } = bench;
  const holder = randomUUID();
  const record = await incidents.claimNext(holder, LEASE_MS, [...except, ...(await heldInQueue(bench))]);
  if (!record) return undefined;
  const taken = await holdLease(incidents, repository.home, record.incident, holder);
  return taken.held ? { record, lease: taken.lease } : undefined;
}
