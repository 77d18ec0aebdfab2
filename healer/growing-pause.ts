/** How long to wait before something that failed is tried again: twice as long after each failure in a row. Milliseconds. */

export interface Growth {
  firstMs: number;
  /** Default: it grows without an end. */
  longestMs?: number;
  /** What the other side asked for: it is never less. */
  askedMs?: number | null | undefined;
}

/** After the nth failure in a row, n from 1: `firstMs · 2ⁿ⁻¹`, at most `longestMs`. */
export function growingPause(failures: number, { firstMs, longestMs, askedMs }: Growth): number {
  return Math.max(askedMs ?? 0, grown(failures, firstMs, longestMs));
}

/**
 * The same, spread over its upper half, so that those who failed together do not come back together. `random` in [0, 1);
 * whole milliseconds.
 */
export function spreadPause(
  failures: number,
  { firstMs, longestMs, askedMs, random = Math.random }: Growth & { random?: () => number },
): number {
  const full = grown(failures, firstMs, longestMs);
  return Math.round(Math.max(askedMs ?? 0, full / 2 + random() * (full / 2)));
}

function grown(failures: number, firstMs: number, longestMs = Number.POSITIVE_INFINITY): number {
  return Math.min(longestMs, firstMs * 2 ** (failures - 1));
}
