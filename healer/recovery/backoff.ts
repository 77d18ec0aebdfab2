/** How long to wait before an API that did not answer is asked again. */

/**
 * `base · 2ⁿ⁻¹` before try n+1, spread over its upper half, so that runs that failed together do not come back together;
 * never less than what the API asked for. Milliseconds; `random` in [0, 1).
 */
export function waitBeforeTry(
  afterTry: number,
  options: { baseMs: number; retryAfterMs: number | null; random?: () => number },
): number {
  const full = options.baseMs * 2 ** (afterTry - 1);
  const spread = full / 2 + (options.random ?? Math.random)() * (full / 2);
  return Math.round(Math.max(spread, options.retryAfterMs ?? 0));
}
