import { describe, expect, it } from 'vitest';
import { describeCause, infrastructureCause, isSameCause } from '../../events/infrastructure-cause.ts';
import { redact } from '../../events/redact.ts';

const causeOf = (message: string, type = 'Error') => {
  const cause = infrastructureCause({ type, message: redact(message, { ips: true }) });
  return cause && describeCause(cause);
};

describe('what could not be reached', () => {
  it.each([
    ['connect ECONNREFUSED 127.0.0.1:5432', 'localhost:5432'],
    ['connect ETIMEDOUT 10.0.0.5:5432', 'port 5432 of an address that was redacted'],
    ['connect ECONNREFUSED [::1]:5432', 'localhost:5432'],
    ['getaddrinfo ENOTFOUND db.internal', 'db.internal'],
    ['getaddrinfo EAI_AGAIN db.internal:5432', 'db.internal:5432'],
    ['dial tcp 10.0.0.5:5432: connect: connection refused', 'port 5432 of an address that was redacted'],
    ['dial tcp: lookup db.internal on 127.0.0.11:53: no such host', 'db.internal'],
    [
      'connection to server at "db.internal" (10.0.0.5), port 5432 failed: Connection refused\n\tIs the server running?',
      'db.internal:5432',
    ],
    ['could not translate host name "db.internal" to address: Name or service not known', 'db.internal'],
    [
      "HTTPConnectionPool(host='orders', port=8080): Max retries exceeded with url: /v1 (Caused by NewConnectionError: [Errno 111] Connection refused)",
      'orders:8080',
    ],
    ["(2003, \"Can't connect to MySQL server on 'db.internal' ([Errno 111] Connection refused)\")", 'db.internal'],
    ['Error 111 connecting to cache.internal:6379. Connection refused.', 'cache.internal:6379'],
    ['Connection to db.internal:5432 refused. Check that the hostname and port are correct', 'db.internal:5432'],
    ["Can't reach database server at `db.internal`:`5432`", 'db.internal:5432'],
    ["Can't reach database server at `db.internal:5432`", 'db.internal:5432'],
    ['Get "http://orders:8080/v1/orders/17": context deadline exceeded (request timed out)', 'orders:8080'],
    ['FATAL: too many connections for database "shop"', 'database "shop"'],
  ])('%s', (message, at) => {
    expect(causeOf(message)).toBe(at);
  });

  it('is read of the type too', () => {
    expect(causeOf('db.internal', 'java.net.UnknownHostException')).toBe('db.internal');
  });

  it.each([
    "Cannot read properties of undefined (reading 'tenantId')",
    'Timed out in src/price.test.ts:42',
    'the job of 10:00 timed out',
    'timeout of 5000ms exceeded',
    'listen EADDRINUSE: address already in use 127.0.0.1:3000',
    'orders:8080 answered 500',
    '',
  ])('is nothing in: %s', (message) => {
    expect(causeOf(message)).toBeUndefined();
  });

  it('takes a hostile text in a moment', () => {
    for (const part of ['connection ', 'a.', '`a', 'host="', '[', 'http://a@', 'timed out :1'])
      expect(() => causeOf(part.repeat(100_000))).not.toThrow();
  });
});

it('is the same where both name the host, and no port speaks against it', () => {
  expect(isSameCause({ host: 'db', port: 5432 }, { host: 'db' })).toBe(true);
  expect(isSameCause({ host: 'db', port: 5432 }, { host: 'db', port: 6379 })).toBe(false);
  expect(isSameCause({ host: 'db' }, { host: 'orders' })).toBe(false);
  expect(isSameCause({ database: 'shop' }, { database: 'shop' })).toBe(true);
  expect(isSameCause({ database: 'shop' }, { host: 'shop' })).toBe(false);
});
