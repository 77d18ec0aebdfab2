import { expect, it } from 'vitest';
import { planOf, savePlan } from '../../store/plans.ts';
import { temporaryState } from './temporary.ts';

it('keeps the latest plan of each round as it was given', () => {
  const database = temporaryState();
  const plan = {
    incident: 'INC-1',
    round: 1,
    subtasks: [{ title: 'a', depends_on: [] }],
    at: '2026-11-20T10:00:00.000Z',
  };
  expect(planOf(database, 'INC-1', 1)).toBeUndefined();
  savePlan(database, { ...plan, subtasks: [] });
  savePlan(database, plan);
  savePlan(database, { ...plan, round: 2, subtasks: ['other'] });
  expect(planOf(database, 'INC-1', 1)).toEqual(plan);
});
