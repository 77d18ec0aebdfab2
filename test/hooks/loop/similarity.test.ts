import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textSimilarity, unitsOf } from '../../../hooks/loop/similarity.ts';

interface Recorded {
  pairs: { name: string; a: string; b: string; ratio: number }[];
}

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/difflib-pairs.json'), 'utf8')) as Recorded;
const doc = readFileSync(join(import.meta.dirname, '../../../docs/loops.md'), 'utf8');

it.each(recorded.pairs)("agrees with Python's difflib: $name", ({ a, b, ratio }) => {
  expect(textSimilarity(a, b)).toBeCloseTo(ratio, 5);
});

const rows = [...doc.matchAll(/^\| `(.+?)` \| `(.+?)` \| (\d\.\d\d) \|/gm)];

it('gives the values that the documentation promises', () => {
  expect(rows.length).toBeGreaterThanOrEqual(6);
  for (const [, a = '', b = '', value] of rows) {
    const [one, other] = [a, b].map((text) => text.replaceAll('⏎', '\n'));
    expect(`${a} ~ ${b}: ${textSimilarity(one ?? '', other ?? '').toFixed(2)}`).toBe(`${a} ~ ${b}: ${value}`);
  }
});

it('does not see what is volatile', () => {
  const at = (n: number) =>
    `2026-11-20T10:00:0${n}Z job 7f3c2a${n}9-11aa-4bbb-8ccc-0123456789ab failed after ${n}.2 s at 10.0.0.${n}:80`;
  expect(textSimilarity(at(1), at(2))).toBe(1);
});

it('is bounded in size and time for any text, and 1 for a text and itself', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5000, unit: 'grapheme' }), (text) => {
      expect(unitsOf(text).length).toBeLessThanOrEqual(1 + 4 * 120);
      expect(textSimilarity(text, text)).toBe(1);
    }),
  );
  const [same, longer] = ['a\n'.repeat(30_000), `${'a\n'.repeat(29_000)}b`];
  expect(textSimilarity(same, longer)).toBeGreaterThan(0.9);
});
