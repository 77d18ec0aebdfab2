/** The figures for a terminal, and to paste into a team's channel: each with what it was counted from. */
import type { Figure, Figures, Metrics } from '../../healer/metrics/metrics.ts';
import { table } from '../table.ts';

const SHOWN: [name: keyof Figures, words: string, show: (value: number) => string][] = [
  ['auto_fix_rate', 'fixed by itself', percent],
  ['time_to_fix_s', 'from the error to the proposal (median)', duration],
  ['fix_accuracy', 'merged as proposed', percent],
  ['false_positive_rate', 'rejected, or the error came back', percent],
  ['regression_rate', 'came back after a merge', percent],
  ['recovery_rate', 'rescued by the first retry', percent],
  ['cost_per_fix_usd', 'cost of a proposal', dollars],
];

/** `dryRun`: what dry runs proved counts as proposed. */
export function metricsText(
  { since, overall, by_class, by_source, by_month }: Metrics,
  { columns, dryRun = false }: { columns: number; dryRun?: boolean },
): string {
  const closed = overall.auto_fix_rate.denominator;
  const proposal = dryRun ? 'proposal, made or only tried in a dry run' : 'proposal';
  const head = `Since ${since.slice(0, 10)}: ${closed} ${closed === 1 ? 'error' : 'errors'} brought to an end, ${overall.auto_fix_rate.numerator} with a ${proposal}.`;
  if (closed === 0) return `${head}\nNothing to count yet. \`self-healing heal --error FILE\` starts with one.`;
  const rows = SHOWN.map(([name, words, show]) => [words, shown(overall[name], show), counted(name, overall[name])]);
  const parts: [string, Record<string, Figures>][] = [
    ['Class', by_class],
    ['Source', by_source],
    ['Month', by_month],
  ];
  return [
    head,
    '',
    table(rows, columns),
    ...parts.flatMap(([title, by]) => ['', table(groupRows(title, by), columns)]),
  ].join('\n');
}

function groupRows(title: string, by: Record<string, Figures>): string[][] {
  return [
    [title, 'ended', 'proposed', 'median', 'cost each'],
    ...Object.entries(by).map(([name, { auto_fix_rate: fixed, time_to_fix_s: time, cost_per_fix_usd: cost }]) => [
      name,
      String(fixed.denominator),
      `${fixed.numerator} (${shown(fixed, percent)})`,
      shown(time, duration),
      shown(cost, dollars),
    ]),
  ];
}

export function shown({ value }: Figure, show: (value: number) => string): string {
  return value === null ? '-' : show(value);
}

function counted(name: keyof Figures, { numerator, denominator }: Figure): string {
  if (name === 'time_to_fix_s') return `of ${denominator}`;
  return name === 'cost_per_fix_usd' ? `${dollars(numerator)} for ${denominator}` : `${numerator} of ${denominator}`;
}

export function percent(value: number): string {
  return `${Math.round(value * 1000) / 10} %`;
}

export function dollars(value: number): string {
  return `$${value.toFixed(2)}`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 360) / 10} h`;
}
