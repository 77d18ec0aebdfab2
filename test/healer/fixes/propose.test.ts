import { expect, test } from 'vitest';
import { requestOf } from '../../../healer/fixes/proposal-request.ts';
import { propose } from '../../../healer/fixes/propose.ts';
import { startFix } from '../../../healer/fixes/start-fix.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { verificationsOf } from '../../../store/verifications.ts';
import { healHonestly, started, WORDS } from '../sample-fix.ts';
import { benchOn } from '../sample-repository.ts';

test("a headless server requests, its parent verifies and publishes; verdicts of the server are not the parent's", async () => {
  const { bench, incident, fix, repository } = await started();
  const child = await benchOn(repository, { env: { SELF_HEALING_INCIDENT: incident, SELF_HEALING_RUN: 'run-1' } });
  const own = await startFix(child, { incident });
  await healHonestly(child, own);
  await expect(propose(child, { incident, ...WORDS })).rejects.toThrow('has not been verified');
  expect((await verifyFix(child, incident)).verification.verdict).toBe('pass');
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
