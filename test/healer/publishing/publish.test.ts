import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { propose } from '../../../healer/fixes/propose.ts';
import { reopenFix } from '../../../healer/fixes/start-fix.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { approvePublish } from '../../../healer/publishing/approve-publish.ts';
import { publish } from '../../../healer/publishing/publish.ts';
import { reject } from '../../../healer/publishing/reject.ts';
import { proposalOf } from '../../../store/proposals.ts';
import { refusedDiffs } from '../../../store/refused-diffs.ts';
import { verificationsOf } from '../../../store/verifications.ts';
import { write } from '../../write.ts';
import { healHonestly, started, WORDS } from '../sample-fix.ts';
import { addRemote, benchOn, commit, run } from '../sample-repository.ts';

const who = 'person:ada';

/** Healed, verified and waiting for a person, in the process that holds the evidence. */
async function awaiting(role: 'session' | 'parent' = 'session') {
  const sample = await started({ role });
  const { bench, fix, incident } = sample;
  await healHonestly(bench, fix);
  const { verification, text } = await verifyFix(bench, incident);
  expect(verification.verdict, text).toBe('pass');
  expect(await propose(bench, { incident, ...WORDS })).toMatchObject({ status: 'awaiting_approval' });
  return { ...sample, verification };
}

test('one commit from the verified tree, its branch, its report and nothing else; never twice', async () => {
  const { bench, incident, fix, root, base, verification } = await awaiting();
  await expect(publish(bench, incident, { who })).rejects.toMatchObject({ code: 'not_allowed' });
  const head = run(root, 'rev-parse', 'HEAD');
  const another = approvePublish(bench, incident, { who, tree: base, verifyAgain: false });
  await expect(another, 'a yes for what the person was not shown').rejects.toMatchObject({ code: 'stale' });
  const result = await approvePublish(bench, incident, { who, tree: verification.tree, verifyAgain: false });
  expect(result).toMatchObject({ status: 'proposed', branch: fix.branch, pushed: false });
  if (result.status !== 'proposed') return;

  expect(run(root, 'log', '--format=%P|%T|%s', `main..${fix.branch}`)).toBe(
    `${base}|${verification.tree}|${WORDS.title}`,
  );
  expect(run(root, 'rev-parse', 'HEAD')).toBe(head);
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'proposed' });
  expect(await publish(bench, incident, { who })).toEqual(result);
  expect((await bench.incidents.transitions(incident)).filter(({ to }) => to === 'proposed')).toHaveLength(1);

  const report = readFileSync(join(root, result.report), 'utf8');
  expect([...report.matchAll(/^## (\w+)/gm)].map(([, name]) => name)).toEqual(['Plan', 'Do', 'Check', 'Act']);
  expect(report).toMatch(/base \+ the new tests \| 3× \| 0 passed, 1 failed/);
  expect(report).toMatch(/\| the fix \| 3× \| 1 passed, 0 failed/);
  expect(report).toMatch(/\| the change taken back \| 3× \| 0 passed, 1 failed/);
  expect(report).toMatch(/\| the fix, a diagnosed file broken on purpose \| 1× \| 0 passed, 1 failed/);
  expect(report).toContain('at tenantOf (src/tenant.js:3:18)');
  expect(report).toContain(`git revert ${result.commit.slice(0, 12)}`);
  expect(report.trimEnd().endsWith(`Self-Healing-Incident: ${incident}/1`)).toBe(true);
  expect(run(root, 'ls-tree', '-r', '--name-only', fix.branch)).not.toContain('reports');
});

test('is pushed and read back; a remote that is gone keeps the state, and trying again finishes it', async () => {
  const { bench, incident, fix, root } = await awaiting('parent');
  const remote = addRemote(root);
  renameSync(remote, `${remote}.gone`);
  const first = await approvePublish(bench, incident, { who, verifyAgain: false });
  expect(first).toMatchObject({ status: 'unreachable', next: expect.stringContaining(`approve ${incident}`) });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'awaiting_publish' });
  renameSync(`${remote}.gone`, remote);
  const second = await publish(bench, incident, { who });
  expect(second).toMatchObject({ status: 'proposed', pushed: true });
  if (second.status === 'proposed') expect(run(remote, 'rev-parse', fix.branch)).toBe(second.commit);
  expect(existsSync(fix.worktree)).toBe(false);
});

test('a byte that changed after the verdict, and a verdict of another process, are stale', async () => {
  const { bench, incident, fix, repository } = await awaiting();
  write(fix.worktree, { 'src/extra.js': '' });
  await expect(approvePublish(bench, incident, { who, verifyAgain: false })).rejects.toMatchObject({ code: 'stale' });

  const other = await benchOn(repository);
  await expect(approvePublish(other, incident, { who, verifyAgain: false })).rejects.toMatchObject({
    code: 'not_allowed',
    next: expect.stringContaining(`self-healing approve ${incident}`),
  });
  await reopenFix(other, incident);
  await expect(publish(other, incident, { who })).rejects.toMatchObject({ code: 'stale' });
});

test('a row that was forged in the database is not evidence', async () => {
  const { bench, incident, fix } = await started({ role: 'session' });
  await healHonestly(bench, fix);
  write(fix.worktree, { 'src/tenant.js': 'throw new Error("no fix")' });
  const { verification } = await verifyFix(bench, incident);
  expect(verification.verdict).not.toBe('pass');
  const columns = 'incident, round, run, iteration, tree, by, at';
  bench.db.run(
    `INSERT INTO verifications (id, verdict, result_json, ${columns})
     SELECT 'forged', 'pass', replace(result_json, '"fail"', '"pass"'), ${columns} FROM verifications`,
  );
  await expect(propose(bench, { incident, ...WORDS })).rejects.toMatchObject({ code: 'not_allowed' });
  bench.db.exec('DROP TRIGGER verifications_no_update');
  bench.db.run(`UPDATE verifications SET verdict = 'pass' WHERE id != 'forged'`);
  await expect(propose(bench, { incident, ...WORDS })).rejects.toMatchObject({ code: 'stale' });
});

test('approved from another terminal: verified again there on main as it is now, then published', async () => {
  const { bench, incident, fix, root, repository } = await awaiting();
  await bench.close(); // the session is over
  const terminal = await benchOn(repository);
  commit(root, { 'later.js': 'main went on' });
  const lines: string[] = [];
  const result = await approvePublish(terminal, incident, {
    who,
    verifyAgain: true,
    onProgress: (line) => lines.push(line),
  });
  expect(result).toMatchObject({ status: 'proposed' });
  expect(lines.join()).toContain('checking reproduction');
  expect(verificationsOf(terminal.db, incident).map(({ by }) => by)).toEqual(['server', 'person']);
  expect(run(root, 'log', '-1', '--format=%P', fix.branch)).toBe(run(root, 'rev-parse', 'main'));
});

test('a kept tree that no longer passes is queued again, in the same round', async () => {
  const { bench, incident, fix, repository } = await awaiting();
  await bench.close();
  write(fix.worktree, { 'src/tenant.js': 'export const tenantOf = () => "x";\n' });
  const terminal = await benchOn(repository);
  const result = await approvePublish(terminal, incident, { who, verifyAgain: true });
  expect(result.status).toBe('no_longer_passes');
  expect(await terminal.incidents.get(incident)).toMatchObject({ status: 'queued', round: 1 });
});

test('killed between any two steps, publishing again finds what was done and finishes it once', async () => {
  const { bench, incident, fix, root, repository } = await awaiting();
  const remote = addRemote(root);
  const first = await approvePublish(bench, incident, { who, verifyAgain: false });
  if (first.status !== 'proposed') throw new Error(first.status);
  const ref = `refs/heads/${fix.branch}`;
  const state = `UPDATE incidents SET status = 'awaiting_publish' WHERE incident = '${incident}'`;
  const row = 'DELETE FROM proposals';
  // What the killed process had not done yet is taken back by hand; that its decision was carried out, it never noted.
  for (const table of ['approval_decisions', 'approval_outcomes'])
    for (const verb of ['update', 'delete']) bench.db.exec(`DROP TRIGGER ${table}_no_${verb}`);
  const decided = "DELETE FROM approval_outcomes; UPDATE approval_decisions SET at = '2026-01-01T00:00:00.000Z'";
  const killedBefore: Record<string, () => void> = {
    'the state': () => {},
    'the row': () => bench.db.exec(row),
    'the push': () => {
      bench.db.exec(row);
      run(remote, 'update-ref', '-d', ref);
    },
    'the branch': () => {
      bench.db.exec(row);
      run(remote, 'update-ref', '-d', ref);
      run(root, 'update-ref', '-d', ref);
    },
  };
  for (const [step, takeBack] of Object.entries(killedBefore)) {
    bench.db.exec(state);
    bench.db.exec(decided);
    takeBack();
    const next = await benchOn(repository, { role: 'session' });
    const again = await approvePublish(next, incident, { who, verifyAgain: true });
    expect(again, `killed before ${step}`).toMatchObject({ status: 'proposed', pushed: true });
    if (again.status === 'proposed' && step !== 'the branch') expect(again.commit).toBe(first.commit);
    expect(run(root, 'rev-list', '--count', `main..${fix.branch}`)).toBe('1');
    expect(run(remote, 'rev-parse', ref)).toBe(run(root, 'rev-parse', ref));
    expect(proposalOf(next.db, incident, 1)?.commit).toBe(run(root, 'rev-parse', ref));
    await next.close();
  }
  expect(run(root, 'for-each-ref', 'refs/heads/hotfix').split('\n')).toHaveLength(1);
}, 240_000);

test('a branch that a person holds is left alone; a rejected fix keeps its reason and its diff', async () => {
  const { bench, incident, fix, root } = await awaiting();
  run(root, 'branch', fix.branch, 'main');
  expect(await approvePublish(bench, incident, { who, verifyAgain: false })).toMatchObject({ status: 'taken' });
  expect(run(root, 'rev-parse', fix.branch)).toBe(fix.base.commit);
  expect(proposalOf(bench.db, incident, 1)).toBeUndefined();

  await reject(bench, { incident, who, why: 'wrong layer' });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'rejected' });
  const diff = expect.stringContaining('+  return session?.');
  expect(refusedDiffs(bench.db)).toMatchObject([{ incident, reason: 'wrong layer', diff }]);
});
