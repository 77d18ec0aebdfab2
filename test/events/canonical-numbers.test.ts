import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalNumbers } from '../../events/canonical-numbers.ts';

/** The definition, over the whole text at once. */
const UUID = '(?<![0-9A-Za-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9A-Za-z])';
const HEX = '(?<![0-9A-Za-z])(?=[a-f]{0,40}\\d)(?=\\d{0,40}[a-f])[0-9a-f]{16,64}(?![0-9A-Za-z])';
const IPV4 = '(?<![\\w.-])\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\w.])';
const NUMBER =
  '(?<![A-Za-z0-9])\\d+(?:(?![A-Za-z0-9])|(?=(?:[mun]?s|m|h|[KMG]i?B)(?![A-Za-z0-9_])))|(?<=[A-Za-z])\\d{1,3}(?![\\w-])';
const NUMBERS = new RegExp(`(${UUID})|(${HEX})|(${IPV4})|${NUMBER}`, 'g');
const whole = (text: string) =>
  text.replace(NUMBERS, (match, uuid?: string, hex?: string, ip?: string) => {
    if (uuid !== undefined) return 'a1a1a1a1-a1a1-41a1-81a1-a1a1a1a1a1a1';
    if (hex !== undefined) return 'a1'.repeat(32).slice(0, hex.length);
    return ip === undefined ? '1'.repeat(Math.min(match.length, 20)) : '1.1.1.1';
  });

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123abcdef'), minLength: length, maxLength: length });
const piece = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'019afgszKB.-_: \né/"'), maxLength: 6 }),
  fc.nat().map(String),
  hex(16),
  hex(40),
  fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((parts) => parts.join('-')),
  fc.constantFrom(
    '10.0.0.1',
    '10ms',
    '5MiB',
    'deadbeef-abcd-abcd-abcd-abcdefabcdef',
    'v2',
    'order-77',
    '12345678901234567890123',
  ),
);

it('says of each word what it says of the whole text', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom('', ' ', '-', '.'), (pieces, between) => {
      const text = pieces.join(between);
      expect(canonicalNumbers(text)).toBe(whole(text));
    }),
    { numRuns: 3000 },
  );
});

it.each([
  ['a deadline of 17 s after 12345ms for 10.1.2.3', 'a deadline of 11 s after 11111ms for 1.1.1.1'],
  ['user7 of shard-9: 0f1e2d3c4b5a69788796a5b4c3d2e1f0', 'user1 of shard-1: a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1'],
  ['nothing', 'nothing'],
])('%s', (text, expected) => expect(canonicalNumbers(text)).toBe(expected));
