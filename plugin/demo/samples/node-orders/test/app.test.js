import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createApp } from '../src/app.js';
import { seededServices } from '../src/seed.js';

const as = (token) => ({ authorization: `Bearer ${token}` });
const oneTea = { lines: [{ sku: 'tea-green', quantity: 1 }] };

describe('orders over HTTP', () => {
  it('answers the health check without a session', () => {
    assert.equal(createApp(seededServices())({ method: 'GET', path: '/health', headers: {} }).status, 200);
  });

  it('places an order and lists it', () => {
    const handle = createApp(seededServices());
    const placed = handle({ method: 'POST', path: '/orders', headers: as('acme-anna'), body: oneTea });
    assert.equal(placed.status, 201);
    const listed = handle({ method: 'GET', path: '/orders', headers: as('acme-anna') });
    assert.deepEqual(listed.body.orders, [placed.body]);
  });

  it('never shows an order to another tenant', () => {
    const handle = createApp(seededServices());
    const { body } = handle({ method: 'POST', path: '/orders', headers: as('acme-anna'), body: oneTea });
    assert.equal(handle({ method: 'GET', path: `/orders/${body.id}`, headers: as('north-nils') }).status, 404);
    assert.deepEqual(handle({ method: 'GET', path: '/orders', headers: as('north-nils') }).body.orders, []);
  });

  it('cancels an open order', () => {
    const handle = createApp(seededServices());
    const { body } = handle({ method: 'POST', path: '/orders', headers: as('acme-anna'), body: oneTea });
    const cancelled = handle({ method: 'POST', path: `/orders/${body.id}/cancel`, headers: as('acme-anna') });
    assert.equal(cancelled.body.status, 'cancelled');
  });

  it('refuses an order without lines', () => {
    const handle = createApp(seededServices());
    assert.equal(handle({ method: 'POST', path: '/orders', headers: as('acme-anna'), body: {} }).status, 422);
  });

  it('answers 405 to what cannot be done', () => {
    assert.equal(createApp(seededServices())({ method: 'DELETE', path: '/orders', headers: as('acme-anna') }).status, 405);
  });
});
