import { expect, test } from 'vitest';
import { requestOf } from '../../../healer/fixes/proposal-request.ts';
import { propose } from '../../../healer/fixes/propose.ts';
import { startFix } from '../../../healer/fixes/start-fix.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { approvePublish } from '../../../healer/publishing/approve-publish.ts';
import { verificationsOf } from '../../../store/verifications.ts';
import { write } from '../../write.ts';
import { healHonestly, started, WORDS } from '../sample-fix.ts';
import { benchOn } from '../sample-repository.ts';

test("a headless server requests, its parent verifies and publishes; verdicts of the server are not the parent's", async () => {
  const { bench, incident, fix, repository } = await started();
  const child = await benchOn(repository, { env: { SELF_HEALING_INCIDENT: incident, SELF_HEALING_RUN: 'run-1' } });
  const own = await startFix(child, { incident });
  await healHonestly(child, own);
  await expect(propose(child, { incident, ...WORDS })).rejects.toThrow('has not been verified');
  expect((await verifyFix(child, incident)).verification.verdict).toBe('pass');
  const leaking = { incident, ...WORDS, summary: 'Tried it\nas ada.lovelace@analytical-engines.org.' };
  const refused = await propose(child, leaking).catch((error: Error) => error);
  expect(refused).toMatchObject({ code: 'bad_input', next: expect.stringContaining('Call propose_pr again') });
  expect(refused).toMatchObject({ message: expect.stringMatching(/email in line 2 of the summary/) });
  expect(requestOf(bench, incident, 1)).toBeUndefined();
  expect(await propose(child, { incident, ...WORDS })).toEqual({ status: 'requested' });
  expect(requestOf(bench, incident, 1)).toMatchObject(WORDS);
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'healing' });

  await expect(propose(bench, { incident, ...WORDS })).rejects.toMatchObject({ code: 'stale' });
  const { verification } = await verifyFix(bench, incident);
  expect(verification.checks.reproduction.evidence.length).toBeGreaterThan(8);
  const result = await propose(bench, { incident, ...WORDS, approvedBy: 'person:ada' });
  expect(result).toMatchObject({ status: 'proposed', branch: fix.branch });
  expect(verificationsOf(bench.db, incident).map(({ by, run: of, iteration }) => [by, of, iteration])).toEqual([
    ['server', 'run-1', 1],
    ['parent', null, 1],
  ]);
}, 120_000);

test('an approval in advance does not count for what a person has to look at first', async () => {
  const { bench, incident, fix, root } = await started();
  await healHonestly(bench, fix);
  write(root, { 'notes.txt': 'a person went on working in the main checkout' });
  const { verification, needsPerson } = await verifyFix(bench, incident);
  expect(verification.verdict).toBe('pass');
  expect(needsPerson.join()).toContain('notes.txt');
  const result = await propose(bench, { incident, ...WORDS, approvedBy: 'person:ada' });
  expect(result).toMatchObject({ status: 'awaiting_approval', why: expect.stringContaining('notes.txt') });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'awaiting_publish' });
}, 120_000);

test('with publish: auto it is published at once', async () => {
  const config = 'tests: { command: node --test }\napproval: { publish: auto }\n';
  const { bench, incident, fix } = await started({ role: 'session' }, { '.self-healing/config.yaml': config });
  await healHonestly(bench, fix);
  await verifyFix(bench, incident);
  expect(await propose(bench, { incident, ...WORDS })).toMatchObject({ status: 'proposed', branch: fix.branch });
  expect((await bench.incidents.transitions(incident)).at(-1)).toMatchObject({ to: 'proposed', who: 'policy' });
}, 120_000);

test('over the limit of a day a proven fix waits for a person, who may publish it all the same', async () => {
  const config = 'tests: { command: node --test }\napproval: { publish: auto }\nbudget: { max_prs_per_day: 0 }\n';
  const { bench, incident, fix } = await started({}, { '.self-healing/config.yaml': config });
  await healHonestly(bench, fix);
  await verifyFix(bench, incident);
  // A word given in advance was given before anybody knew how many there would be.
  const result = await propose(bench, { incident, ...WORDS, approvedBy: 'person:ada' });
  expect(result).toEqual({ status: 'awaiting_approval', why: 'budget.max_prs_per_day (0) is used up' });
  expect((await bench.incidents.transitions(incident)).at(-1)).toMatchObject({
    to: 'awaiting_publish',
    why: 'budget.max_prs_per_day (0) is used up',
  });
  const published = await approvePublish(bench, incident, { who: 'person:ada', verifyAgain: false });
  expect(published).toMatchObject({ status: 'proposed', branch: fix.branch });
}, 120_000);
