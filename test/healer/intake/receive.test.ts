import { expect, it } from 'vitest';
import { post, SECRETS, served } from './serving.ts';
import { bearerHeaders } from './sources/bearer-headers.ts';

const KINDS = ['cart', 'order', 'price', 'stock', 'tax'];

it('a storm of errors is as many incidents as it has kinds, and every one is counted', async () => {
  const serving = await served({ rate: { burst: 1000, perSecond: 1000 } });
  let serial = 0;
  const deliveries = Array.from({ length: 30 }, () =>
    JSON.stringify({
      events: Array.from({ length: 100 }, () => ({
        type: 'TypeError',
        message: `no ${KINDS[serial++ % KINDS.length]} for request ${serial} after ${serial * 7}ms`,
      })),
    }),
  );
  const sent = await Promise.all(
    deliveries.map((body) => post(serving, '/intake/generic', body, bearerHeaders(body, SECRETS.GENERIC_TOKEN))),
  );
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([202]));
  const incidents = await serving.bench.incidents.list();
  expect(incidents.map(({ count }) => count)).toEqual(KINDS.map(() => 600));
  // Of one delivery, the same error is one row.
  expect(serving.bench.db.get('SELECT count(*) AS rows FROM events')).toEqual({ rows: 30 * KINDS.length });
});
