import { expect, it } from 'vitest';
import { parseStacks } from '../../../events/stack/stack.ts';
import { fixture } from '../fixtures.ts';

it('reads the failures in the TAP of node', () => {
  const failures = parseStacks(fixture('node-20-test-tap'));
  expect(failures.map(({ type, message }) => [type, message])).toEqual([
    ['TypeError', "Cannot read properties of undefined (reading 'tenantId')"],
    ['AssertionError', 'Expected values to be strictly equal:\n\n3 !== 4'],
  ]);
  expect(failures[0]?.frames[0]).toEqual({
    file: '/srv/shop/src/tenant.js',
    line: 2,
    column: 26,
    function: 'resolveTenant',
    in_app: true,
  });
});

it('a suite that failed because of its tests says nothing', () => {
  expect(
    parseStacks("not ok 1 - s\n  ---\n  failureType: 'subtestsFailed'\n  error: '1 subtest failed'\n  ...\n"),
  ).toEqual([]);
});
