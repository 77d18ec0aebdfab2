/** The figures of CONTRACT §7 over closed rounds. Every one is counted from rows; docs/metrics.md defines them. */
import type { Round } from '../../store/rounds.ts';

export interface Figure {
  /** Null when the denominator is 0. */
  value: number | null;
  numerator: number;
  denominator: number;
}

export interface Figures {
  auto_fix_rate: Figure;
  /** Seconds; the median, with the sum of all as its numerator. */
  time_to_fix_s: Figure;
  fix_accuracy: Figure;
  false_positive_rate: Figure;
  regression_rate: Figure;
  recovery_rate: Figure;
  /** US dollars. */
  cost_per_fix_usd: Figure;
}

export interface Metrics {
  /** ISO 8601. */
  since: string;
  overall: Figures;
  /** By class of error; `undiagnosed` where no cause was recorded. */
  by_class: Record<string, Figures>;
  by_source: Record<string, Figures>;
  /** `2026-11`, by the month in which the round ended, UTC. */
  by_month: Record<string, Figures>;
}

export function metricsOf(rounds: readonly Round[], since: string): Metrics {
  const by = (key: (round: Round) => string) =>
    Object.fromEntries(
      [...groupsOf(rounds, key)].sort(([a], [b]) => a.localeCompare(b)).map(([name, of]) => [name, figuresOf(of)]),
    );
  return {
    since,
    overall: figuresOf(rounds),
    by_class: by(({ failure_type }) => failure_type ?? 'undiagnosed'),
    by_source: by(({ source }) => source),
    by_month: by(({ closed_at }) => closed_at.slice(0, 7)),
  };
}

export function figuresOf(rounds: readonly Round[]): Figures {
  const proposed = rounds.filter(wasProposed);
  const decided = proposed.filter(({ merged_at, rejected_at }) => merged_at !== null || rejected_at !== null);
  const merged = decided.filter(({ merged_at }) => merged_at !== null);
  const unchanged = merged.filter(mergedUnchanged);
  const wrong = decided.filter((round) => round.rejected_at !== null || cameBack(round));
  const retried = rounds.filter(({ attempts }) => attempts > 1);
  const seconds = proposed.map(secondsToFix);
  return {
    auto_fix_rate: rate(proposed.length, rounds.length),
    time_to_fix_s: { value: median(seconds), numerator: rounded(sum(seconds)), denominator: proposed.length },
    fix_accuracy: rate(unchanged.length, decided.length),
    false_positive_rate: rate(wrong.length, decided.length),
    regression_rate: rate(merged.filter(cameBack).length, merged.length),
    recovery_rate: rate(retried.filter(({ recovered }) => recovered === 1).length, retried.length),
    cost_per_fix_usd: rate(rounded(sum(rounds.map(({ cost_usd }) => cost_usd))), proposed.length),
  };
}

function wasProposed({ proposed_at }: Round): boolean {
  return proposed_at !== null;
}

/** As it was proposed first, and as it was proven. */
export function mergedUnchanged({ merged_at, reworked, changed }: Round): boolean {
  return merged_at !== null && reworked <= 0 && changed === 0;
}

export function cameBack({ rolled_back_at, recurred }: Round): boolean {
  return rolled_back_at !== null || recurred === 1;
}

function secondsToFix({ began_at, proposed_at, proposal_at }: Round): number {
  return Math.max(0, (Date.parse(proposal_at ?? proposed_at ?? began_at) - Date.parse(began_at)) / 1000);
}

function rate(numerator: number, denominator: number): Figure {
  return { value: denominator === 0 ? null : rounded(numerator / denominator), numerator, denominator };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return rounded(sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Four digits after the point: rates in hundredths of a percent, dollars below a cent. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function groupsOf<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
