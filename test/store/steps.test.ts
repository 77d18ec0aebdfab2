import { expect, it } from 'vitest';
import { appendStep, lastSteps } from '../../store/steps.ts';
import { temporaryState } from './temporary.ts';

it('numbers the steps of each run and gives the last ones in their order', () => {
  const database = temporaryState();
  const step = { run: 'a', at: '2026-11-20T10:00:00.000Z', tool: 'Read', input: 'src/a.ts', outcome: 'ok' };
  expect([1, 2, 3].map(() => appendStep(database, step))).toEqual([1, 2, 3]);
  expect(appendStep(database, { ...step, run: 'b' })).toBe(1);
  expect(appendStep(database, { ...step, tool: 'Write', denied_by: 'scope.outside' })).toBe(4);
  expect(lastSteps(database, 'a', 2)).toEqual([
    { ...step, seq: 3, denied_by: null },
    { ...step, tool: 'Write', seq: 4, denied_by: 'scope.outside' },
  ]);
  expect(lastSteps(database, 'nobody', 2)).toEqual([]);
});
