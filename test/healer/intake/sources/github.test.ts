import { expect, it } from 'vitest';
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
