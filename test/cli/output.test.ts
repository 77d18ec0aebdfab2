import { describe, expect, it } from 'vitest';
import { harmless } from '../../cli/output.ts';

const ESC = String.fromCharCode(27);

describe('harmless', () => {
  it('keeps text, lines and our own colours', () => {
    const text = `a\tb\n${ESC}[1mbold${ESC}[22m ü 漢 👍`;
    expect(harmless(text)).toBe(text);
  });

  it.each([
    ['a title', `${ESC}]0;owned\u0007x`, ']0;ownedx'],
    ['a cleared screen', `${ESC}[2Jx`, '[2Jx'],
    ['hidden text', `${ESC}[8mx`, '[8mx'],
    ['an eight-bit control', '\u009b2Jx', '2Jx'],
    ['a carriage return that overwrites the line', 'evil\rgood', 'evilgood'],
    ['a turned direction', 'a\u202eb', 'ab'],
  ])('takes the power from %s', (_name, text, left) => {
    expect(harmless(text)).toBe(left);
  });
});
