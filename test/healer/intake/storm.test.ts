/** What comes over many connections at once is accepted first and counted a moment later. */
import { expect, it } from 'vitest';
import { openSettings } from '../../../healer/intake/settings.ts';
import { settleDue } from '../../../healer/intake/settler.ts';
import { post, SECRETS, type Served, served } from './serving.ts';
import { bearerHeaders } from './sources/bearer-headers.ts';

const CONFIG = 'version: "1.0"\nintake: { settle: 1h, settle_max: 1h, min_severity: high, high_count: 30 }\n';
const AT_ONCE = 24;

function send(serving: Served, body: object, key?: string) {
  const text = JSON.stringify(body);
  const headers = { ...bearerHeaders(text, SECRETS.GENERIC_TOKEN), ...(key && { 'idempotency-key': key }) };
  return post(serving, '/intake/generic', text, headers);
}

const storm = (serving: Served, keys: (at: number) => string | undefined) =>
  Promise.all(
    Array.from({ length: AT_ONCE }, (_, at) => send(serving, { message: `no price for order ${at}` }, keys(at))),
  );

it('is answered for as ever, told once, and known when it is told again', async () => {
  const serving = await served({ config: CONFIG });
  const first = await storm(serving, (at) => `key-${at % 20}`);
  expect(first.map(({ status }) => status)).toEqual(first.map(() => 202));
  expect(first.filter(({ body }) => body.duplicate)).toHaveLength(AT_ONCE - 20);
  const { incidents } = serving.bench;
  const [record] = await incidents.list();
  expect(record).toMatchObject({ count: 20, status: 'settling' });
  for (const { body } of first)
    if (!body.duplicate) expect(body).toMatchObject({ events: 1, incidents: [record?.incident], left_out: [] });
  const again = await storm(serving, (at) => `key-${at % 20}`);
  expect(again.every(({ body }) => body.duplicate === true && body.events === 0)).toBe(true);
  const health = await fetch(`${serving.url}/healthz`).then((answer) => answer.json());
  expect(health).toMatchObject({ queue: { settling: 1 } });
  expect((await incidents.list()).map(({ count }) => count)).toEqual([20]);
});

it('makes an incident graver that was left alone before', async () => {
  const serving = await served({ config: CONFIG });
  const { bench } = serving;
  const first = await send(serving, { message: 'no price for order 1' });
  const [incident = ''] = first.body.incidents as string[];
  await bench.incidents.transition({ incident, to: 'ignored', who: 'test', why: 'too few' });
  await storm(serving, () => undefined);
  await storm(serving, () => undefined);
  const settings = await openSettings(bench, () => {});
  await settleDue({ bench, settings }, () => {});
  expect(await bench.incidents.get(incident)).toMatchObject({ count: 1 + 2 * AT_ONCE, severity: 'high' });
  expect((await bench.incidents.transitions(incident)).map(({ to }) => to)).toEqual(
    expect.arrayContaining(['ignored', 'detected']),
  );
});
