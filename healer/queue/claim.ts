/** Takes the incident whose turn it is, with its lease: noted with this process, so that a restart knows a dead holder. */
import { randomUUID } from 'node:crypto';
import type { IncidentRecord } from '../../store/incidents.ts';
import { type HeldLease, holdLease, LEASE_MS } from '../incidents/lease.ts';
import type { Workbench } from '../workbench.ts';

export interface Claim {
  record: IncidentRecord;
  lease: HeldLease;
}

/** Undefined when nothing is queued and free. `except`: passed over. */
export async function claimNext(
  { incidents, repository }: Workbench,
  except: readonly string[],
): Promise<Claim | undefined> {
  const holder = randomUUID();
  const record = await incidents.claimNext(holder, LEASE_MS, except);
  if (!record) return undefined;
  const taken = await holdLease(incidents, repository.home, record.incident, holder);
  return taken.held ? { record, lease: taken.lease } : undefined;
}
