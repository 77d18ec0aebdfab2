import { expect, it, vi } from 'vitest';
import { SECRETS, served } from '../serving.ts';
import { loopbackSlack, spoken } from './loopback.ts';

const soon = { timeout: 20_000, interval: 20 };

it('takes what comes over the socket, acknowledges it when it is on disk, and connects again', async () => {
  const slack = await loopbackSlack();
  const to = await served({ env: { ...SECRETS, ...slack.env, SLACK_APP_TOKEN: 'xapp-loopback' } });
  expect(to.ready).toContain('slack');
  await vi.waitFor(() => expect(slack.connections).toBe(1), soon);
  await vi.waitFor(() => expect(to.logged).toContainEqual({ event: 'slack_socket', connected: true }), soon);
  await slack.send('events_api', spoken('TypeError: cart is gone'));
  expect(to.bench.db.get('SELECT count(*) AS n FROM errands')).toEqual({ n: 1 });
  await vi.waitFor(() => expect(slack.said()).toHaveLength(1), soon);

  slack.disconnect();
  await vi.waitFor(() => expect(slack.connections).toBe(2), soon);
  await slack.send('events_api', { type: 'nonsense', event: { type: 'nonsense' } });
  await slack.send('interactive', {
    type: 'message_action',
    channel: { id: 'C0SHOP' },
    user: { id: 'U1' },
    message: { ts: '1699999999.000009', text: 'RangeError: price is out of range' },
  });
  await vi.waitFor(() => expect(slack.said()).toHaveLength(2), soon);
  expect(await to.bench.incidents.list()).toHaveLength(2);
  await to.close();
  expect(JSON.stringify(to.logged)).not.toMatch(/xapp-|xoxb-|cart is gone/);
});

it('waits and tries again where Slack cannot be reached, and ends at once', async () => {
  const slack = await loopbackSlack();
  slack.failures.push(
    { method: 'apps.connections.open', status: 500 },
    { method: 'apps.connections.open', error: 'invalid_auth' },
  );
  const to = await served({ env: { ...SECRETS, ...slack.env, SLACK_APP_TOKEN: 'xapp-loopback' } });
  await vi.waitFor(() => expect(slack.connections).toBe(1), soon);
  await to.close();
  expect(to.logged.filter(({ event }) => event === 'slack_socket').map(({ again_in_ms }) => again_in_ms)).toEqual([
    1000,
    2000,
    undefined,
  ]);
});
