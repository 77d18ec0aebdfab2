/**
 * The workflow of `init --ci` that heals failed runs, its steps run as a runner does: from the event of the failed run and
 * the log that GitHub gives to a pull request to the branch that failed, by the real client. Then it is held back.
 */
import { readFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { healWorkflow } from '../../cli/ci-workflow.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import { type FailedRuns, failedRuns, runWebhook } from '../healer/intake/github/failed-run.ts';
import { PLUGIN, type ProductRun, type Stage, setStage } from './stage.ts';

const ADDRESS = 'https://github.com/acme/shop.git';
/** Where the runners of GitHub check a repository out. */
const CHECKOUT = '/home/runner/work/shop/shop';

let stage: Stage;
let ci: FailedRuns;
let head: string;
beforeEach(async () => {
  stage = await setStage('node-orders', { origin: true });
  const origin = stage.origin ?? '';
  await stage.git(['config', 'remote.origin.url', ADDRESS]);
  await stage.git(['config', `url.${origin}.insteadOf`, ADDRESS]);
  await stage.git(['commit', '--quiet', '--allow-empty', '-m', 'Try something']);
  await stage.git(['push', '--quiet', 'origin', 'HEAD:refs/heads/topic']);
  head = await stage.git(['rev-parse', 'HEAD']);
  await stage.git(['checkout', '--quiet', '--detach', head]);
  ci = await failedRuns({ git: origin });
});
afterEach(() => stage.remove());

/** The steps after those that install. */
function steps(): { name: string; run: string; env: Record<string, string> }[] {
  const text = healWorkflow({ url: ADDRESS, ref: 'v1' }, 'npm test', ['CI']);
  const named = parse(text).jobs.heal.steps as { name?: string; run?: string; env?: Record<string, string> }[];
  return named.flatMap(({ name = '', run = '', env = {} }) =>
    name === 'Heal' || name === 'Report' ? [{ name, run, env }] : [],
  );
}

async function runSteps(payload: string): Promise<{ healed: ProductRun; summary: string }> {
  const temp = join(stage.home, 'runner');
  await rm(temp, { recursive: true, force: true });
  await mkdir(temp);
  await symlink(PLUGIN, join(temp, 'self-healing'));
  await writeFile(join(temp, 'event.json'), payload);
  const values: Record<string, string> = {
    '${{ secrets.ANTHROPIC_API_KEY }}': 'sk-ant-test',
    '${{ secrets.SELF_HEALING_GITHUB_TOKEN || github.token }}': ci.github.token,
  };
  const runner = {
    RUNNER_TEMP: temp,
    GITHUB_EVENT_PATH: join(temp, 'event.json'),
    GITHUB_STEP_SUMMARY: join(temp, 'summary.md'),
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: ci.github.apiUrl,
    CI: 'true',
  };
  let healed: ProductRun | undefined;
  for (const { name, run, env } of steps()) {
    const given = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, values[value] ?? value]));
    expect(JSON.stringify([run, given])).not.toContain('${{');
    const program = ['bash', '-e', '-c', run];
    const ended = await stage.run([], honestFix(ORDERS_PART), { program, env: { ...runner, ...given } });
    if (name === 'Heal') healed = ended;
    else expect(ended, ended.stderr).toMatchObject({ exit: 0 });
  }
  if (healed === undefined) throw new Error('The workflow has no step that heals');
  return { healed, summary: readFileSync(join(temp, 'summary.md'), 'utf8') };
}

it('opens one pull request to the branch that failed, and does not try that branch again', async () => {
  const log = readFileSync(stage.logFile, 'utf8').replaceAll(stage.root, CHECKOUT);
  const failed = { head_branch: 'topic', head_sha: head };
  const { run } = ci.add({ run: failed, job: failed, command: 'npm run smoke', output: log });
  ci.github.addPull({ branch: 'topic', author: 'grace' });
  const first = await runSteps(runWebhook(run));
  expect(first.healed, first.healed.stderr + first.healed.stdout).toMatchObject({ exit: 0 });
  const [own, fix, ...more] = ci.github.pulls;
  expect(more).toEqual([]);
  expect(own?.labels).toEqual(['self-healing-tried']);
  expect(fix).toMatchObject({ base: 'topic', labels: ['auto-heal'], branch: expect.stringMatching(/^hotfix\/auto-/) });
  expect(await stage.git(['rev-parse', `${fix?.branch}^`], stage.origin)).toBe(head);
  expect(first.summary).toContain('tenantOf');

  // Somebody pushes again, and it fails in the same way; the runner is another one, which knows nothing of the first.
  await rm(join(stage.root, '.self-healing', 'state.db'), { force: true });
  await rm(join(stage.root, '.self-healing', 'state.db-wal'), { force: true });
  await rm(join(stage.root, '.self-healing', 'state.db-shm'), { force: true });
  const again = await runSteps(runWebhook(run));
  expect(again.healed, again.healed.stderr).toMatchObject({ exit: 0, requests: [] });
  expect(again.healed.stdout).toContain('Nothing is started: a fix of this failure is proposed already');
  if (fix) Object.assign(fix, { state: 'closed', closed_at: '2026-01-01T00:00:00Z' });
  const tried = await runSteps(runWebhook(run));
  expect(tried.healed, tried.healed.stderr).toMatchObject({ exit: 0, requests: [] });
  expect(tried.healed.stdout).toContain('remove its label "self-healing-tried"');
  expect(ci.github.pulls).toHaveLength(2);
});
