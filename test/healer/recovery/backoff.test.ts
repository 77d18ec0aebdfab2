import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitBeforeTry } from '../../../healer/recovery/backoff.ts';

describe('the wait before a try', () => {
  it('doubles, spread over its upper half', () => {
    const at = (afterTry: number, random: number) =>
      waitBeforeTry(afterTry, { baseMs: 30_000, retryAfterMs: null, random: () => random });
    expect([at(1, 0), at(1, 0.999999)]).toEqual([15_000, 30_000]);
    expect([at(2, 0), at(2, 0.999999)]).toEqual([30_000, 60_000]);
  });

  it('is never less than what the API asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.nat(600_000),
        fc.nat(600_000),
        (afterTry, baseMs, retryAfterMs) => {
          expect(waitBeforeTry(afterTry, { baseMs, retryAfterMs })).toBeGreaterThanOrEqual(retryAfterMs);
        },
      ),
    );
  });
});
