import { expect, it } from 'vitest';
import { normalize } from '../../../events/normalize.ts';
import { relayDelivery } from '../../../events/sources/relay.ts';

const now = new Date('2026-12-01T00:00:00Z');
const LOG = `2026-11-20T10:00:00.000Z ERROR [shop] order failed
TypeError: Cannot read properties of undefined (reading 'cents')
    at price (/srv/shop/src/price.js:1:30)
2026-11-20T10:00:05.000Z ERROR [shop] order failed
TypeError: Cannot read properties of undefined (reading 'cents')
    at price (/srv/shop/src/price.js:1:30)
`;

it('brings what a watcher has read, mapped to the repository that only the fixer has', () => {
  const there = normalize('log', LOG, { now: new Date('2026-11-20T10:00:06Z'), service: 'shop' });
  const body = JSON.stringify({ id: 'd-1', events: there });
  const here = normalize('relay', body, { now, strip: ['/srv/shop'] });
  const direct = normalize('log', LOG, { now, strip: ['/srv/shop'], service: 'shop' });
  expect(here).toEqual(direct.map((event, at) => ({ ...event, id: there[at]?.id })));
  expect(here[0]).toMatchObject({ source: 'log', file: 'src/price.js', count: 2, received_at: now.toISOString() });
  expect(relayDelivery(body)).toBe('d-1');
  expect(relayDelivery('no json')).toBeUndefined();
});

it('keeps what the watcher judged, and redacts what it forgot', () => {
  const [event] = normalize('log', 'ERROR cart is gone', { now });
  const told = {
    ...event,
    severity: 'high',
    count: 40,
    message: 'cart of ann@shop.io is gone',
    actionable: false,
    reason: 'known',
  };
  expect(normalize('relay', JSON.stringify({ id: 'd', events: [told] }), { now })).toMatchObject([
    { severity: 'high', count: 40, message: 'cart of [email] is gone', actionable: false, reason: 'known' },
  ]);
});
