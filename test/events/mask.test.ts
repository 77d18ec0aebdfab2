import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskText } from '../../events/mask.ts';

describe('what is masked', () => {
  const cases: [text: string, masked: string][] = [
    ['user 42 failed after 300ms at 2024-01-02T03:04:05.123Z', 'user <n> failed after <duration> at <time>'],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED <addr>'],
    ['connect ECONNREFUSED ::1:5432', 'connect ECONNREFUSED <addr>'],
    ['connect ECONNREFUSED [ip]:5432 for [email]', 'connect ECONNREFUSED <addr> for <addr>'],
    ['bob@shop.io at db.internal:5432', '<addr> at <addr>'],
    ['http://localhost:3000/x', 'http://<addr>/x'],
    ['pointer 0x7ffee3b0', 'pointer <addr>'],
    ['3f2504e0-4f89-41d3-9a0c-0305e82c3301 507f1f77bcf86cd799439011 01ARZ3NDEKTSV4RRFFQ69G5FAV', '<id> <id> <id>'],
    ['charge ch_3NabcDEF12345678, commit abc1234, order ord_12345', 'charge ch_<id>, commit <id>, order ord_<n>'],
    ['1,234.56 -5 3.14e-7 50%', '<n> <n> <n> <n>'],
    ['took 12.5 seconds', 'took <duration>'],
    ["open '/tmp/x-123/data.json'", "open '<path>'"],
    ["Cannot find module '/home/joe/app/src/foo.js'", "Cannot find module '<path>/foo.js'"],
    ['file:///srv/releases/20240101/src/x.mjs', '<path>/x.mjs'],
    ['C:\\Users\\Joe Doe\\app\\x.js', '<path>/x.js'],
    ['Thu Jan 02 2026 10:00:00 GMT+0000 (Coordinated Universal Time)', '<time>'],
    ['10/Oct/2000:13:55:36 -0700 and 12:30:45', '<time> and <time>'],
    [`bad value "${'x y '.repeat(40)}"`, 'bad value "<value>"'],
  ];
  it.each(cases)('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });
});

describe('what tells errors apart stays', () => {
  it.each([
    "Cannot read properties of undefined (reading 'tenantId')",
    `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`,
    'convertBase64ToUtf8String Http2Session sha256 utf8 S001 facade',
    'GET /api/orders failed in std::vector, foo::bar',
    'null value in column "name" of relation \'orders\'',
  ])('%s', (text) => {
    expect(maskText(text)).toBe(text);
  });
});

/** Pieces whose neighbourhood is where masking could go wrong. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '<n>',
      '<id>',
      '<',
      '>',
      '1',
      '12:30:45',
      '2024-01-02',
      '::1',
      'a@b.co',
      '1.2.3.4',
      '0x1f',
      '/tmp/',
      '/home/',
      '"',
      "'",
    ],
    ...[
      'C:\\',
      'deadbeef',
      'ab',
      '.',
      ':',
      '-',
      '/',
      ' ',
      '5',
      ',333',
      'ms',
      '%',
      'e9',
      '@',
      'x1234',
      'localhost:1',
      '[ip]',
      'Jan 2 ',
    ],
  ),
  fc.string({ maxLength: 4 }),
);
const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));

describe('properties', () => {
  it('is idempotent on any text', () => {
    fc.assert(
      fc.property(text, (x) => {
        const masked = maskText(x);
        expect(maskText(masked)).toBe(masked);
      }),
      { numRuns: 5000 },
    );
  });

  it('does not depend on ids, numbers, times and addresses', () => {
    const date = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    const volatile = fc.tuple(fc.uuid(), fc.nat(), date, fc.ipV4(), fc.nat({ max: 65535 }));
    const line = ([id, n, at, ip, port]: [string, number, Date, string, number]) =>
      `order ${id} of customer ${n} failed at ${at.toISOString()} after ${n}ms on ${ip}:${port} (reading 'tenantId')`;
    fc.assert(
      fc.property(volatile, volatile, (a, b) => {
        expect(maskText(line(a))).toBe(maskText(line(b)));
      }),
    );
  });

  it.each([
    ['one word', 'a'.repeat(5_000_000)],
    ['time-like', '1:'.repeat(500_000)],
    ['mail-like', 'a@'.repeat(2_500_000)],
    ['path-like', `/home/${'a/'.repeat(2_500_000)}`],
    ['quotes', `"'`.repeat(2_500_000)],
  ])('ends on megabytes of garbage: %s', (_name, garbage) => {
    expect(maskText(garbage).length).toBeGreaterThan(0);
  });
});
