import { expect, test } from 'vitest';
import { dismiss } from '../../../healer/fixes/dismiss.ts';
import { runScenarios } from '../../../healer/fixes/run-scenarios.ts';
import { healHonestly, started } from '../sample-fix.ts';

test('"already fixed" needs the reproduction to pass on the base, and other dismissals do not', async () => {
  const { bench, incident, fix } = await started();
  const request = { incident, reason: 'it works', suggestion: '' };
  await expect(dismiss(bench, { ...request, verdict: 'already_fixed' })).rejects.toThrow('needs a run');
  await healHonestly(bench, fix);
  const onBase = await runScenarios(bench, { incident, at: 'base', ids: ['S002', 'S001'] });
  expect(onBase.counts).toEqual({ failed: 1, passed: 1 });
  const onFix = await runScenarios(bench, { incident, at: 'worktree' });
  expect(onFix.scenarios.map(({ id, status }) => `${id} ${status}`).sort()).toEqual([
    'S000 passed',
    'S001 passed',
    'S002 passed',
  ]);
  await expect(dismiss(bench, { ...request, verdict: 'already_fixed' })).rejects.toThrow('needs a run');
  await dismiss(bench, { ...request, verdict: 'third_party' });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'dismissed', dismissal_confirmed: false });
});
