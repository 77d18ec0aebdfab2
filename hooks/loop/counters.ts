/**
 * Whether the numbers in an otherwise equal result move: 12/340 → 57/340 is progress, a number that jumps up and down is
 * noise. Plain JSON.
 */
import type { Call } from './call.ts';

interface Series {
  id: string;
  last: number[];
  /** The way each number moves: 1, -1, 0 as long as it stands, `NOISE` once it has turned round. */
  ways: number[];
}

export type Counters = Series[];

/** What is kept is bounded, so that the state of a run stays below 64 kB. */
const MAX_SERIES = 12;
const NOISE = 2;

/** What became of the numbers since the same call gave this result the last time: none differs, they jump, one moves on. */
export type Movement = 'none' | 'noise' | 'progress';

export function moveCounters(all: Counters, call: Pick<Call, 'key' | 'result' | 'counters'>): Movement {
  const id = call.key + call.result;
  const at = all.findIndex((known) => known.id === id);
  const known = at < 0 ? undefined : all.splice(at, 1)[0];
  const comparable = known?.last.length === call.counters.length ? known : { last: call.counters, ways: [] };
  const steps = call.counters.map((value, i) => Math.sign(value - (comparable.last[i] ?? value)));
  const ways = steps.map((step, i) => turned(comparable.ways[i] ?? 0, step));
  all.push({ id, last: call.counters, ways });
  if (all.length > MAX_SERIES) all.shift();
  if (steps.every((step) => step === 0)) return 'none';
  return steps.some((step, i) => step !== 0 && ways[i] !== NOISE) ? 'progress' : 'noise';
}

function turned(way: number, step: number): number {
  if (step === 0 || way === step) return way;
  return way === 0 ? step : NOISE;
}
