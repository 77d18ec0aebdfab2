import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineSimilarity } from '../../gate/line-similarity.ts';

// Recorded from Python 3's difflib: SequenceMatcher(None, a, b, autojunk=False).ratio(), one letter for one line.
it.each([
  ['cfhbah', 'cfhbza', 0.833333],
  ['hgcdcgabcae', 'ghdgaabcce', 0.571429],
  ['gfgdfaecf', 'gcfgfaae', 0.470588],
  ['bgcaeggb', 'bgcaeggb', 1.0],
  ['agfedaeabbad', 'ageaebabbad', 0.869565],
  ['ghgbegdeg', 'ghgbeggdec', 0.842105],
  ['gca', '', 0.0],
  ['cfcffeeg', 'cfcffeeg', 1.0],
  ['', '', 1],
])('agrees with difflib on %s and %s', (a, b, ratio) => {
  expect(lineSimilarity([...a], [...b])).toBeCloseTo(ratio, 5);
});

it('lies between 0 and 1, and is 1 for equal lists only', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      const ratio = lineSimilarity(a, b);
      expect(ratio).toBeGreaterThanOrEqual(0);
      expect(ratio).toBeLessThanOrEqual(1);
      expect(ratio === 1).toBe(a.join() === b.join());
    }),
  );
});
