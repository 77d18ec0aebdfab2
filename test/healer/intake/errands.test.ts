import { expect, it, vi } from 'vitest';
import { type ErrandRunner, startErrands } from '../../../healer/intake/errands.ts';
import { addErrand } from '../../../store/errands.ts';
import { served } from './serving.ts';

it('lets one that can never be carried out stand in the way of none', async () => {
  let clock = Date.parse('2026-11-20T10:00:00Z');
  const { bench } = await served({ now: () => new Date(clock) });
  const logged: string[] = [];
  const done: string[] = [];
  const runner: ErrandRunner = {
    kind: 'test',
    async run({ id }) {
      if (id === 'broken') throw new Error('it is broken');
      done.push(id);
      return { outcome: 'done' };
    },
    async giveUp() {
      throw new Error('this too');
    },
  };
  for (const id of ['broken', 'whole']) addErrand(bench.db, { id, kind: 'test', payload: null }, bench.now());
  const errands = startErrands({ bench }, runner, (_level, event) => void logged.push(event));
  await vi.waitFor(() => expect(done).toEqual(['whole']), { timeout: 20_000, interval: 10 });
  for (let tried = 1; tried < 16; tried++) {
    const tries = () => bench.db.get("SELECT tries FROM errands WHERE id = 'broken'");
    await vi.waitFor(() => expect(tries()).toEqual({ tries: tried }), { timeout: 20_000, interval: 5 });
    clock += 3_600_000;
    errands.wake();
  }
  await vi.waitFor(() => expect(logged).toContain('errand_lost'), { timeout: 20_000, interval: 10 });
  await errands.stop();
  expect(logged).not.toContain('errands_failed');
});
