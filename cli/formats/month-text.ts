/** One month in a few lines of plain text, to paste into a team's channel: each figure beside that of the month before. */
import type { Figure, Figures } from '../../healer/metrics/metrics.ts';
import type { MonthMetrics } from '../../healer/metrics/month.ts';
import { dollars, duration, percent, shown } from './metrics-text.ts';

export function monthText({ month, now, before, handedOver, soFar }: MonthMetrics): string {
  const { overall } = now;
  const { auto_fix_rate: fixed, fix_accuracy: accuracy, recovery_rate: recovery, cost_per_fix_usd: cost } = overall;
  const head = `self-healing in ${nameOf(month)}${soFar ? ', so far' : ''}`;
  if (fixed.denominator === 0) return `${head}: no error came to an end.`;
  const beside = (name: keyof Figures, show: (value: number) => string) =>
    `${shown(overall[name], show)}${than(before.overall[name], show)}`;
  const than = (figure: Figure, show: (value: number) => string) =>
    figure.value === null ? '' : ` (the month before: ${show(figure.value)})`;
  const lines = [
    `${errors(fixed.denominator)} came to an end: ${fixed.numerator} with a proposed fix, ${beside('auto_fix_rate', percent)}; ${handedOver} handed over to a person.`,
    accuracy.denominator > 0 &&
      `Merged as proposed: ${accuracy.numerator} of ${accuracy.denominator} that were decided, ${beside('fix_accuracy', percent)}.`,
    overall.false_positive_rate.numerator > 0 &&
      `Rejected, or the error came back: ${overall.false_positive_rate.numerator} of ${accuracy.denominator}.`,
    fixed.numerator > 0 && `From the error to the proposal: ${beside('time_to_fix_s', duration)}, median.`,
    recovery.denominator > 0 && `Rescued by the first retry: ${recovery.numerator} of ${recovery.denominator}.`,
    `Cost: ${dollars(cost.numerator)} in all${cost.value === null ? '' : `, ${beside('cost_per_fix_usd', dollars)} a proposal`}.`,
    `By class: ${parts(now.by_class)}.`,
    `By source: ${parts(now.by_source)}.`,
  ];
  return [head, '', ...lines.filter((line) => line !== false).map((line) => `- ${line}`)].join('\n');
}

function errors(count: number): string {
  return count === 1 ? '1 error' : `${count} errors`;
}

/** The most frequent first. */
function parts(by: Record<string, Figures>): string {
  return Object.entries(by)
    .sort(([, a], [, b]) => b.auto_fix_rate.denominator - a.auto_fix_rate.denominator)
    .map(([name, { auto_fix_rate: one }]) => `${name} ${one.numerator} of ${one.denominator}`)
    .join(', ');
}

function nameOf(month: string): string {
  return new Date(`${month}-01T00:00:00.000Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
