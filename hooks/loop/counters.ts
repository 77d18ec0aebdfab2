/**
 * Whether the numbers in an otherwise equal result move: 12/340 → 57/340 is progress, a number that jumps up and down is
 * noise. Plain JSON.
 */
import type { Call } from './call.ts';

interface Series {
  id: string;
  last: number[];
  /** For each number the direction in which it has moved every time: 1, -1, or 0 for none. Null before the second. */
  directions: number[] | null;
}

export type Counters = Series[];
const MAX_SERIES = 12;

/** True when a number of the result goes on moving in the direction in which it has moved since this result was first seen. */
export function countersMoved(series: Counters, call: Pick<Call, 'key' | 'result' | 'counters'>): boolean {
  const id = call.key + call.result;
  const at = series.findIndex((known) => known.id === id);
  const known = series[at];
  if (known) series.splice(at, 1);
  const steps =
    known && known.last.length === call.counters.length
      ? call.counters.map((value, i) => Math.sign(value - (known.last[i] ?? value)))
      : null;
  const directions =
    steps && known?.directions ? steps.map((step, i) => (step === known.directions?.[i] ? step : 0)) : steps;
  series.push({ id, last: call.counters, directions });
  if (series.length > MAX_SERIES) series.shift();
  return directions?.some((direction) => direction !== 0) ?? false;
}
