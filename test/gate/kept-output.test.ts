import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepOutput } from '../../gate/kept-output.ts';

it('keeps everything that fits, and else the beginning, the end, and how much is missing', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.integer({ min: 4, max: 40 }), (pieces, limit) => {
      const kept = keepOutput(limit);
      for (const piece of pieces) kept.add(piece);
      const whole = pieces.join('');
      if (whole.length <= limit) {
        expect(kept.text()).toBe(whole);
        expect(kept.dropped()).toBe(0);
        return;
      }
      const head = whole.slice(0, Math.floor(limit / 4));
      const tail = whole.slice(-(limit - head.length));
      expect(kept.dropped()).toBe(whole.length - limit);
      expect(kept.text()).toBe(`${head}\n[… ${whole.length - limit} characters left out …]\n${tail}`);
    }),
  );
});
