/** What may still be spent, from the costs of the runs that are stored. US dollars. */
import type { Config } from '../../context/schemas/config.ts';
import { type CostBasis, type Run, runsOf, spentSince } from '../../store/runs.ts';
import { weakestBasis } from '../runs/cost-words.ts';
import type { Workbench } from '../workbench.ts';

const DAY_MS = 86_400_000;

export interface Spendable {
  /** For the next run; 0 or less when nothing is left. */
  usd: number;
  /** Which limit is the nearest. */
  limit: 'claude.max_usd' | 'budget.max_usd_per_incident' | 'budget.max_usd_per_day';
}

/** `spentHere`: by runs of this process, as it saw them end; the agent's shell could write the rows. */
export function spendable(bench: Workbench, incident: string, config: Config, spentHere: number): Spendable {
  const { max_usd_per_incident, max_usd_per_day } = config.budget;
  const limits: Spendable[] = [
    { usd: config.claude.max_usd, limit: 'claude.max_usd' },
    { usd: max_usd_per_incident - Math.max(spentHere, spentOn(bench, incident)), limit: 'budget.max_usd_per_incident' },
    { usd: max_usd_per_day - Math.max(spentHere, spentInADay(bench).usd), limit: 'budget.max_usd_per_day' },
  ];
  return limits.reduce((least, limit) => (limit.usd < least.usd ? limit : least));
}

/** Of one round, or of all of them. */
export function spentOn(bench: Workbench, incident: string, round?: number): number {
  return runsOf(bench.db, incident, round).reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0);
}

/** The weakest that one of the runs rests on; null when none cost anything. */
export function basisOf(runs: readonly Run[]): CostBasis | null {
  return weakestBasis(runs.map(({ cost_basis }) => cost_basis));
}

/** Undefined while something may be spent today; else until when nothing may: the oldest cost is then a day old. */
export function dayIsSpent(bench: Workbench, config: Config): { until: Date } | undefined {
  const { usd, first } = spentInADay(bench);
  if (usd < config.budget.max_usd_per_day) return undefined;
  return { until: new Date((first === null ? bench.now().getTime() : Date.parse(first)) + DAY_MS) };
}

/**
 * For a run that has begun: why it has to end now, or undefined. Its own limit is the client's to keep, which counts
 * exactly; here it is noticed that others have used up meanwhile what it was given.
 */
export function watchDay(
  bench: Workbench,
  config: Config,
  run: { id: string; maxUsd: number },
): (ownUsd: number) => string | undefined {
  const limit = config.budget.max_usd_per_day;
  const others = () => spentInADay(bench, run.id).usd;
  const before = others();
  return (ownUsd) => {
    const now = others();
    if (now <= before || now + Math.min(ownUsd, run.maxUsd) < limit) return undefined;
    return `budget.max_usd_per_day (${limit}) is used up, by this run and others.`;
  };
}

function spentInADay(bench: Workbench, except?: string): { usd: number; first: string | null } {
  return spentSince(bench.db, new Date(bench.now().getTime() - DAY_MS).toISOString(), except);
}
