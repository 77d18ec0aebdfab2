import { expect, it } from 'vitest';
import { post, SECRETS, served } from '../serving.ts';
import { spoken } from '../slack/loopback.ts';
import { sourceContract } from '../source.contract.ts';
import { slackHeaders } from './slack-headers.ts';

let told = 0;
sourceContract({
  name: 'slack',
  variable: 'SLACK_SIGNING_SECRET',
  later: true,
  fresh: () => JSON.stringify(spoken('TypeError: marker-of-the-body is gone', { user: `U${++told}` })),
  strange: '{"type":"event_callback","event":{"type":7}}',
  sign: slackHeaders,
});

it('answers the challenge, refuses an old signature, and takes a repetition for what it is', async () => {
  const serving = await served();
  const send = (body: string, headers = slackHeaders(body, SECRETS.SLACK_SIGNING_SECRET)) =>
    post(serving, '/intake/slack', body, headers);
  expect(await send('{"type":"url_verification","token":"x","challenge":"abc"}')).toMatchObject({
    status: 200,
    body: { challenge: 'abc' },
  });
  const body = JSON.stringify(spoken('TypeError: x is gone'));
  const minutesAgo = (minutes: number) =>
    slackHeaders(body, SECRETS.SLACK_SIGNING_SECRET, Math.floor(Date.now() / 1000) - minutes * 60);
  expect(await send(body, minutesAgo(6))).toMatchObject({ status: 401 });
  expect(await send(body, minutesAgo(4))).toMatchObject({ status: 202, body: { errands: 1 } });
  const again = { ...slackHeaders(body, SECRETS.SLACK_SIGNING_SECRET), 'x-slack-retry-num': '1' };
  expect(await send(body, again)).toMatchObject({ status: 202, body: { errands: 0, duplicate: true } });
});

it('bounds what one person may say', async () => {
  const serving = await served();
  const answers: unknown[] = [];
  for (let i = 0; i < 12; i++) {
    const body = JSON.stringify(spoken('hello', { user: 'U-loud' }));
    answers.push(
      (await post(serving, '/intake/slack', body, slackHeaders(body, SECRETS.SLACK_SIGNING_SECRET))).body.errands,
    );
  }
  expect(answers).toEqual([...Array(10).fill(1), 0, 0]);
});
