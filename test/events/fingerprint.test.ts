import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalNumbers } from '../../events/canonical-numbers.ts';
import { errorTemplate, fingerprint, fingerprintLine } from '../../events/fingerprint.ts';
import { normalize } from '../../events/normalize.ts';
import { findSecrets } from '../../gate/secrets.ts';
import { vendorTokens } from '../corpus/secrets/vendor-tokens.ts';

const frame = (file: string, name?: string, inApp = true) => ({ file, function: name, in_app: inApp });
const error = {
  type: 'TypeError',
  message: "x of order 17 (reading 'id')",
  frames: [frame('src/a.ts', 'f'), frame('src/b.ts', 'g')],
};

describe('fingerprint', () => {
  it('is 16 hex digits and the same for the same error', () => {
    expect(fingerprint(error)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint(structuredClone(error))).toBe(fingerprint(error));
  });

  it.each([
    ['another type', { ...error, type: 'RangeError' }],
    ['another message', { ...error, message: "x of order 17 (reading 'name')" }],
    ['another file', { ...error, frames: [frame('src/c.ts', 'f'), frame('src/b.ts', 'g')] }],
    ['another function', { ...error, frames: [frame('src/a.ts', 'h'), frame('src/b.ts', 'g')] }],
  ])('changes with %s', (_what, other) => {
    expect(fingerprint(other)).not.toBe(fingerprint(error));
  });

  it.each([
    ['numbers in the message', { ...error, message: "x of order 18123 (reading 'id')" }],
    ['frames of dependencies', { ...error, frames: [frame('node_modules/x/y.js', 'z', false), ...error.frames] }],
    ['line breaks', { ...error, message: "x of order\n   17 (reading 'id')" }],
  ])('does not change with %s', (_what, other) => {
    expect(fingerprint(other)).toBe(fingerprint(error));
  });

  it('looks at the three innermost in-app frames only', () => {
    const frames = ['a', 'b', 'c', 'd'].map((name) => frame(`src/${name}.ts`, name));
    const changed = (at: number) => fingerprint({ ...error, frames: frames.with(at, frame('src/x.ts', 'x')) });
    const base = fingerprint({ ...error, frames });
    expect([0, 1, 2].map((at) => changed(at) === base)).toEqual([false, false, false]);
    expect(changed(3)).toBe(base);
  });
});

describe('fingerprintLine', () => {
  it.each([
    ['2024-01-02 03:04:05,678 ERROR shop.cart: item 17 is gone', 'item <*> is gone'],
    ['[2024-01-02T03:04:05Z] [error] [worker] item 17 is gone', 'item <*> is gone'],
    ['E0102 03:04:05.678901   12 cart.go:88] item 17 is gone', 'item <*> is gone'],
    ['{"level":50,"time":1700000000000,"pid":3,"msg":"item 17 is gone"}', 'item <*> is gone'],
    ['ts=2024-01-02T03:04:05Z level=error msg="item 17 is gone"', 'item <*> is gone'],
    ['item 17 is gone', 'item <*> is gone'],
    ['Error: token=abc123 of ann@shop.io is bad', 'Error: token=[secret] of <*> is bad'],
    ['', ''],
  ])('%s', (line, template) => {
    expect(fingerprintLine(line).template).toBe(template);
  });

  it('is the same whatever logger wrote the words', () => {
    const lines = [
      'ERROR item 1 is gone',
      '12:00:00 [main] ERROR a.b.Cart - item 22 is gone',
      '{"severity":"ERROR","message":"item 3 is gone"}',
    ];
    expect(new Set(lines.map((line) => fingerprintLine(line).fingerprint)).size).toBe(1);
  });

  it('does not depend on times, ids and numbers', () => {
    const part = fc.record({
      at: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
      id: fc.uuid(),
      n: fc.nat(),
      hex: fc.stringMatching(/^[0-9a-f]{24}$/),
    });
    const line = (p: { at: Date; id: string; n: number; hex: string }) =>
      `${p.at.toISOString()} ERROR [shop] ${p.n} of ${p.id} in ${p.hex} failed: "status"`;
    fc.assert(
      fc.property(part, part, (a, b) => {
        expect(fingerprintLine(line(a))).toEqual(fingerprintLine(line(b)));
      }),
    );
  });

  it('says of a line what intake says of the error in it', () => {
    const now = new Date('2026-12-01T00:00:00Z');
    for (const said of [
      'order 17 of 4711 failed after 300ms on 10.0.0.1:5432',
      'card 4012 8888 8888 1881 of ann@shop.io declined',
      'no block blk_-38865049064139660 in /data/b17/x.bin, try 3 of 5',
      'trace 3f2504e04f8941d39a0c0305e82c3301 of 3f2504e0-4f89-41d3-9a0c-0305e82c3301 ended at 2026-11-20T10:00:00Z',
      'ConnectTimeout: utf8 and sha256 of web7 in 0x7f3a, 12.5% of v2',
      `token ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'} at 10:00:00`,
    ]) {
      const line = `2026-11-20T10:00:00.000Z ERROR [shop] ${said}`;
      expect(normalize('log', line, { now })[0]?.fingerprint).toBe(fingerprintLine(line).fingerprint);
    }
  });

  it('does not let out a secret because its numbers were replaced', async () => {
    for (const { kind, text } of vendorTokens(5)) {
      const { template } = fingerprintLine(`ERROR ${text.replaceAll('\n', ' ')}`);
      expect(await findSecrets(template), kind).toEqual([]);
    }
  });

  it('is that of the same words with other numbers of the same shape', () => {
    const word = fc.oneof(
      fc.constantFrom('user', 'port', 'utf8', 'S001', '/srv/app1/', 'web7.shop.io', 'localhost:80', 'GET', '<n>', '5%'),
      fc.nat().map(String),
      fc.nat(99).map((n) => `${n}ms`),
      fc.uuid(),
      fc.stringMatching(/^[0-9a-f]{16,24}$/),
      fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((at) => at.toISOString()),
    );
    const part = fc
      .tuple(word, fc.constantFrom(' ', ': ', ', ', ' "', '" ', ' (', ') ', ' [', '] ', '=', '/'))
      .map((two) => two.join(''));
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 10 }).map((parts) => parts.join('')),
        (message) => {
          expect(errorTemplate('E', canonicalNumbers(message))).toBe(errorTemplate('E', message));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        expect(fingerprintLine(line).fingerprint).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });
});
