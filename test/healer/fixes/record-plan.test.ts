import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propose } from '../../../healer/fixes/propose.ts';
import { recordDiagnosis } from '../../../healer/fixes/record-diagnosis.ts';
import { dependencyOrder, recordPlan } from '../../../healer/fixes/record-plan.ts';
import { startFix } from '../../../healer/fixes/start-fix.ts';
import type { Subtask } from '../../../healer/fixes/subtask.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { planOf } from '../../../store/plans.ts';
import { insertRun, type RunPart } from '../../../store/runs.ts';
import { DIAGNOSIS, started, WORDS } from '../sample-fix.ts';
import { benchOn } from '../sample-repository.ts';

const subtask = (title: string, ...depends_on: string[]): Subtask => ({
  title,
  depends_on,
  goal: 'x',
  files: ['src/tenant.js'],
  criteria: [{ id: 'there', description: '', file_exists: 'src/tenant.js' }],
});

/** The server of a headless run that is for `part`. */
async function serverOf(part: RunPart | null) {
  const { bench: parent, incident, repository } = await started();
  await recordDiagnosis(parent, { incident, ...DIAGNOSIS });
  const run = 'run-1';
  insertRun(parent.db, {
    id: run,
    incident,
    round: 1,
    attempt: 4,
    phase: 'fix',
    part,
    started_at: '2026-11-20T10:00:00Z',
  });
  const bench = await benchOn(repository, { env: { SELF_HEALING_INCIDENT: incident, SELF_HEALING_RUN: run } });
  await startFix(bench, { incident });
  return { bench, incident };
}

test('a plan of three subtasks is stored in its order; anything else is refused with what is wrong', async () => {
  const { bench, incident } = await serverOf('plan');
  const plan = [subtask('c', 'a', 'b'), subtask('b', 'a'), subtask('a')];
  expect(await recordPlan(bench, incident, plan)).toMatchObject({ order: ['a', 'b', 'c'] });
  expect(planOf(bench.db, incident, 1)?.subtasks).toEqual(plan.toReversed());
  await expect(recordPlan(bench, incident, plan.slice(1))).rejects.toThrow('this one has 2');
  const [first, ...others] = plan as [Subtask, Subtask, Subtask];
  const changed = (change: Partial<Subtask>) => recordPlan(bench, incident, [{ ...first, ...change }, ...others]);
  await expect(changed({ files: ['src/other.js'] })).rejects.toThrow(
    '"src/other.js" of the subtask "c" is no test, and not among the diagnosed files (src/tenant.js)',
  );
  await expect(changed({ files: ['../outside.test.js'] })).rejects.toThrow('is no test');
  await expect(changed({ criteria: [{ id: 'g', description: '', gate: 'pass' }] })).rejects.toThrow('judges the whole');
  expect(() => dependencyOrder([subtask('a', 'b'), subtask('b', 'a'), subtask('c')])).toThrow('"a", "b"');
  expect(() => dependencyOrder([subtask('a', 'z')])).toThrow('"z", which is not in the plan');
  expect(() => dependencyOrder([subtask('a'), subtask('a')])).toThrow('Two subtasks');
});

test.each([
  [null, 'verify_fix'],
  ['subtask' as const, 'Do the subtask'],
])('in a run for %s no plan is taken, and it says what to do', async (part, next) => {
  const { bench, incident } = await serverOf(part);
  const plan = [subtask('a'), subtask('b'), subtask('c')];
  const refused = await recordPlan(bench, incident, plan).catch((error) => error);
  expect(refused).toMatchObject({ code: 'not_allowed', next: expect.stringContaining(next) });
  expect(planOf(bench.db, incident, 1)).toBeUndefined();
});

test('a run that makes a plan neither verifies nor proposes', async () => {
  const { bench, incident } = await serverOf('plan');
  await expect(verifyFix(bench, incident)).rejects.toMatchObject({
    code: 'not_allowed',
    next: expect.stringContaining('record_plan'),
  });
  await expect(propose(bench, { incident, ...WORDS })).rejects.toMatchObject({ code: 'not_allowed' });
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
