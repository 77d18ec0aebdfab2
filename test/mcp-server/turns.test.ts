import { setImmediate as tick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Turns } from '../../mcp-server/turns.ts';

it('lets others pass while somebody waits for a person, and nobody while somebody works', async () => {
  const turns = new Turns();
  const told: string[] = [];
  let answer = (): void => {};
  const person = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const first = turns.take(async ({ aside }) => {
    told.push('first asks');
    await aside(() => person);
    told.push('first goes on');
    await tick();
    told.push('first is done');
  });
  const second = turns.take(async () => {
    told.push('second begins');
    answer();
    await tick();
    await tick();
    told.push('second is done');
  });
  const third = turns.take(async () => void told.push('third'));
  await Promise.all([first, second, third]);
  expect(told.slice(0, 3)).toEqual(['first asks', 'second begins', 'second is done']);
  expect(told.indexOf('first is done')).toBe(told.indexOf('first goes on') + 1);
  expect(told).toContain('third');
});

it('goes on after a call that failed, also one that failed aside', async () => {
  const turns = new Turns();
  const failed = turns.take(({ aside }) => aside(() => Promise.reject(new Error('gone'))));
  await expect(failed).rejects.toThrow('gone');
  await expect(turns.take(() => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
  expect(await turns.take(async () => 'fine')).toBe('fine');
});
