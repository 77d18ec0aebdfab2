import { expect, it } from 'vitest';
import { describeError } from '../../events/errors.ts';

const ofTheDisk = (code: string) =>
  Object.assign(new Error(`${code}: no, mkdir '/nonexistent'`), { code, syscall: 'mkdir', path: '/nonexistent' });

it.each([
  ['EACCES', /cannot be used/, /SELF_HEALING_HOME/],
  ['EROFS', /cannot be used/, /SELF_HEALING_HOME/],
  ['ENOSPC', /no room/, /Make room/],
])('takes %s for something that a person lifts, not for a bug', (code, message, next) => {
  const told = describeError(ofTheDisk(code));
  expect(told).toMatchObject({ code: 'failed', bug: false });
  expect(told.message).toMatch(message);
  expect(told.message).toContain('/nonexistent');
  expect(told.next).toMatch(next);
});

it('takes every other error of the system for ours', () => {
  expect(describeError(ofTheDisk('ENOENT')).bug).toBe(true);
  expect(describeError(new TypeError('boom'))).toMatchObject({ bug: true, message: 'Internal error: boom' });
});
