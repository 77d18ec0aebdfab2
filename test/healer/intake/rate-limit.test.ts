import { expect, it } from 'vitest';
import { rateLimit } from '../../../healer/intake/rate-limit.ts';

it('lets a burst through, then a steady rate, each source by itself', () => {
  let seconds = 100;
  const limit = rateLimit({ burst: 3, perSecond: 0.5 }, () => seconds);
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([undefined, undefined, undefined, 2]);
  expect(limit.take('b')).toBeUndefined();
  seconds += 1;
  expect(limit.take('a')).toBe(1);
  seconds += 1;
  expect(limit.take('a')).toBeUndefined();
  expect(limit.take('a')).toBe(2);
  seconds += 1000;
  expect([1, 2, 3, 4].map(() => limit.take('a') ?? 0)).toEqual([0, 0, 0, 2]);
});
