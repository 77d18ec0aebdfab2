import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cell, code, fence, inert, oneLine, prose, shellWord } from '../../../../healer/publishing/report/quote.ts';

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

test.each([
  ['# Merge now', '\\# Merge now'],
  ['- [x] done', '\\- \\[x\\] done'],
  ['1. first', '1\\. first'],
  ['===', '\\==='],
  ['> said', '\\> said'],
  ['@admin', '@\u200badmin'],
  ['&#64;admin <img src=x>', '\\&#\u200b64;admin \\<img src=x>'],
  ['fixes #1, GH-2 and o/r#3', 'fixes #\u200b1, GH-\u200b2 and o/r#\u200b3'],
  ['https://evil.example www.evil.example', 'https:\u200b//evil.example www\u200b.evil.example'],
  ['a | b', 'a \\| b'],
  ['max_files_changed, _so_', 'max_files_changed, \\_so\\_'],
])('%s acts on nothing', (text, quoted) => {
  expect(inert(text)).toBe(quoted);
  expect(prose(`x\n${text}`)).toBe(`> x\n> ${quoted}`);
});

test('in code and fences, which a squash merge takes over raw, closing words and trailers are taken apart', () => {
  const text = 'Fixes: o/r#12\nSelf-Healing-Incident: INC-0000000000000000/1';
  expect(fence(text)).toBe('```text\nFixes\u200b: o/r#12\nSelf-\u200bHealing-Incident: INC-0000000000000000/1\n```');
  expect(code('closed GH-1')).toBe('`closed\u200b GH-1`');
  expect(code('fixes the #tag')).toBe('`fixes the #tag`');
});

test('what a terminal or a forge cannot show is gone or visible', () => {
  expect(fence('\u001b[31mred\u001b[0m\r\n\u0000\ud800 if (a\u202e)')).toBe('```text\nred\n\ufffd if (a<U+202E>)\n```');
  expect(oneLine('a\u0007\n\tb\ud800')).toBe('a b\ufffd');
  expect(oneLine(`${'a'.repeat(8)}😀😀`, 10)).toBe(`${'a'.repeat(8)}…`);
});

test('a bar ends no cell, whatever stands before it', () => {
  expect(cell('a|b')).toBe('`a\\|b`');
  expect(cell('a\\|b')).toBe('`a\\|b`');
});

test('a word of a shell stays one word', () => {
  expect(shellWord('/home/ada/x-1.patch')).toBe('/home/ada/x-1.patch');
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(`it's $(a) "b"`)}`], { encoding: 'utf8' })).toBe(
    `it's $(a) "b"`,
  );
});
