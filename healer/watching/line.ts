/** What is being watched, since when and with what figures, in one line; undefined for an incident that is not. */
import { oneLine } from '../../events/plain-text.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { readingsOf, watchOf } from '../../store/watches.ts';
import type { Workbench } from '../workbench.ts';
import { amount, percent } from './words.ts';

export function watchLine(
  { db }: Pick<Workbench, 'db'>,
  { incident, round, status }: Pick<IncidentRecord, 'incident' | 'round' | 'status'>,
): string | undefined {
  if (status === 'merged') return 'merged; its deploy is waited for';
  const watch = watchOf(db, incident, round);
  if (!watch) return undefined;
  const { basis, told_by, began_at, verdict, why, sentry_count } = watch;
  const last = readingsOf(db, incident, round).at(-1);
  const against = (earlier: string | null) => (earlier === null ? '' : ` (${earlier} before)`);
  const figures = [
    ...(last?.error_rate == null
      ? []
      : [
          `error rate ${percent(last.error_rate)}${against(last.earlier_error_rate === null ? null : percent(last.earlier_error_rate))}`,
        ]),
    ...(last?.p95_ms == null
      ? []
      : [
          `p95 ${amount('ms')(last.p95_ms)}${against(last.earlier_p95_ms === null ? null : amount('ms')(last.earlier_p95_ms))}`,
        ]),
    ...(last?.requests == null ? [] : [`${Math.round(last.requests)} requests`]),
    ...(sentry_count === null ? [] : [`${sentry_count} events in Sentry`]),
  ];
  return [
    `${verdict === null ? 'watched' : 'was watched'} since ${began_at.slice(0, 19)}Z${basis === 'merge' ? ', with no deploy seen' : ''} (${oneLine(told_by, 120)})`,
    figures.length === 0 ? 'no figures' : figures.join(', '),
    ...(why === '' ? [] : [oneLine(why, 300)]),
  ].join('; ');
}
