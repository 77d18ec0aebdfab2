/** How well it heals here, from the rows of some time. */
import { closedRounds, type Round, type Span } from '../../store/rounds.ts';
import { hasState, type Workbench } from '../workbench.ts';
import { type Metrics, metricsOf } from './figures.ts';

export type { Figure, Figures, Metrics } from './figures.ts';

/** Of rounds that ended in the time. Where nothing was recorded every figure is null. */
export function metrics(bench: Workbench, span: Span): Metrics {
  return metricsOf(roundsIn(bench, span), span.since);
}

export function roundsIn(bench: Workbench, span: Span): Round[] {
  return hasState(bench) ? closedRounds(bench.db, span) : [];
}
