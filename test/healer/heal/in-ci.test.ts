/** What keeps a workflow of CI from healing the same branch for ever. */
import { expect, it } from 'vitest';
import { heldBackInCi, TRIED_LABEL } from '../../../healer/heal/in-ci.ts';
import { reportError } from '../../../healer/incidents/report-error.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { type FailedRuns, failedRuns, runWebhook } from '../intake/github/failed-run.ts';
import { sampleBench } from '../sample-repository.ts';

const OUTPUT = "src/price.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.\n";

async function failedOnTopic(): Promise<{
  bench: Workbench;
  ci: FailedRuns;
  env: Record<string, string>;
  ask: () => Promise<string | undefined>;
  fingerprint: string;
}> {
  const ci = await failedRuns();
  const { bench } = await sampleBench({
    'src/price.ts': 'export const price = 1;\n',
    '.self-healing/config.yaml':
      'version: "1.0"\nsources: { github: { repository: acme/shop } }\nbudget: { max_prs_per_day: 2 }\n',
  });
  const { run } = ci.add({
    run: { head_branch: 'topic' },
    job: { head_branch: 'topic' },
    command: 'npx tsc --noEmit',
    output: OUTPUT,
  });
  const env = { ...ci.env, GITHUB_ACTIONS: 'true' };
  const { incident, fingerprint, event } = await reportError(bench, { text: runWebhook(run), source: 'github', env });
  // The webhook says only that a run failed; the log says what.
  expect(event).toMatchObject({
    file: 'src/price.ts',
    line: 3,
    labels: { branch: 'topic', failure_type: 'type_error' },
  });
  const record = await bench.incidents.get(incident);
  if (!record) throw new Error('The incident was not recorded');
  return { bench, ci, env, fingerprint, ask: () => heldBackInCi(bench, record, { env, signal: undefined }) };
}

it('lets the first attempt at a pull request go, and says that it was the first', async () => {
  const { ci, ask } = await failedOnTopic();
  const own = ci.github.addPull({ branch: 'topic' });
  const fork = ci.github.addPull({ branch: 'topic', from: 'mallory/shop' });
  expect(await ask()).toBeUndefined();
  expect([own.labels, fork.labels]).toEqual([[TRIED_LABEL], []]);
  expect(await ask()).toContain(`remove its label "${TRIED_LABEL}"`);
  own.labels = [];
  expect(await ask()).toBeUndefined();
});

it('starts nothing while a fix of the same failure is proposed, whoever opened it here', async () => {
  const { ci, ask, fingerprint } = await failedOnTopic();
  ci.github.addPull({ branch: `hotfix/auto-${fingerprint}`, from: 'mallory/shop' });
  expect(await ask()).toBeUndefined();
  const open = ci.github.addPull({ branch: `hotfix/auto-${fingerprint}-2` });
  expect(await ask()).toContain('is proposed already: https://github.com/acme/shop/pull/2');
  open.state = 'closed';
  expect(await ask()).toBeUndefined();
});

it('keeps to budget.max_prs_per_day over all runners', async () => {
  const { ci, ask } = await failedOnTopic();
  ci.github.addPull({ branch: 'hotfix/auto-00000000000000aa', state: 'closed' });
  expect(await ask()).toBeUndefined();
  const second = ci.github.addPull({ branch: 'hotfix/auto-00000000000000bb' });
  expect(await ask()).toBe('budget.max_prs_per_day (2) is used up');
  second.created_at = '2026-01-01T00:00:00Z';
  expect(await ask()).toBeUndefined();
});

it('says no when it cannot look, and says nothing outside of a workflow', async () => {
  const { bench, ci, env, ask } = await failedOnTopic();
  ci.github.fail('GET /pulls', { status: 403, times: 1 });
  expect(await ask()).toMatch(/cannot be looked up/);
  const [record] = await bench.incidents.list({});
  if (!record) throw new Error('There is no incident');
  const held = (given: Record<string, string>) => heldBackInCi(bench, record, { env: given, signal: undefined });
  expect(await held({ ...env, GITHUB_TOKEN: '', PATH: '' })).toContain('there is no token for GitHub');
  expect(await held({ ...env, GITHUB_ACTIONS: '' })).toBeUndefined();
});
