import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { handOverNotice } from '../../../healer/notify/hand-over-notice.ts';
import { spreadNotices } from '../../../healer/notify/outbox.ts';
import { noticeText, noticeTitle } from '../../../healer/notify/words.ts';
import { saveDeployment } from '../../../store/deployments.ts';
import { refusedDiffs } from '../../../store/refused-diffs.ts';
import { beginRollback, rollbackOf } from '../../../store/rollbacks.ts';
import { watchOf } from '../../../store/watches.ts';
import { pointToGitHub, serveGitHub } from '../publishing/on-github.ts';
import { freshFolder, run } from '../sample-repository.ts';
import { INCIDENT, type MergedOptions, mergedFix } from './merged-fix.ts';

const MINUTE = 60_000;
const BRANCH = 'hotfix/auto-1a2b3c4d5e6f7890-revert-1';

/** Deployed, and the error is there again: the next look rolls it back. */
async function cameAgain(options: MergedOptions = {}) {
  const fix = await mergedFix(options);
  const at = new Date(fix.clock.at).toISOString();
  saveDeployment(fix.bench.db, { id: 'deploy', commit: fix.merge, environment: 'production', production: true, at });
  await fix.pass(MINUTE);
  await fix.occur();
  return fix;
}

async function onGitHub() {
  const env: Record<string, string> = {};
  const fix = await cameAgain({ env });
  pointToGitHub(fix.root, fix.remote ?? '');
  const served = await serveGitHub(fix.remote ?? '');
  Object.assign(env, served.env);
  return { ...fix, github: served.github };
}

it('opens one pull request that reverts, with its own trailer, however often it is tried', async () => {
  const { github, ...fix } = await onGitHub();
  // Made, and its answer lost; then GitHub is away; then the process ends after it was made.
  github.fail('POST /pulls', { status: 502, after: 'commit' });
  github.fail('GET /', { status: 502, times: 3 });
  await fix.pass(31_000, 31_000);
  expect(await fix.status()).toBe('watching');
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.why).toContain('it is to be rolled back, and that waits');
  fix.restart();
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('rolled_back');

  expect(github.pulls.map(({ title, state }) => [title, state])).toEqual([[`Revert the fix of ${INCIDENT}`, 'open']]);
  const [pull] = github.pulls;
  expect(pull?.body).toContain(`\nSelf-Healing-Revert: ${INCIDENT}/1`);
  expect(pull?.body).not.toContain('Self-Healing-Incident');
  expect(pull?.body).toContain('the error came again after the deploy');
  expect(rollbackOf(fix.bench.db, INCIDENT, 1)?.url).toBe('https://github.com/acme/shop/pull/1');
  expect(refusedDiffs(fix.bench.db, { incident: INCIDENT })).toHaveLength(1);

  // Were its end lost, the same one would be found again.
  fix.bench.db.run("UPDATE rollbacks SET state = 'due', outcome = ''");
  fix.bench.db.run("UPDATE incidents SET status = 'watching'");
  fix.bench.db.run('UPDATE watches SET verdict = NULL, ended_at = NULL');
  fix.restart();
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('rolled_back');
  expect(github.pulls).toHaveLength(1);
});

it('tells people what was rolled back, also when the error has come back meanwhile', async () => {
  const fix = await cameAgain();
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('rolled_back');
  await fix.occur();
  expect(await fix.status()).toBe('detected');
  const waiting = () =>
    fix.bench.db.all('SELECT round, channel, done_at_ms IS NULL AS open FROM notices ORDER BY channel');
  expect(waiting()).toEqual([{ round: 1, channel: '', open: 1 }]);
  Object.assign(fix.settings.config.notify, { webhook: 'http://127.0.0.1:1/hook' });
  await spreadNotices({ bench: fix.bench, env: {}, settings: async () => fix.settings, log: () => {} });
  expect(waiting()).toEqual([
    { round: 1, channel: '', open: 0 },
    { round: 1, channel: 'webhook', open: 1 },
  ]);
  const notice = await handOverNotice(fix.bench, { ...(await fix.record()), round: 1 }, true);
  const text = noticeText(notice, { strong: (words) => words, foreign: (words) => words });
  expect(noticeTitle(notice)).toContain('is rolled back');
  expect(text).toMatch(/^↩️ The fix of INC-1a2b3c4d5e6f7890 is rolled back/);
  expect(text).toContain('the error came again after the deploy');
  expect(text).toContain(`Do: Look at it: a revert of ${fix.merge.slice(0, 12)} is proposed: ${BRANCH}, pushed.`);
});

it('reverts a change on which other people have gone on, and nothing of theirs', async () => {
  const fix = await cameAgain();
  fix.goOn({ 'src/other.js': 'export const other = 3;\n' });
  await fix.pass(MINUTE);
  run(fix.there, 'fetch', '--quiet', 'origin');
  expect(run(fix.there, 'show', `origin/${BRANCH}:src/other.js`)).toBe('export const other = 3;');
  expect(run(fix.there, 'show', `origin/${BRANCH}:src/price.js`)).toBe('export const price = 1;');
  expect(run(fix.there, 'rev-parse', `origin/${BRANCH}^`)).toBe(run(fix.there, 'rev-parse', 'origin/main'));
});

it('hands over to a person where others have changed the same lines', async () => {
  const fix = await cameAgain();
  fix.goOn({ 'src/price.js': 'export const price = 77;\n' });
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('escalated');
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.why).toContain('later commits changed the same lines of src/price.js');
});

it('has nothing to revert where people have done it', async () => {
  const fix = await cameAgain();
  fix.goOn({ 'src/price.js': 'export const price = 1;\n' });
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('rolled_back');
  expect(rollbackOf(fix.bench.db, INCIDENT, 1)?.outcome).toContain('nothing to revert');
  expect(run(fix.remote ?? '', 'branch', '--list', BRANCH)).toBe('');
});

it('waits for a remote that is away, and hands over after an hour', async () => {
  const fix = await cameAgain();
  run(fix.root, 'remote', 'set-url', 'origin', '/nowhere/at/all.git');
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('watching');
  await fix.pass(61 * MINUTE, 5 * MINUTE);
  expect(await fix.status()).toBe('escalated');
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.why).toContain('could not be rolled back');
});

it('makes a branch where there is no remote', async () => {
  const fix = await cameAgain({ remote: false });
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('rolled_back');
  expect(run(fix.root, 'show', `${BRANCH}:src/price.js`)).toBe('export const price = 1;');
  expect(run(fix.root, 'branch', '--show-current')).toBe('main');
});

/** A program of the user's, which says how it was called. */
function rollbackProgram(exit = 0): { command: string; calls: () => string[] } {
  const folder = freshFolder('program');
  const [program, log] = [join(folder, 'roll back.sh'), join(folder, 'calls')];
  const line = `printf '%s|' "$@" "$ROLLBACK_INCIDENT" "$ROLLBACK_COMMIT" >> '${log}'; echo >> '${log}'`;
  writeFileSync(program, `#!/bin/sh\n${line}\necho "weights: canary 0"\nexit ${exit}\n`, { mode: 0o755 });
  const words = [program, '$(touch /tmp/never)', ';'];
  return {
    command: JSON.stringify(words),
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}

it('runs the command of the settings once, without a shell, and keeps what it printed', async () => {
  const { command, calls } = rollbackProgram();
  const fix = await cameAgain({ watch: `{ rollback: { mode: command, command: ${command} } }` });
  await fix.pass(5 * MINUTE);
  expect(await fix.status()).toBe('rolled_back');
  expect(calls()).toEqual([`$(touch /tmp/never)|;|${INCIDENT}|${fix.merge}|`]);
  expect(rollbackOf(fix.bench.db, INCIDENT, 1)?.outcome).toContain('weights: canary 0');
  const report = readFileSync(join(fix.root, '.self-healing', 'reports', `${INCIDENT}.md`), 'utf8');
  expect(report).toContain('weights: canary 0');
});

it.each([
  ['fails', rollbackProgram(3).command, 'exit code 3; it printed: weights: canary 0'],
  ['is not there', '["/nowhere/at/all"]', 'ENOENT'],
  ['is empty', '[]', 'watch.rollback.command is empty'],
])('hands over to a person when the command %s', async (_name, command, why) => {
  const fix = await cameAgain({ watch: `{ rollback: { mode: command, command: ${command} } }` });
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('escalated');
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.why).toContain(why);
});

it('never starts the command a second time when the process ended while it ran', async () => {
  const { command, calls } = rollbackProgram();
  const fix = await cameAgain({ watch: `{ rollback: { mode: command, command: ${command} } }` });
  // As a kill leaves it: begun, and no end.
  const { incident, round } = await fix.record();
  const { decide } = await import('../../../healer/watching/rollback.ts');
  await decide(fix.bench, await fix.record(), 'command', 'the error came again');
  expect(beginRollback(fix.bench.db, { incident, round })).toBe(true);
  fix.restart();
  await fix.pass(5 * MINUTE);
  expect(calls()).toEqual([]);
  expect(await fix.status()).toBe('escalated');
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.why).toContain('cut off before its end was seen; it is not started again');
});

it('takes nothing back while it is paused, and says so', async () => {
  const fix = await cameAgain({ env: { SELF_HEALING_PAUSE: '1' } });
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('watching');
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.why).toContain('nothing is taken back while SELF_HEALING_PAUSE is set');
});

it('only hands over with mode off', async () => {
  const fix = await cameAgain({ watch: '{ rollback: { mode: off } }' });
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('escalated');
  expect(run(fix.remote ?? '', 'branch', '--list', BRANCH)).toBe('');
});
