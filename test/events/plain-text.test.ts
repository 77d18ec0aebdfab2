import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, oneLine, toPlainText } from '../../events/plain-text.ts';

describe('toPlainText', () => {
  it.each([
    ['\u001b[31mError\u001b[39m: \u001b[1;4mx\u001b[0m', 'Error: x'],
    ['\u001b]8;;http://x\u0007link\u001b]8;;\u0007', 'link'],
    ['\ufeffa\r\nb\rc', 'a\nb\nc'],
    ['a\u0000b\u0007c\td', 'abc\td'],
    ['caf\u00e9 \ufffd', 'caf\u00e9 \ufffd'],
  ])('%j', (raw, plain) => {
    expect(toPlainText(raw)).toBe(plain);
  });
});

describe('oneLine', () => {
  it.each([
    ['  a\n\tb\u0007c\r\n', 20, 'a b c'],
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abcde…'],
    ['abcd\u{1f600}g', 6, 'abcd…'],
  ])('%j in %i', (text, max, line) => {
    expect(oneLine(text, max)).toBe(line);
  });
});

describe('clip', () => {
  it('keeps short texts and bounds long ones, head and tail', () => {
    expect(clip('short', 10)).toBe('short');
    const clipped = clip(`${'a'.repeat(500)}${'b'.repeat(500)}`, 100);
    expect(clipped).toMatch(/^a+\n\[…\]\nb+$/);
    expect(clipped.length).toBe(100);
  });

  it('never exceeds its bound or cuts a pair of surrogates apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 30 }), fc.integer({ min: 20, max: 60 }), (text, max) => {
        const clipped = clip(text, max);
        expect(clipped.length).toBeLessThanOrEqual(max);
        expect(Buffer.from(clipped).toString()).toBe(clipped);
      }),
    );
  });
});
