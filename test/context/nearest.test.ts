import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance, nearest } from '../../context/nearest.ts';

it('counts insertions, deletions, substitutions and swaps as one each', () => {
  expect(editDistance('timeout', 'timout')).toBe(1);
  expect(editDistance('timeout', 'tiemout')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance === 0).toBe(a === b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

it('names the nearest word, whatever its case, and none where none is known', () => {
  expect(nearest('Wall_Clok', ['silence_timeout', 'wall_clock'])).toBe('wall_clock');
  expect(nearest('x'.repeat(1_000_000), ['a', 'xx'])).toBe('xx');
  expect(nearest('x', [])).toBeUndefined();
});
