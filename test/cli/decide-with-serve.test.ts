/** Decisions from a command line while `serve` runs: by a person at a terminal, and by a program that has the token. */
import { expect, it } from 'vitest';
import { propose } from '../../healer/fixes/propose.ts';
import { closeFix } from '../../healer/fixes/require-fix.ts';
import { startFix } from '../../healer/fixes/start-fix.ts';
import { verifyFix } from '../../healer/fixes/verify-fix.ts';
import { reportError } from '../../healer/incidents/report-error.ts';
import { decisionsOf } from '../../store/approvals.ts';
import { awaitingStart, settingsWith } from '../healer/approval/waiting-fix.ts';
import { served } from '../healer/intake/serving.ts';
import { ERROR, healHonestly, PROJECT, WORDS } from '../healer/sample-fix.ts';
import { sampleRepository } from '../healer/sample-repository.ts';
import { cli, cliInTerminal } from './program.ts';

const TOKEN = 'api-token-1';

async function serving(approval: string) {
  const { repository, root } = await sampleRepository({
    ...PROJECT,
    '.self-healing/config.yaml': settingsWith(`approval: ${approval}`),
  });
  // Nothing is started by the queue: what is fixed here is fixed by the test, in the process that serves.
  const env: Record<string, string> = { SELF_HEALING_TOKEN: TOKEN, SELF_HEALING_PAUSE: '1' };
  const to = await served({ repository, env });
  const resume = () => delete env.SELF_HEALING_PAUSE;
  return { to, root, home: { SELF_HEALING_HOME: repository.home }, resume };
}

it('takes a token in place of a terminal, if serve knows it, and never below Claude Code', async () => {
  const { to, root, home } = await serving('{ start: ask }');
  const incident = await awaitingStart(to.bench);
  const skip = (env: Record<string, string>) => cli(root, ['skip', incident, '--json'], { env: { ...home, ...env } });
  expect(await skip({})).toMatchObject({ exit: 2, stderr: expect.stringContaining('needs a terminal') });
  expect(await skip({ SELF_HEALING_TOKEN: 'wrong' })).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('not the right one'),
  });
  expect(await skip({ SELF_HEALING_TOKEN: TOKEN, CLAUDECODE: '1' })).toMatchObject({ exit: 2 });
  expect((await to.bench.incidents.get(incident))?.status).toBe('awaiting_start');
  const skipped = await skip({ SELF_HEALING_TOKEN: TOKEN });
  expect(skipped, skipped.stderr).toMatchObject({ exit: 0, stdout: expect.stringContaining('"skipped"') });
  expect((await to.bench.incidents.transitions(incident)).at(-1)?.who).toMatch(/^person:http:/);
  await to.close();
  expect(await skip({ SELF_HEALING_TOKEN: TOKEN })).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('none runs for this repository'),
  });
});

it('has a running serve publish at once what that holds the evidence of', async () => {
  const { to, root, home, resume } = await serving('{ publish: ask }');
  const { bench } = to;
  const { incident } = await reportError(bench, { text: ERROR });
  const fix = await startFix(bench, { incident });
  await healHonestly(bench, fix);
  await verifyFix(bench, incident);
  expect(await propose(bench, { incident, ...WORDS })).toMatchObject({ status: 'awaiting_approval' });
  // As `heal` does at its end.
  await closeFix(bench, incident);
  const made = () => bench.db.all('SELECT id FROM verifications').length;
  const before = made();
  const paused = await cliInTerminal(root, ['approve', incident], { env: { ...home, SELF_HEALING_PAUSE: '1' } });
  expect(paused).toMatchObject({
    exit: 1,
    stdout: expect.stringContaining('Not published (paused): SELF_HEALING_PAUSE is set.'),
  });
  expect(decisionsOf(bench.db, incident, 1)).toEqual([]);
  resume();
  const approved = await cliInTerminal(root, ['approve', incident], { env: home });
  expect(approved.stdout).toContain('holds its evidence');
  expect(approved.stdout).toMatch(/Published on hotfix\/auto-/);
  expect(approved.exit).toBe(0);
  expect(made()).toBe(before);
  expect((await bench.incidents.get(incident))?.status).toBe('proposed');
  const again = await cliInTerminal(root, ['skip', incident], { env: home });
  expect(again).toMatchObject({ exit: 2, stdout: expect.stringContaining('Approved by') });
}, 400_000);
