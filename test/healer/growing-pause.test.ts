import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growingPause, spreadPause } from '../../healer/growing-pause.ts';

describe('the pause after a failure', () => {
  it('doubles with each, up to the longest', () => {
    const after = (failures: number) => growingPause(failures, { firstMs: 10, longestMs: 60 });
    expect([1, 2, 3, 4, 5, 5000].map(after)).toEqual([10, 20, 40, 60, 60, 60]);
  });

  it('is spread over its upper half where many may have failed together', () => {
    const at = (failures: number, random: number) => spreadPause(failures, { firstMs: 30_000, random: () => random });
    expect([at(1, 0), at(1, 0.999999)]).toEqual([15_000, 30_000]);
    expect([at(2, 0), at(2, 0.999999)]).toEqual([30_000, 60_000]);
  });

  it('is never less than what the other side asked for, longer than the longest or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(600_000),
        fc.nat(600_000),
        fc.nat(900_000),
        (failures, firstMs, longestMs, askedMs) => {
          for (const pause of [growingPause, spreadPause])
            expect(pause(failures, { firstMs, longestMs, askedMs })).toBeGreaterThanOrEqual(askedMs);
        },
      ),
    );
  });
});
