/** One month's figures beside those of the month before. Months are those of UTC, like everywhere in the rows. */
import type { Workbench } from '../workbench.ts';
import { type Metrics, metricsOf } from './figures.ts';
import { roundsIn } from './metrics.ts';

export interface MonthMetrics {
  /** `2026-11` */
  month: string;
  now: Metrics;
  before: Metrics;
  /** Rounds that a person was handed. */
  handedOver: number;
  /** The month is not over yet. */
  soFar: boolean;
}

export function monthMetrics(bench: Workbench, month: string, { dryRun }: { dryRun: boolean }): MonthMetrics {
  const of = (from: string) => {
    const since = startOf(from);
    const rounds = roundsIn(bench, { since, until: startOf(monthAfter(from, 1)), dryRun });
    return { rounds, figures: metricsOf(rounds, since) };
  };
  const { rounds, figures } = of(month);
  return {
    month,
    now: figures,
    before: of(monthAfter(month, -1)).figures,
    handedOver: rounds.filter(({ proposed_at, escalated_at }) => proposed_at === null && escalated_at !== null).length,
    soFar: bench.now().toISOString() < startOf(monthAfter(month, 1)),
  };
}

/** `2026-11`, so many months later (or earlier). */
export function monthOf(date: Date, later = 0): string {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1)).toISOString().slice(0, 7);
}

function monthAfter(month: string, later: number): string {
  return monthOf(new Date(startOf(month)), later);
}

function startOf(month: string): string {
  return `${month}-01T00:00:00.000Z`;
}
