import { expect, test } from 'vitest';
import { excerpt } from '../../../../healer/publishing/report/excerpt.ts';

const LINES = Array.from({ length: 60 }, (_, at) => `line ${at + 1}`);

test('the lines around what is wanted are shown, with how many there are besides', () => {
  const output = LINES.with(29, 'TypeError: no tenant').join('\n');
  const shown = excerpt(output, ['no tenant', 'TypeError']).split('\n');
  expect(shown[0]).toBe('[… 26 lines left out …]');
  expect(shown[4]).toBe('TypeError: no tenant');
  expect(shown.at(-1)).toBe('[… 16 lines left out …]');
  expect(excerpt(output, ['tenant 7', 'TypeError'])).toBe(shown.join('\n'));
});

test('without it the end is shown, and a short output whole', () => {
  expect(excerpt(LINES.join('\n'), ['', 'RangeError']).split('\n').slice(0, 2)).toEqual([
    '[… 42 lines left out …]',
    'line 43',
  ]);
  expect(excerpt('a\nb\n', ['b'])).toBe('a\nb');
});
