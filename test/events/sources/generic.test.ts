import { describe, expect, it } from 'vitest';
import { normalize } from '../../../events/normalize.ts';

const options = { now: new Date('2026-12-01T00:00:00Z'), strip: ['/srv/shop'] };
const read = (body: unknown, more = {}) => normalize('generic', JSON.stringify(body), { ...options, ...more });

describe('an error in the generic format', () => {
  it('needs a message, and carries what is told', () => {
    const stack = 'TypeError: x is not a function\n    at price (/srv/shop/src/price.js:3:7)';
    const [event] = read({
      message: 'x is not a function',
      stack,
      service: 'shop',
      environment: 'production',
      release: '1.2.3',
      severity: 'high',
      count: 7,
      time: '2026-11-20T12:00:00+02:00',
      labels: { shard: 3 },
      url: 'https://errors.example.com/1?token=abcdefgh12345678',
      affected_users: 2,
      breadcrumbs: ['GET /cart', 'mail of ann@shop.io'],
    });
    expect(event).toMatchObject({
      source: 'generic',
      actionable: true,
      type: 'TypeError',
      file: 'src/price.js',
      line: 3,
      column: 7,
      service: 'shop',
      environment: 'production',
      release: '1.2.3',
      severity: 'high',
      count: 7,
      first_seen: '2026-11-20T10:00:00.000Z',
      last_seen: '2026-11-20T10:00:00.000Z',
      labels: { shard: '3' },
      affected_users: 2,
      breadcrumbs: ['GET /cart', 'mail of [email]'],
      url: expect.not.stringContaining('abcdefgh12345678'),
    });
    expect(read({ message: 'lost' })).toMatchObject([{ type: '', message: 'lost', count: 1, severity: 'low' }]);
  });

  it('has the fingerprint of the same error in a log', () => {
    const log = normalize('log', 'TypeError: x\n    at price (/srv/shop/src/price.js:3:7)', options);
    expect(
      read({
        type: 'TypeError',
        message: 'x',
        file: 'a.js',
        stack: 'TypeError: x\n    at price (/srv/shop/src/price.js:3:7)',
      })[0]?.fingerprint,
    ).toBe(log[0]?.fingerprint);
  });

  it('says where without a stack, inside the repository only', () => {
    expect(read({ message: 'x', file: '/srv/shop/src/a.js', line: 4 })).toMatchObject([{ file: 'src/a.js', line: 4 }]);
    expect(read({ message: 'x', file: '/etc/passwd', line: 4 })[0]).not.toHaveProperty('file');
  });

  it('is one by its id, by its time, or by its delivery', () => {
    const id = (body: object, delivery: string) => read(body, { delivery })[0]?.id;
    expect(id({ message: 'x', id: '7' }, 'a')).toBe(id({ message: 'x', id: '7' }, 'b'));
    expect(id({ message: 'x', id: '7', service: 'a' }, 'a')).not.toBe(id({ message: 'x', id: '7', service: 'b' }, 'a'));
    expect(id({ message: 'x', time: 1764000000 }, 'a')).toBe(id({ message: 'x', time: 1764000000 }, 'b'));
    expect(id({ message: 'x' }, 'a')).not.toBe(id({ message: 'x' }, 'b'));
  });

  it('comes alone or with others', () => {
    expect(read({ events: [{ message: 'a' }, { message: 'b' }, { message: 'a' }] })).toMatchObject([
      { message: 'a', count: 2 },
      { message: 'b', count: 1 },
    ]);
  });

  it.each([
    [{ mesage: 'x' }, 'events.0.message'],
    [{ message: '' }, 'must not be empty'],
    [{ message: 'x', severity: 'terrible' }, 'events.0.severity'],
    [{ message: 'x', count: 0 }, 'events.0.count'],
    [{ message: 'x', time: 'yesterday' }, 'ISO 8601'],
    [{ events: [] }, 'events'],
    [{ events: Array.from({ length: 101 }, () => ({ message: 'x' })) }, 'events'],
  ])('is refused with the place of the fault: %j', (body, place) => {
    expect(() => read(body)).toThrow(place);
  });
});
