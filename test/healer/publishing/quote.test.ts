import fc from 'fast-check';
import { expect, test } from 'vitest';
import { githubName } from '../../../healer/publishing/compare-url.ts';
import { cell, code, fence, inert, oneLine, prose } from '../../../healer/publishing/quote.ts';

const hostile = fc.string({
  unit: fc.constantFrom('`', '\n', '\r', '|', '#', '@a', '<b>', '-', '\\', ' ', 'x', '\u2028', '\u202e'),
});

test('a code span never ends early and stays on its line', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const span = code(text);
      expect(span).not.toMatch(/[\n\r\u2028\u202e]/);
      const ticks = /^`+/.exec(span)?.[0];
      if (ticks === undefined) {
        expect(span).toBe('(empty)');
        return;
      }
      const inner = span.slice(ticks.length, -ticks.length);
      expect(inner.match(/`+/g)?.some((run) => run.length === ticks.length) ?? false).toBe(false);
    }),
  );
});

test('a fence is not closed by its content', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = fence(text).split('\n');
      const ticks = /^`+/.exec(lines[0] ?? '')?.[0] ?? '';
      expect(lines.slice(1, -1).some((line) => line.trim().startsWith(ticks))).toBe(false);
      expect(lines.at(-1)).toBe(ticks);
    }),
  );
});

test('prose acts on nothing', () => {
  expect(prose('# Merge now\n- [x] @admin fixes #1 <img src=x> https://evil.example')).toBe(
    '> \\# Merge now\n> \\- \\[x\\] @\u200badmin fixes #\u200b1 \\<img src=x\\> https:\u200b//evil.example',
  );
  expect(inert('a | b')).toBe('a \\| b');
  expect(cell('a|b')).toBe('`a\\|b`');
  expect(oneLine('a\u0007\n\tb')).toBe('a b');
});

test.each([
  ['git@github.com:o/r.git', 'o/r'],
  ['https://user:token@github.com/o/r', 'o/r'],
  ['ssh://git@github.com:22/o/r.git', 'o/r'],
  ['https://github.com.evil.example/o/r', undefined],
  ['https://evil.example/github.com/o/r', undefined],
  ['/srv/git/r.git', undefined],
])('%s is %s', (url, name) => {
  expect(githubName(url)).toBe(name);
});
