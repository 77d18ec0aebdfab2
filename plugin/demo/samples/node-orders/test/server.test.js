import assert from 'node:assert/strict';
import { once } from 'node:events';
import { it } from 'node:test';
import { createApp } from '../src/app.js';
import { seededServices } from '../src/seed.js';
import { createOrderServer } from '../src/server.js';

it('answers 400 to a body that is not JSON', async (t) => {
  const server = createOrderServer(createApp(seededServices()), { info() {}, error() {} });
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${server.address().port}/orders`;
  const response = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer acme-anna' }, body: '{' });
  assert.equal(response.status, 400);
  await response.text();
});
