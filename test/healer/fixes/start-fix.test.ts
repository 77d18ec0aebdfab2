import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareDigests, digestMainCheckout } from '../../../gate/main-checkout.ts';
import { startFix } from '../../../healer/fixes/start-fix.ts';
import { cancel, retry } from '../../../healer/incidents/decisions.ts';
import { reportError } from '../../../healer/incidents/report-error.ts';
import { listRecords } from '../../../healer/worktrees/record.ts';
import { runsOf } from '../../../store/runs.ts';
import { write } from '../../write.ts';
import { reported, started } from '../sample-fix.ts';
import { benchOn, commit, run } from '../sample-repository.ts';

const who = 'person:ada';

test('opens worktree, law and context once, and leaves the main checkout as it was', async () => {
  const sample = await reported({ role: 'session' });
  const { bench, incident, root, base } = sample;
  run(root, 'switch', '--quiet', '-c', 'feature');
  commit(root, { 'src/feature.js': 'unfinished' });
  write(root, { 'src/tenant.js': 'dirty', 'new file.txt': 'x' });
  const before = await digestMainCheckout(sample.repository, { links: [] });

  const fix = await startFix(bench, { incident });
  expect(fix).toMatchObject({ incident, round: 1, base: { commit: base, branch: 'main' }, warnings: [] });
  expect(fix.branch).toBe(`hotfix/auto-${fix.fingerprint}`);
  expect(fix.context).toContain('- S001: a session knows its tenant');
  expect(fix.law.source).toBe('commit');
  expect(await startFix(bench, { incident })).toBe(fix);
  expect((await bench.incidents.get(incident))?.status).toBe('healing');
  expect(runsOf(bench.db, incident)).toMatchObject([{ id: fix.run, phase: 'session', attempt: 1 }]);

  const after = await digestMainCheckout(sample.repository, { links: [] });
  // Our own line in .git/info/exclude is written before an attempt is digested.
  expect(compareDigests({ ...before, info: after.info }, after)).toEqual([]);
  expect(run(root, 'for-each-ref', '--format=%(refname)', 'refs/heads')).not.toContain('hotfix');
});

test('what is not committed yet is law as it was at the start, and no later', async () => {
  const { bench, incident, root } = await reported();
  run(root, 'rm', '-r', '--quiet', '--cached', '.self-healing');
  run(root, 'commit', '--quiet', '-m', 'not committed any more');
  const fix = await startFix(bench, { incident });
  write(root, { '.self-healing/config.yaml': 'guardrails: { max_files_changed: 99 }\n' });
  expect(fix.law.source).toBe('working_copy');
  expect((await startFix(bench, { incident })).law.config.guardrails.max_files_changed).toBe(3);
});

test('refuses what may not be started, and says who can change that', async () => {
  const { bench, incident, root } = await reported();
  const refused = (message: string, next: string) =>
    expect(startFix(bench, { incident })).rejects.toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining(message),
      next: expect.stringContaining(next),
    });
  const config = (text: string) => write(root, { '.self-healing/config.yaml': text });
  config(`triage: { mute: [{ fingerprint: "${incident.slice(4)}", reason: known }] }\n`);
  const line = 'triage: { mute: [] }  # in .self-healing/config.yaml';
  await refused('it is muted (known)', `Only a person may lift it: \`${line}\``);
  config('{}\n');
  await expect(startFix(bench, { incident: 'INC-0000000000000000' })).rejects.toMatchObject({ code: 'not_found' });
  await bench.incidents.transition({ incident, to: 'escalated', who, why: 'x' });
  await refused('it is escalated', 'retry, cancel');
  await cancel(bench.incidents, { incident, who });
  await refused('it is cancelled', 'Nothing');
  config('tests: { comand: x }\n');
  await expect(startFix(bench, { incident })).rejects.toThrow(/config\.yaml:1:\d+/);
});

test('two processes: one heals, the other is told; after a crash the next one takes over its worktree', async () => {
  const { bench, incident, repository, fix } = await started();
  const other = await benchOn(repository);
  await expect(startFix(other, { incident })).rejects.toThrow(/being worked on by another process \(process \d+/);
  write(fix.worktree, { 'src/half.js': 'done' });
  await fix.lease?.release(); // what the death of the process does

  const again = await startFix(other, { incident });
  expect(again.round).toBe(1);
  expect(existsSync(join(again.worktree, 'src/half.js'))).toBe(true);
  expect((await bench.incidents.transitions(incident)).slice(-3).map(({ to, why }) => `${to}: ${why}`)).toEqual([
    'healing: fix started',
    'queued: taken up again after a crash',
    'healing: fix started',
  ]);
});

test("the server of a headless run works on its parent's base, for its parent's incident only", async () => {
  const { incident, repository, fix, root } = await started();
  commit(root, { 'later.js': 'x' }, 'main went on');
  const env = { SELF_HEALING_INCIDENT: incident, SELF_HEALING_RUN: 'run-1' };
  const child = await benchOn(repository, { env });
  const own = await startFix(child, { incident });
  expect(own).toMatchObject({ base: fix.base, worktree: fix.worktree, run: 'run-1', lease: undefined });
  const foreign = await benchOn(repository, { env: { ...env, SELF_HEALING_INCIDENT: 'INC-0000000000000000' } });
  await expect(startFix(foreign, { incident })).rejects.toThrow('bound to INC-0000000000000000');
});

test('a new round starts from a fresh worktree, and worktrees nobody needs are swept away with their diff saved', async () => {
  const { bench, incident, fix } = await started();
  write(fix.worktree, { 'src/tenant.js': 'tried' });
  await bench.incidents.transition({ incident, to: 'escalated', who, why: 'x' });
  await retry(bench.incidents, { incident, who });
  const second = await startFix(bench, { incident });
  expect(second).toMatchObject({ round: 2, branch: `${fix.branch}-2` });
  expect(second.warnings.join()).toMatch(/saved to .*-1-.*\.patch/);

  await bench.incidents.transition({ incident, to: 'cancelled', who, why: 'x' });
  const other = await reportError(bench, { text: 'RangeError: other\n    at x (/srv/shop/src/tenant.js:1:1)' });
  bench.fixes.clear();
  await startFix(bench, { incident: other.incident });
  expect((await listRecords(bench.repository)).map((record) => record.incident)).toEqual([other.incident]);
  expect(existsSync(second.worktree)).toBe(false);
});
