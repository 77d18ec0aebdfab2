import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { decideInSession } from '../../../healer/fixes/session-end.ts';
import { askBeforePublishing, currentPass } from '../../../healer/fixes/verified-tree.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { healHonestly, started } from '../sample-fix.ts';

test('a yes counts for what was asked, and publishes what an interrupted proposal left verified', async () => {
  const { bench, fix, incident } = await started({ role: 'session' });
  await healHonestly(bench, fix);
  const { verification, text } = await verifyFix(bench, incident);
  expect(verification.verdict, text).toBe('pass');
  await bench.incidents.transition({ incident, to: 'verified', from: ['healing'], who: 'agent', why: 'pass' });

  const pass = await currentPass(bench, fix);
  const asking = (...needsPerson: string[]) => askBeforePublishing(bench, fix, { ...pass, needsPerson });
  const approval = { incident, round: fix.round, tree: verification.tree, who: 'person:ada' };
  bench.seal.sealApproval({ ...approval, answers: [] });
  expect(asking()).toBeUndefined();
  expect(asking('The reproduction is weak.')).toBe('The reproduction is weak');
  bench.seal.sealApproval({ ...approval, answers: ['The reproduction is weak.'] });
  expect(asking('The reproduction is weak.', 'The index changed.')).toBe('The index changed');

  expect(await decideInSession(bench, 'approve', incident)).toContain(`is published on ${fix.branch}`);
  expect((await bench.incidents.transitions(incident)).at(-1)).toMatchObject({
    to: 'proposed',
    who: `person:${userInfo().username}`,
  });
});
