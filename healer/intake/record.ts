/** What a source told, from events and errands to rows, and each incident as far as triage lets it go. */
import type { Config } from '../../context/schemas/config.ts';
import type { Delivery } from '../../store/incidents.ts';
import type { Workbench } from '../workbench.ts';
import { admitAll } from './admit.ts';
import { deliverTogether } from './group-commit.ts';

export interface Recording {
  /** The delivery was known. */
  duplicate: boolean;
  /** Events and errands that were not known. */
  fresh: number;
  errands: number;
  incidents: string[];
}

export async function record({ bench }: { bench: Workbench }, config: Config, delivery: Delivery): Promise<Recording> {
  const delivered = await deliverTogether(bench.incidents, delivery);
  if (delivered.duplicate) return { duplicate: true, fresh: 0, errands: 0, incidents: [] };
  await admitAll(bench, delivered.incidents, config);
  return {
    duplicate: false,
    fresh: delivered.recorded.filter(({ duplicate }) => !duplicate).length,
    errands: delivered.errands,
    incidents: [...new Set(delivered.recorded.map(({ incident }) => incident))],
  };
}
