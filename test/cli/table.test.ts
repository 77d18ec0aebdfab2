import { describe, expect, it } from 'vitest';
import { ago, clip, table, wrapped } from '../../cli/table.ts';

describe('table', () => {
  it('aligns columns and clips the last one', () => {
    expect(
      table(
        [
          ['a', 'one'],
          ['long', 'two words that go on'],
        ],
        16,
      ),
    ).toBe('a     one\nlong  two words…');
    expect(clip('one\n  two', 80)).toBe('one two');
  });
});

describe('wrapped', () => {
  it('loses nothing of the last column', () => {
    expect(
      wrapped(
        [
          ['cause', 'it reads what nobody has written'],
          ['x', ''],
        ],
        27,
      ),
    ).toBe('cause  it reads what nobody\n       has written\nx');
  });
});

describe('ago', () => {
  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [7199, '1 h'],
    [90_000, '1 d'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(ago('2026-11-20T10:00:00.000Z', new Date(Date.parse('2026-11-20T10:00:00.000Z') + seconds * 1000))).toBe(
      text,
    );
  });
});
