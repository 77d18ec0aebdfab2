import { describe, expect, it } from 'vitest';
import { type Seen, suspectOf } from '../../../healer/intake/suspect.ts';

const MINUTES = 60_000;
type Changes = Partial<Omit<Seen, 'event'>> & { event?: Partial<Seen['event']> };

const seen = (incident: string, { event, ...changes }: Changes = {}): Seen => ({
  incident,
  round: 1,
  status: 'settling',
  severity: 'medium',
  service: 'shop',
  first_seen: '2026-11-20T10:00:00Z',
  last_seen: '2026-11-20T10:01:00Z',
  ...changes,
  event: { type: 'TypeError', message: 'x is not a function', source: 'log', trigger: undefined, frames: [], ...event },
});
const alert = (changes: Changes = {}) =>
  seen('INC-alert', {
    ...changes,
    event: { type: 'HighErrorRate', message: 'too much', source: 'alertmanager', trigger: 'alert', ...changes.event },
  });
const frame = { file: 'src/price.js', line: 1, function: 'priceOf', in_app: true };
const refused = (incident: string, at: string, changes: Changes = {}) =>
  seen(incident, { ...changes, event: { type: 'Error', message: `connect ECONNREFUSED ${at}`, ...changes.event } });
const rootOf = (one: Seen, ...others: Seen[]) => {
  const suspect = suspectOf(one, others, 5 * MINUTES);
  return suspect && [suspect.kind, suspect.root];
};

describe('an alert about errors of a service', () => {
  it('is explained by the gravest error of that service', () => {
    const errors = [seen('INC-a'), seen('INC-b', { severity: 'critical' }), seen('INC-c', { service: 'pay' })];
    expect(rootOf(alert(), ...errors)).toEqual(['alert', 'INC-b']);
    expect(suspectOf(alert(), errors, MINUTES)?.why).toContain('"shop"');
  });

  it.each([
    ['no error of that service', alert({ service: 'other' })],
    ['no service', alert({ service: null })],
    ['something else than errors', alert({ event: { type: 'DiskAlmostFull', message: '91 % of /srv are used' } })],
    ['another time', alert({ last_seen: '2026-11-20T10:06:01Z' })],
  ])('is explained by nothing where it is about %s', (_name, one) => {
    expect(rootOf(one, seen('INC-a'))).toBeUndefined();
  });

  it('explains nothing itself', () => {
    expect(rootOf(seen('INC-a'), alert())).toBeUndefined();
    expect(rootOf(alert(), { ...alert(), incident: 'INC-other-alert' })).toBeUndefined();
  });
});

describe('the same error from two sources', () => {
  const sentry = seen('INC-sentry', {
    event: { source: 'sentry', frames: [frame] },
    first_seen: '2026-11-20T10:00:30Z',
  });
  const log = seen('INC-log');

  it('is fixed from the one that has the place', () => {
    expect(rootOf(log, sentry)).toEqual(['same_error', 'INC-sentry']);
    expect(rootOf(sentry, log)).toBeUndefined();
  });

  it('is one by its place, whatever numbers and names the message has', () => {
    const other = seen('INC-other', { event: { frames: [frame], message: 'fn is not a function' } });
    expect(rootOf(sentry, other)).toEqual(['same_error', 'INC-other']);
    expect(rootOf(other, sentry)).toBeUndefined();
  });

  it.each([
    ['of one source', seen('INC-2', { event: { message: 'x is not a function' } })],
    ['of two services', seen('INC-2', { service: 'pay', event: { source: 'sentry' } })],
    ['of other words', seen('INC-2', { event: { source: 'sentry', message: 'y is no function' } })],
  ])('is two %s', (_name, other) => {
    expect([rootOf(log, other), rootOf(other, log)]).toEqual([undefined, undefined]);
  });
});

describe('what could not be reached', () => {
  const shop = refused('INC-shop', 'db.internal:5432');
  const later = { first_seen: '2026-11-20T10:00:05Z' };

  it('is one outage over several services, and the first is suspected', () => {
    const pay = refused('INC-pay', 'db.internal:5432', { ...later, service: 'pay' });
    const mail = seen('INC-mail', {
      ...later,
      service: 'mail',
      event: { type: 'Error', message: 'getaddrinfo ENOTFOUND db.internal' },
    });
    expect(rootOf(pay, shop, mail)).toEqual(['cause', 'INC-shop']);
    expect(rootOf(mail, shop, pay)).toEqual(['cause', 'INC-shop']);
    expect(rootOf(shop, pay, mail)).toBeUndefined();
    expect(suspectOf(pay, [shop], MINUTES)?.why).toBe(
      'both could not reach db.internal:5432, in "pay" and in "shop", and the other one came first',
    );
  });

  it('is suspected where somebody works on it already, though it came later', () => {
    const pay = refused('INC-pay', 'db.internal:5432', { ...later, service: 'pay', status: 'healing' });
    expect(rootOf(shop, pay)).toEqual(['cause', 'INC-pay']);
  });

  it('leads to the service behind it, when that has an error of its own', () => {
    const orders = seen('INC-orders', { ...later, service: 'orders' });
    expect(rootOf(refused('INC-1', 'orders.prod.internal:8080'), orders)).toEqual(['upstream', 'INC-orders']);
    expect(rootOf(refused('INC-1', 'orders:8080', { service: 'orders' }), orders)).toBeUndefined();
  });

  it('is nothing in common when it is another host, another port or another time', () => {
    for (const other of [
      refused('INC-2', 'cache.internal:6379'),
      refused('INC-2', 'db.internal:5433'),
      refused('INC-2', 'db.internal:5432', { last_seen: '2026-11-20T09:50:00Z' }),
    ])
      expect([rootOf(shop, other), rootOf(other, shop)]).toEqual([undefined, undefined]);
  });
});
