import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { approvePublish } from '../../../healer/publishing/approve-publish.ts';
import { reject } from '../../../healer/publishing/reject.ts';
import { verificationsOf } from '../../../store/verifications.ts';
import { PROJECT } from '../sample-fix.ts';
import { benchOn, commit, run } from '../sample-repository.ts';
import { colleague, proven, shop } from './on-github.ts';

const who = 'person:ada';
const SOURCE = PROJECT['src/tenant.js'];

/** Proven and waiting; `push` moves main of the remote. */
async function waiting() {
  const sample = await shop();
  const { fix } = await proven(sample);
  const { bench, incident, remote, root } = sample;
  const theirs = colleague(remote);
  const push = (files: Record<string, string>) => {
    const made = commit(theirs, files);
    run(theirs, 'push', '--quiet', 'origin', 'main');
    return made;
  };
  const approve = (onProgress?: (line: string) => void) =>
    approvePublish(bench, incident, { who, verifyAgain: false, env: { PATH: '' }, onProgress });
  const branches = () => run(remote, 'for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n');
  return { bench, incident, fix, root, remote, repository: sample.repository, push, approve, branches };
}

test('a base that moves is followed, twice at most; the approval goes along with the very same change', async () => {
  const { bench, incident, fix, root, remote, push, approve, branches } = await waiting();
  const state = () => run(root, 'status', '--porcelain', '--branch', '--', '.', ':!.self-healing/reports');
  const before = state();
  push({ 'docs/1.md': '1\n' });
  let moves = 1;
  const moving = await approve((line) => {
    if (line === 'checking invariants') push({ [`docs/${++moves}.md`]: `${moves}\n` });
  });
  expect(moving).toMatchObject({ status: 'base_keeps_moving', next: expect.stringContaining(`approve ${incident}`) });
  expect(branches()).toEqual(['main']);
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'awaiting_publish' });

  const result = await approve();
  expect(result).toMatchObject({ status: 'proposed', pushed: true });
  expect(run(remote, 'log', '-1', '--format=%P', fix.branch)).toBe(run(remote, 'rev-parse', 'main'));
  expect(run(remote, 'diff', '--name-only', 'main', fix.branch).split('\n')).toEqual([
    '.self-healing/scenarios/tenants.yaml',
    'src/tenant.js',
    'test/expired.test.js',
  ]);
  expect(verificationsOf(bench.db, incident).map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass']);
  expect(state()).toBe(before);
  expect(existsSync(fix.worktree)).toBe(false);
}, 120_000);

test('another change around it asks the person again, also in a process that only knows the kept tree', async () => {
  const { bench, incident, fix, remote, repository, push, branches } = await waiting();
  await bench.close();
  push({ 'src/tenant.js': `${SOURCE}\nexport const nobody = null;\n` });
  const terminal = await benchOn(repository);
  const approve = () => approvePublish(terminal, incident, { who, verifyAgain: true, env: { PATH: '' } });
  const asked = await approve();
  expect(asked).toMatchObject({ status: 'approval_needed', next: expect.stringContaining(fix.worktree) });
  expect(branches()).toEqual(['main']);
  expect(await terminal.incidents.get(incident)).toMatchObject({ status: 'awaiting_publish', round: 1 });
  expect(verificationsOf(terminal.db, incident).map(({ by }) => by)).toEqual(['parent', 'person']);

  await terminal.close();
  const later = await benchOn(repository);
  const result = await approvePublish(later, incident, { who, verifyAgain: true, env: { PATH: '' } });
  expect(result).toMatchObject({ status: 'proposed' });
  expect(run(remote, 'show', `${fix.branch}:src/tenant.js`)).toContain('nobody');
}, 120_000);

test('rejected while it is proven on the new base, it is not published; without its .git the main checkout stays', async () => {
  const { bench, incident, fix, root, repository, push, approve, branches } = await waiting();
  const state = () => run(root, 'status', '--porcelain=v2', '--branch', '--', '.', ':!.self-healing/reports');
  const before = state();
  rmSync(join(fix.worktree, '.git')); // git started there would find the main checkout
  const elsewhere = await benchOn(repository);
  push({ 'docs/1.md': '1\n' });
  let rejected: Promise<unknown> | undefined;
  const approved = approve((line) => {
    if (line === 'checking invariants')
      rejected ??= reject(elsewhere, { incident, who: 'person:bob', why: 'it hides the cause' });
  });
  await expect(approved).rejects.toMatchObject({ code: 'not_allowed', message: expect.stringContaining('rejected') });
  await rejected;
  expect(branches()).toEqual(['main']);
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'rejected' });
  expect(state()).toBe(before);
}, 120_000);

test('a kept worktree that was changed is nobody’s yes; one that was taken away is put back', async () => {
  const { bench, incident, fix, remote, repository, push, branches } = await waiting();
  await bench.close();
  appendFileSync(join(fix.worktree, 'src/tenant.js'), '\nexport const late = true;\n');
  const terminal = await benchOn(repository);
  const asked = await approvePublish(terminal, incident, { who, verifyAgain: true, env: { PATH: '' } });
  expect(asked).toMatchObject({ status: 'approval_needed', why: expect.stringContaining('kept worktree') });
  expect(branches()).toEqual(['main']);
  await terminal.close();

  rmSync(fix.worktree, { recursive: true });
  push({ 'docs/1.md': '1\n' });
  const later = await benchOn(repository);
  const result = await approvePublish(later, incident, { who, verifyAgain: true, env: { PATH: '' } });
  expect(result).toMatchObject({ status: 'proposed' });
  expect(run(remote, 'show', `${fix.branch}:src/tenant.js`)).toContain('late');
}, 120_000);

test('the law of the new base is what counts', async () => {
  const { bench, incident, push, approve, branches } = await waiting();
  push({
    '.self-healing/config.yaml':
      'version: "1.0"\ntests: { command: node --test }\nguardrails: { forbidden_paths: ["src/tenant.js"] }\n',
  });
  expect(await approve()).toMatchObject({ status: 'no_longer_passes', verification: { verdict: 'refuse' } });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'queued', round: 1 });
  expect(branches()).toEqual(['main']);
}, 120_000);

test('a conflict is queued for another attempt on the new base, with nothing lost or pushed', async () => {
  const { bench, incident, fix, push, approve, branches } = await waiting();
  push({ 'src/tenant.js': SOURCE.replace('session.tenantId', 'session.tenant.id') });
  expect(await approve()).toMatchObject({ status: 'conflict', why: expect.stringContaining('src/tenant.js') });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'queued', round: 1 });
  expect(branches()).toEqual(['main']);
  expect(run(fix.worktree, 'diff', 'HEAD', '--', 'src')).toContain('+  return session?.');
  expect(verificationsOf(bench.db, incident)).toHaveLength(1);
  expect(readdirSync(join(bench.repository.home, 'leases'))).toEqual([]);
}, 120_000);

test('an error that is gone on the new base is dismissed as already fixed', async () => {
  const { bench, incident, push, approve, branches } = await waiting();
  push({ 'src/tenant.js': SOURCE.replace('session.tenantId', 'session?.tenantId ?? null') });
  expect(await approve()).toMatchObject({ status: 'already_fixed', why: expect.stringContaining('green on main') });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'dismissed', dismissal_confirmed: false });
  expect((await bench.incidents.transitions(incident)).at(-1)?.why).toMatch(/^already_fixed: /);
  expect(branches()).toEqual(['main']);
}, 120_000);
