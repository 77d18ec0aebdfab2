import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { templateOf } from '../../events/template.ts';

describe('one template, whatever was filled in', () => {
  it.each([
    ['block blk_38865049064139660 of 10.0.0.1:50010', 'block blk_-6952295868487656571 of node7.rack.example.com'],
    ['iar 01dead00 dear 00000042', 'iar 00000017 dear 0246dd1c'],
    ['failed to resolve an1 an2 an3', 'failed to resolve an7 an8'],
    ['Invalid user webmaster from 10.1.2.3', 'Invalid user chen from 10.1.2.4'],
    ['Failed password for root from 1.2.3.4 port 22', 'Failed password for uucp from 5.6.7.8 port 4711'],
    ['loading /etc/xinetd.d/chargen', 'loading /etc/xinetd.d/cups-lpd'],
    ['close, 403 bytes sent, 426 bytes received', 'close, 1327 bytes (1.29 KB) sent, 3 bytes received'],
    ['answered "GET /v2/54fadb41/servers HTTP/1.1" 500', 'answered "GET /v2/other HTTP/1.1" 500'],
    ['lock=233570404, tag="View Lock", ws=null', 'lock=1, tag="*launch*", ws=WorkSource'],
    ['took 1 sec', 'took 00:01'],
  ])('%s', (one, other) => {
    expect(templateOf(one)).toBe(templateOf(other));
  });
});

describe('what tells errors apart stays', () => {
  it.each([
    ["Cannot read properties of undefined (reading 'tenantId')", "Cannot read properties of undefined (reading 'id')"],
    ["Cannot find module '/srv/app/src/price.js'", "Cannot find module '/srv/app/src/cart.js'"],
    ['POST /api/orders failed', 'POST /api/carts failed'],
    ['error=ECONNREFUSED for order 1', 'error=ETIMEDOUT for order 1'],
    ['java.lang.IllegalStateException: closed', 'java.io.IOException: closed'],
    ['com.acme.Cart cannot be cast', 'com.acme.Order cannot be cast'],
    ['user not found', 'user is locked'],
    ['relation "orders" does not exist', 'relation "carts" does not exist'],
    ['convertBase64ToUtf8String failed', 'convertBase32ToUtf8String failed'],
  ])('%s', (one, other) => {
    expect(templateOf(one)).not.toBe(templateOf(other));
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    ...'<*> <n> <id> <path> < > ( ) [ ] , : . / - _ = " \' 1 12 a1 x.y.com /tmp/ /a/b user for from an1 key= GET HTTP/1.1 '.split(
      ' ',
    ),
    ' ',
    '10.0.0.1',
    '12:30:45',
    '"GET /x/y HTTP/1.1"',
    'user bob from 1.2.3.4',
  ),
  fc.string({ maxLength: 3 }),
);

it('is idempotent on any text', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
      (text) => {
        const template = templateOf(text);
        expect(templateOf(template)).toBe(template);
      },
    ),
    { numRuns: 5000 },
  );
});

it.each([
  ['labels', 'a.'.repeat(200_000)],
  ['placeholders', '<*>-'.repeat(200_000)],
  ['pairs', 'a=1 '.repeat(100_000)],
  ['slashes', '/a'.repeat(200_000)],
  ['words', 'ab '.repeat(200_000)],
  ['hex', 'ab:'.repeat(200_000)],
])('ends on much of the same: %s', (_name, text) => {
  expect(templateOf(text).length).toBeGreaterThan(0);
});
