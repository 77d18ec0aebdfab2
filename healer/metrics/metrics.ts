/** How well it heals here, from the rows of some time. */
import { closedRounds } from '../../store/rounds.ts';
import { hasState, type Workbench } from '../workbench.ts';
import { type Metrics, metricsOf } from './figures.ts';

export type { Figure, Figures, Metrics } from './figures.ts';

/** Of rounds that ended in the last `sinceMs` milliseconds. Where nothing was recorded every figure is null. */
export function metrics(bench: Workbench, sinceMs: number): Metrics {
  const since = new Date(bench.now().getTime() - sinceMs).toISOString();
  return metricsOf(hasState(bench) ? closedRounds(bench.db, since) : [], since);
}
