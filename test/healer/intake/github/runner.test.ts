import { expect, it, vi } from 'vitest';
import { post, SECRETS, type Served, type ServedOptions, served } from '../serving.ts';
import { githubHeaders } from '../sources/github-headers.ts';
import { type FailedRuns, failedRuns, jobWebhook, runWebhook } from './failed-run.ts';

const TSC = "src/price.js(3,5): error TS2322: Type 'string' is not assignable to type 'number'.";

async function serving(runs: Pick<FailedRuns, 'env'>, options: ServedOptions = {}): Promise<Served> {
  return served({ ...options, env: { ...SECRETS, ...runs.env } });
}

function tell(to: Served, event: 'workflow_job' | 'workflow_run' | 'check_run', body: string) {
  return post(to, '/intake/github', body, githubHeaders(event)(body, SECRETS.GITHUB_WEBHOOK_SECRET));
}

/** When nothing waits any more. */
async function idle({ bench }: Served) {
  await vi.waitFor(
    () => expect(bench.db.get<{ n: number }>('SELECT count(*) AS n FROM errands WHERE done_at_ms IS NULL')?.n).toBe(0),
    { timeout: 20_000, interval: 20 },
  );
  return bench.incidents.list();
}

it('reads the log of the failed step, without its token and without what other steps wrote', async () => {
  const runs = await failedRuns();
  const to = await serving(runs);
  const { job } = runs.add({
    command: 'npm run types',
    output: `${TSC}\nsrc/price.js(9,1): error TS2304: Cannot find name 'x'.\nmail ann@shop.io, password=hunter22-secret`,
  });
  expect(await tell(to, 'workflow_job', jobWebhook(job))).toMatchObject({
    status: 202,
    body: { errands: 1, incidents: [] },
  });
  const [incident, ...others] = await idle(to);
  expect(others).toEqual([]);
  expect(incident).toMatchObject({ source: 'github', severity: 'high', status: 'settling', files: ['src/price.js'] });
  expect(incident?.event).toMatchObject({
    type: 'TS2322',
    file: 'src/price.js',
    line: 3,
    column: 5,
    release: job.head_sha,
    url: job.html_url,
    labels: { failure_type: 'type_error', workflow: 'CI', job: 'test', step: 'Run npm run types', branch: 'main' },
    annotations: { others: '1 more in the same step' },
  });
  expect(JSON.stringify(incident?.event)).not.toMatch(
    /2026-11-20T10:00:10\.1|##\[|of the past|not this one|key-of-the-log|ann@shop|hunter22/,
  );
  expect(runs.store.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  expect(JSON.stringify(to.logged)).not.toMatch(/loopback-token|key-of-the-log/);
});

it('knows a job that is told as run, job and check for one', async () => {
  const runs = await failedRuns();
  const to = await serving(runs);
  const { run, job } = runs.add({ output: TSC });
  const check = {
    action: 'completed',
    check_run: {
      id: job.id,
      name: job.name,
      head_sha: job.head_sha,
      conclusion: 'failure',
      details_url: job.html_url,
      app: { slug: 'github-actions', name: 'GitHub Actions' },
      check_suite: { head_branch: 'main' },
    },
    repository: { full_name: 'acme/shop', default_branch: 'main' },
  };
  await tell(to, 'check_run', JSON.stringify(check));
  await tell(to, 'workflow_run', runWebhook(run));
  expect(await tell(to, 'workflow_job', jobWebhook(job))).toMatchObject({ body: { duplicate: true } });
  expect(await idle(to)).toMatchObject([{ count: 1, error: expect.stringContaining('TS2322') }]);
  expect(runs.github.count('GET /actions/jobs/{job_id}/logs')).toBe(1);
});

it('starts nothing from a cancelled run, our own branch, a bot, a fork, another repository or workflow', async () => {
  const runs = await failedRuns();
  const to = await serving(runs, {
    config: 'version: "1.0"\nsources: { github: { repository: acme/shop, workflows: [CI] } }\n',
  });
  const webhook = (run: object) => runWebhook(runs.add({ run }).run);
  for (const [run, why] of [
    [{ conclusion: 'cancelled' }, 'was cancelled'],
    [{ conclusion: 'success' }, 'did not fail'],
    [{ head_branch: 'hotfix/auto-1a2b3c4d5e6f7890' }, 'our own'],
    [{ actor: { login: 'dependabot[bot]', type: 'Bot' } }, 'a bot'],
    [{ head_repository: { full_name: 'mallory/shop' } }, 'a fork'],
    [{ name: 'Nightly' }, 'sources.github.workflows'],
  ] as const) {
    const { status, body } = await tell(to, 'workflow_run', webhook(run));
    expect([status, body.errands, String(body.left_out)]).toEqual([202, 0, expect.stringContaining(why)]);
  }
  const other = JSON.stringify({ ...JSON.parse(jobWebhook(runs.add().job)), repository: { full_name: 'acme/other' } });
  expect((await tell(to, 'workflow_job', other)).body).toMatchObject({
    left_out: ['sources.github.repository is acme/shop'],
  });
  // A job does not say whose run it is part of: it is asked.
  for (const run of [
    { head_repository: { full_name: 'mallory/shop' } },
    { actor: { login: 'x[bot]', type: 'Bot' } },
    { name: 'Nightly' },
  ])
    expect((await tell(to, 'workflow_job', jobWebhook(runs.add({ run, output: TSC, job: {} }).job))).status).toBe(202);
  expect(await idle(to)).toEqual([]);
  expect(runs.store.requests).toEqual([]);
});

it('keeps the event and says why where there is no token, no permission or no log', async () => {
  const runs = await failedRuns();
  const without = await serving({ env: { GITHUB_API_URL: runs.github.apiUrl } });
  const { run, job } = runs.add({ output: TSC });
  await tell(without, 'workflow_job', jobWebhook(job));
  await tell(without, 'workflow_run', runWebhook(run));
  expect(await idle(without)).toMatchObject([
    {
      error: 'CIFailure: CI / test: the step "Run npm test" failed',
      event: { actionable: true, annotations: { log: expect.stringContaining('there is no token for GitHub') } },
    },
  ]);
  const gone = await serving(runs);
  delete runs.github.state.ci.logs[job.id];
  await tell(gone, 'workflow_job', jobWebhook(job));
  expect(await idle(gone)).toMatchObject([{ event: { annotations: { log: expect.stringContaining('Not Found') } } }]);
});

it('tries again later, also after a restart, and gives up in the end without losing the error', async () => {
  let clock = Date.parse('2026-11-20T10:01:00Z');
  const runs = await failedRuns();
  const to = await serving(runs, { now: () => new Date(clock) });
  runs.store.failures.push(...Array<number>(8).fill(503));
  const { job } = runs.add({ output: TSC });
  await tell(to, 'workflow_job', jobWebhook(job));
  const tries = () => to.bench.db.get<{ tries: number }>('SELECT tries FROM errands')?.tries;
  for (let tried = 1; tried < 8; tried++) {
    await vi.waitFor(() => expect(tries()).toBe(tried), { timeout: 20_000, interval: 20 });
    expect(await to.bench.incidents.list()).toEqual([]);
    clock += 3_600_000;
  }
  expect(await idle(to)).toMatchObject([{ event: { annotations: { log: expect.stringContaining('answered 503') } } }]);
});

it('is taken up by the next start when it is cut off', async () => {
  const runs = await failedRuns();
  const { job } = runs.add({ output: TSC });
  let began = () => {};
  const fetching = new Promise<void>((resolve) => (began = resolve));
  runs.store.hold = () => {
    began();
    return new Promise(() => {});
  };
  const first = await serving(runs);
  await tell(first, 'workflow_job', jobWebhook(job));
  await fetching;
  const { repository } = first.bench;
  await first.close();
  expect(await first.bench.incidents.list()).toEqual([]);
  runs.store.hold = undefined;
  const second = await served({ env: { ...SECRETS, ...runs.env }, repository });
  expect(await idle(second)).toMatchObject([{ error: expect.stringContaining('TS2322') }]);
});

it('reads the annotations of other checks', async () => {
  const runs = await failedRuns();
  const to = await serving(runs);
  runs.github.state.ci.annotations['77'] = [
    { path: 'src/price.js', start_line: 1, annotation_level: 'failure', title: 'no-var', message: 'Unexpected var' },
  ];
  const check = {
    action: 'completed',
    check_run: {
      id: 77,
      name: 'lint',
      head_sha: 'abc',
      conclusion: 'failure',
      app: { slug: 'ci-elsewhere', name: 'CI elsewhere' },
      check_suite: { head_branch: 'feature' },
      output: { title: '1 problem', summary: 'Unexpected var' },
    },
    repository: { full_name: 'acme/shop', default_branch: 'main' },
  };
  await tell(to, 'check_run', JSON.stringify(check));
  expect(await idle(to)).toMatchObject([
    {
      severity: 'medium',
      event: { type: 'no-var', file: 'src/price.js', line: 1, labels: { failure_type: 'lint_error' } },
    },
  ]);
});
