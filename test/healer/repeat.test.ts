import { expect, it, vi } from 'vitest';
import { repeat } from '../../healer/repeat.ts';

/** Longer than any test. */
const LATER = 10_000_000;

it('looks again when it is woken: now, or right after the look that is under way', async () => {
  const ends: (() => void)[] = [];
  const clock = repeat(() => new Promise((resolve) => ends.push(() => resolve(LATER))));
  expect(ends).toHaveLength(1);
  clock.wake();
  clock.wake();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await vi.waitFor(() => expect(ends).toHaveLength(2));
  ends[1]?.();
  await new Promise(setImmediate);
  expect(ends).toHaveLength(2);
  clock.wake();
  expect(ends).toHaveLength(3);
  ends[2]?.();
  await clock.stop();
});

it('is stopped once the look that is under way is over, and cannot be woken any more', async () => {
  let end = () => {};
  let looks = 0;
  const clock = repeat(() => {
    looks++;
    return new Promise((resolve) => {
      end = () => resolve(0);
    });
  });
  let isOver = false;
  const stopped = clock.stop().then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  end();
  await stopped;
  clock.wake();
  await new Promise(setImmediate);
  expect(looks).toBe(1);
});
