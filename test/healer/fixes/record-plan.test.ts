import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dependencyOrder, recordPlan } from '../../../healer/fixes/record-plan.ts';
import { planOf } from '../../../store/plans.ts';
import { started } from '../sample-fix.ts';

const subtask = (title: string, ...depends_on: string[]) => ({
  title,
  depends_on,
  goal: 'x',
  files: ['src/tenant.js'],
  criteria: ['y'],
});

test('a plan of three subtasks is stored; anything else is refused with what is wrong', async () => {
  const { bench, incident } = await started();
  const plan = [subtask('c', 'a', 'b'), subtask('b', 'a'), subtask('a')];
  expect(await recordPlan(bench, incident, plan)).toEqual({ order: ['a', 'b', 'c'] });
  expect(planOf(bench.db, incident, 1)?.subtasks).toEqual(plan);
  await expect(recordPlan(bench, incident, plan.slice(1))).rejects.toThrow('this one has 2');
  expect(() => dependencyOrder([subtask('a', 'b'), subtask('b', 'a'), subtask('c')])).toThrow('"a", "b"');
  expect(() => dependencyOrder([subtask('a', 'z')])).toThrow('"z", which is not in the plan');
  expect(() => dependencyOrder([subtask('a'), subtask('a')])).toThrow('Two subtasks');
});

test('whatever the plan, the order holds every subtask once, each after what it depends on', () => {
  const plans = fc
    .uniqueArray(fc.string({ minLength: 1 }), { minLength: 3, maxLength: 5 })
    .chain((titles) =>
      fc.tuple(
        ...titles.map((title, at) => fc.subarray(titles.slice(0, at)).map((before) => subtask(title, ...before))),
      ),
    )
    .chain((plan) => fc.shuffledSubarray(plan, { minLength: plan.length }));
  fc.assert(
    fc.property(plans, (plan) => {
      const order = dependencyOrder(plan);
      expect([...order].sort()).toEqual(plan.map(({ title }) => title).sort());
      for (const { title, depends_on } of plan)
        for (const other of depends_on) expect(order.indexOf(other)).toBeLessThan(order.indexOf(title));
    }),
  );
});
