/** What may still be spent, from the costs of the runs that are stored. US dollars. */
import type { Config } from '../../context/schemas/config.ts';
import { runsOf } from '../../store/runs.ts';
import type { Workbench } from '../workbench.ts';

const DAY_MS = 86_400_000;

export interface Spendable {
  /** For the next run; 0 or less when nothing is left. */
  usd: number;
  /** Which limit is the nearest. */
  limit: 'claude.max_usd' | 'budget.max_usd_per_incident' | 'budget.max_usd_per_day';
}

/** `spentHere`: by runs of this process, as it saw them end; the agent's shell could write the rows. */
export async function spendable(
  bench: Workbench,
  incident: string,
  config: Config,
  spentHere: number,
): Promise<Spendable> {
  const { max_usd_per_incident, max_usd_per_day } = config.budget;
  const limits: Spendable[] = [
    { usd: config.claude.max_usd, limit: 'claude.max_usd' },
    { usd: max_usd_per_incident - Math.max(spentHere, spentOn(bench, incident)), limit: 'budget.max_usd_per_incident' },
    { usd: max_usd_per_day - Math.max(spentHere, await spentInADay(bench)), limit: 'budget.max_usd_per_day' },
  ];
  return limits.reduce((least, limit) => (limit.usd < least.usd ? limit : least));
}

/** Of one round, or of all of them. */
export function spentOn(bench: Workbench, incident: string, round?: number): number {
  return runsOf(bench.db, incident, round).reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0);
}

async function spentInADay(bench: Workbench): Promise<number> {
  const since = new Date(bench.now().getTime() - DAY_MS).toISOString();
  const recent = (await bench.incidents.list({ limit: 1000 })).filter(({ updated_at }) => updated_at >= since);
  return recent
    .flatMap(({ incident }) => runsOf(bench.db, incident))
    .filter(({ started_at }) => started_at >= since)
    .reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0);
}
