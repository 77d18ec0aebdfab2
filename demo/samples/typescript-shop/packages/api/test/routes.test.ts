import { describe, expect, it } from 'vitest';
import { handle } from '../src/routes.js';

const get = (path: string) => handle('GET', new URL(path, 'http://shop'));

describe('routes', () => {
  it('answers what a cart costs', () => {
    expect(get('/carts/k-1/total')).toEqual({ status: 200, body: { total: 4_500 } });
  });

  it('answers the lines of a cart', () => {
    expect(get('/carts/k-2/lines')).toEqual({ status: 200, body: [{ sku: 'tea', quantity: 2, price: 800, total: 1_600 }] });
  });

  it('answers 404 for a cart that is not there', () => {
    expect(get('/carts/k-9/total').status).toBe(404);
  });

  it('answers 405 to everything but GET', () => {
    expect(handle('POST', new URL('http://shop/carts/k-1/total')).status).toBe(405);
  });
});
