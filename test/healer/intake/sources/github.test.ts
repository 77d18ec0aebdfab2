import { expect, it, vi } from 'vitest';
import { deploymentsSince } from '../../../../store/deployments.ts';
import { post, SECRETS, served } from '../serving.ts';
import { sourceContract } from '../source.contract.ts';
import { githubHeaders } from './github-headers.ts';

let told = 0;
sourceContract({
  name: 'github',
  variable: 'GITHUB_WEBHOOK_SECRET',
  later: true,
  fresh: () =>
    JSON.stringify({
      action: 'completed',
      workflow_job: {
        id: 1000 + ++told,
        run_id: 7,
        name: 'marker-of-the-body',
        head_branch: 'main',
        head_sha: '3484a3fb816e0859fd6e1cea078d76385ff50625',
        conclusion: 'failure',
        steps: [{ name: 'Run npm test', conclusion: 'failure' }],
      },
      repository: { full_name: 'acme/shop', default_branch: 'main' },
    }),
  strange: '{"action":"completed","workflow_job":{"id":"one"}}',
  sign: githubHeaders('workflow_job'),
});

it('answers a ping, and takes no notice of other webhooks', async () => {
  const serving = await served();
  const send = (event: string, body: string) =>
    post(serving, '/intake/github', body, githubHeaders(event)(body, SECRETS.GITHUB_WEBHOOK_SECRET));
  expect(await send('ping', '{"zen":"Keep it logically awesome."}')).toMatchObject({
    status: 200,
    body: { answer: 'pong' },
  });
  expect(await send('push', '{"ref":"refs/heads/main"}')).toMatchObject({
    status: 202,
    body: { events: 0, errands: 0 },
  });
  expect(await send('push', 'no json')).toMatchObject({ status: 422 });
});

it('keeps deploys that went well and are meant to stay, each once', async () => {
  const serving = await served();
  const commit = '3484a3fb816e0859fd6e1cea078d76385ff50625';
  const told = (id: number, status: object = {}, deployment: object = {}, full_name = 'acme/shop') =>
    JSON.stringify({
      action: 'created',
      deployment_status: {
        id,
        state: 'success',
        environment: 'production',
        updated_at: '2026-11-20T12:00:00Z',
        ...status,
      },
      deployment: { sha: commit, environment: 'production', production_environment: true, ...deployment },
      repository: { full_name },
    });
  const send = (body: string) =>
    post(serving, '/intake/github', body, githubHeaders('deployment_status')(body, SECRETS.GITHUB_WEBHOOK_SECRET));
  expect(await send(told(1))).toMatchObject({ status: 202, body: { events: 0, errands: 1 } });
  expect(await send(told(1))).toMatchObject({ status: 202, body: { errands: 0 } });
  expect(await send(told(2, { state: 'in_progress' }))).toMatchObject({ status: 202, body: { errands: 0 } });
  expect(await send(told(3, {}, { transient_environment: true }))).toMatchObject({ body: { errands: 0 } });
  expect(await send(told(4, {}, {}, 'somebody/else'))).toMatchObject({
    body: { errands: 0, left_out: ['sources.github.repository is acme/shop'] },
  });
  expect(await send(told(5, {}, { sha: '$(reboot)' }))).toMatchObject({ status: 422 });
  await vi.waitFor(() => expect(serving.bench.db.all('SELECT * FROM deployments')).toHaveLength(1), {
    timeout: 20_000,
  });
  expect(deploymentsSince(serving.bench.db, '2026-11-20')).toEqual([
    {
      id: 'deployment acme/shop 1',
      commit,
      environment: 'production',
      production: true,
      at: '2026-11-20T12:00:00.000Z',
    },
  ]);
});
