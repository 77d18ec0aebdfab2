import { expect, it, vi } from 'vitest';
import { failedRuns } from '../github/failed-run.ts';
import { post, SECRETS, type Served, SLOW, served } from '../serving.ts';
import { slackHeaders } from '../sources/slack-headers.ts';
import { BOT, type LoopbackSlack, loopbackSlack, spoken } from './loopback.ts';

const STACK =
  "TypeError: Cannot read properties of undefined (reading 'price')\n    at price (/srv/shop/src/price.js:1:14)";

async function together(options: Parameters<typeof served>[0] = {}): Promise<{ slack: LoopbackSlack; to: Served }> {
  const slack = await loopbackSlack();
  return { slack, to: await served({ ...options, env: { ...SECRETS, ...slack.env, ...options.env } }) };
}

async function tell(to: Served, body: Record<string, unknown>) {
  const text = JSON.stringify(body);
  return post(to, '/intake/slack', text, slackHeaders(text, SECRETS.SLACK_SIGNING_SECRET));
}

async function idle({ bench }: Served) {
  await vi.waitFor(
    () => expect(bench.db.get<{ n: number }>('SELECT count(*) AS n FROM errands WHERE done_at_ms IS NULL')?.n).toBe(0),
    { timeout: 20_000, interval: 20 },
  );
  return bench.incidents.list();
}

it('records a pasted stack as a person gives it, answers in the thread, and keeps the answer up to date', async () => {
  const { slack, to } = await together();
  const body = spoken(`look at this: \`\`\`${STACK}\`\`\` <https://errors.example.com/7|issue>`);
  expect(await tell(to, body)).toMatchObject({ status: 202, body: { errands: 1 } });
  const [incident] = await idle(to);
  expect(incident).toMatchObject({ source: 'slack', status: 'queued', files: ['src/price.js'] });
  expect(incident?.event).toMatchObject({ line: 1, url: 'https://errors.example.com/7', trigger: 'manual' });
  const { ts, channel } = body.event as { ts: string; channel: string };
  expect(slack.said()).toMatchObject([
    { channel, thread_ts: ts, text: expect.stringMatching(/INC-\w{16}\* is queued[\s\S]*src\/price\.js/) },
  ]);

  const id = incident?.incident ?? '';
  const { repository } = to.bench;
  await to.close();
  // Another process takes it on while nobody serves.
  const again = await served({ env: { ...SECRETS, ...slack.env }, repository });
  await again.bench.incidents.transition({ incident: id, to: 'healing', who: 'test', why: '' });
  await vi.waitFor(() => expect(slack.said()[0]?.text).toContain('being fixed'), { timeout: 20_000, interval: 20 });
  expect(slack.said()).toHaveLength(1);
});

it('knows a mention that is also told as a message, and its own words', async () => {
  const { slack, to } = await together();
  const body = spoken(STACK);
  const event = body.event as Record<string, unknown>;
  await tell(to, body);
  await tell(to, { ...body, event_id: 'Ev-other', event: { ...event, type: 'message', channel_type: 'channel' } });
  for (const change of [
    { user: BOT },
    { bot_id: 'B1' },
    { subtype: 'message_changed' },
    { type: 'message', text: STACK, channel_type: 'channel' },
  ])
    expect(await tell(to, spoken(STACK, change))).toMatchObject({ status: 202, body: { errands: 0 } });
  expect(await idle(to)).toMatchObject([{ count: 1 }]);
  expect(slack.said()).toHaveLength(1);
});

it('starts nothing from talk, and says once how to speak to it', async () => {
  const { slack, to } = await together();
  for (const talk of ['thanks!', 'did you see the error we had yesterday? :joy:', 'https://example.com'])
    await tell(to, spoken(talk));
  expect(await idle(to)).toEqual([]);
  expect(slack.said()).toMatchObject([{ text: expect.stringContaining('begin with `report`') }]);
  await tell(to, spoken('report: checkout charges customers twice when they click twice'));
  expect(await idle(to)).toMatchObject([{ error: 'checkout charges customers twice when they click twice' }]);
});

it('reads the thread that it is called into, a message that it is given the link of, and one that is forwarded', async () => {
  const { slack, to } = await together();
  const root = { channel: 'C0SHOP', ts: '1699999999.000001', thread_ts: '1699999999.000001', user: 'U7', text: STACK };
  slack.messages.push(root);
  await tell(to, spoken('can you look at this?', { thread_ts: root.ts }));
  expect(await idle(to)).toMatchObject([{ files: ['src/price.js'], count: 1 }]);
  expect(slack.said()[0]?.thread_ts).toBe(root.ts);
  await tell(to, spoken('and <https://acme.slack.com/archives/C0SHOP/p1699999999000001>'));
  expect(await idle(to)).toMatchObject([{ count: 2 }]);
  await tell(to, spoken('', { attachments: [{ is_share: true, text: `\`\`\`${STACK}\`\`\`` }] }));
  expect(await idle(to)).toMatchObject([{ count: 3 }]);
  const shortcut = {
    type: 'message_action',
    channel: { id: 'C0SHOP' },
    user: { id: 'U1' },
    message: { ...root, ts: '1699999999.000002', thread_ts: undefined },
  };
  const form = `payload=${encodeURIComponent(JSON.stringify(shortcut))}`;
  expect(await post(to, '/intake/slack', form, slackHeaders(form, SECRETS.SLACK_SIGNING_SECRET))).toMatchObject({
    status: 202,
  });
  expect(await idle(to)).toMatchObject([{ count: 4 }]);
});

it('reads the whole of an attached text, from Slack and nowhere else', async () => {
  const { slack, to } = await together();
  slack.snippets['/files/stack.txt'] = `${'words\n'.repeat(2000)}${STACK}`;
  const file = (url_private: string) => ({ files: [{ mimetype: 'text/plain', preview: 'words', url_private }] });
  const origin = new URL(slack.env.SLACK_API_URL ?? '').origin;
  const elsewhere = await loopbackSlack();
  elsewhere.snippets['/files/stack.txt'] = STACK;
  await tell(to, spoken('', file(`${new URL(elsewhere.env.SLACK_API_URL ?? '').origin}/files/stack.txt`)));
  expect(await idle(to)).toEqual([]);
  expect(elsewhere.calls).toEqual([]);
  await tell(to, spoken('', file(`${origin}/files/stack.txt`)));
  expect(await idle(to)).toMatchObject([{ files: ['src/price.js'] }]);
});

it('reads no private channel for somebody who writes from another', async () => {
  const { slack, to } = await together();
  for (const channel of ['C0PRIVATE', 'C0OPEN'])
    slack.messages.push({ channel, ts: '1699999999.000001', thread_ts: '1699999999.000001', user: 'U7', text: STACK });
  await tell(to, spoken('<https://acme.slack.com/archives/C0PRIVATE/p1699999999000001>'));
  expect(await idle(to)).toEqual([]);
  await tell(to, spoken('<https://acme.slack.com/archives/C0OPEN/p1699999999000001>'));
  expect(await idle(to)).toHaveLength(1);
});

it('reads the log of a failed run that it is given the link of', async () => {
  const runs = await failedRuns();
  const { slack, to } = await together({ env: runs.env });
  const { job } = runs.add({ output: 'src/price.js(3,5): error TS2322: No.' });
  await tell(to, spoken(`<${job.html_url}|this one>`));
  expect(await idle(to)).toMatchObject([{ source: 'github', error: 'TS2322: No.' }]);
  expect(slack.said()).toMatchObject([{ text: expect.stringContaining('I read the log') }]);
  await tell(to, spoken('https://github.com/acme/other/actions/runs/1'));
  await idle(to);
  expect(slack.said()[1]?.text).toContain('I leave that run alone');
});

it('tries again where Slack does not answer, and never answers twice', async () => {
  let clock = Date.now();
  const { slack, to } = await together({ now: () => new Date(clock) });
  // Slack did it, and its answer was lost.
  slack.failures.push({ method: 'chat.postMessage', status: 503, after: true });
  await tell(to, spoken(STACK));
  await vi.waitFor(() => expect(to.bench.db.get('SELECT tries FROM errands')).toEqual({ tries: 1 }), {
    timeout: 20_000,
  });
  expect(await to.bench.incidents.list()).toMatchObject([{ status: 'queued', count: 1 }]);
  clock += 60_000;
  expect(await idle(to)).toMatchObject([{ count: 1 }]);
  expect(slack.said()).toHaveLength(1);
});

it('keeps its messages while its token is wrong, and gives up those that were deleted', async () => {
  let clock = Date.now();
  const { slack, to } = await together({ now: () => new Date(clock) });
  await tell(to, spoken(STACK));
  const [incident] = await idle(to);
  const move = (status: 'healing' | 'escalated') =>
    to.bench.incidents.transition({ incident: incident?.incident ?? '', to: status, who: 'test', why: '' });
  const kept = () => to.bench.db.get<{ tries: number }>('SELECT tries FROM messages')?.tries;
  slack.failures.push({ method: 'chat.update', error: 'token_revoked' });
  await move('healing');
  await vi.waitFor(() => expect(kept()).toBe(1), { timeout: 20_000, interval: 20 });
  clock += 60_000;
  await vi.waitFor(() => expect(slack.said()[0]?.text).toContain('being fixed'), { timeout: 20_000, interval: 20 });
  slack.messages.length = 0;
  await move('escalated');
  await vi.waitFor(() => expect(kept()).toBe(undefined), { timeout: 20_000, interval: 20 });
});

it('records in a dry run, and says nothing', async () => {
  const { slack, to } = await together({ dryRun: true, config: `${SLOW}approval: { start: ask }\n` });
  await tell(to, spoken(STACK));
  expect(await idle(to)).toMatchObject([{ status: 'awaiting_start' }]);
  expect(slack.said()).toEqual([]);
  expect(to.bench.db.get('SELECT why FROM errands')).toEqual({ why: 'not answered: a dry run' });
});

it('lets no error mention anybody', async () => {
  const { slack, to } = await together();
  await tell(to, spoken('TypeError: &lt;!channel&gt; `x` &lt;https://evil.example|click&gt; is gone'));
  await idle(to);
  expect(slack.said()[0]?.text).toContain('&lt;!channel&gt;');
  expect(slack.said()[0]?.text).not.toMatch(/<!|<http/);
});

it('records without a bot token, and says that it did not answer', async () => {
  const to = await served();
  await tell(to, spoken(STACK));
  expect(await idle(to)).toHaveLength(1);
  expect(to.bench.db.get('SELECT why FROM errands')).toEqual({ why: 'not answered: SLACK_BOT_TOKEN is not set' });
});
