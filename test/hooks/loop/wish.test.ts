import { expect, it } from 'vitest';
import { wishedTimes } from '../../../hooks/loop/wish.ts';
import { prompt, tests, times, told } from './run.ts';

it.each([
  ['Run it four times in a row before you go on.', 4],
  ['please run the suite 20 times', 20],
  ['this test is flaky; find out how often it fails', 10],
  ['run it several times', 10],
  ['keep polling until it is up', 10],
  ['The job failed 14 times last night, fix it', 0],
  ['make the test green', 0],
  [`run it 5 times\n${'a line of a report\n'.repeat(60)}`, 0],
])('%s', (text, wished) => {
  expect(wishedTimes(text)).toBe(wished);
});

it('is done as often as it was asked for, and not for ever', () => {
  const green = times(12, () => tests([]));
  expect(told([prompt('run it five times'), ...green])).toEqual(['loop.repeat:1 at 8', 'loop.repeat:2 at 10']);
  expect(told([prompt('run it five times'), prompt('now fix it'), ...green])[0]).toBe('loop.repeat:1 at 5');
});
