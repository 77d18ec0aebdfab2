import { describe, expect, it } from 'vitest';
import { handle } from '../src/routes.js';

const get = (path: string) => handle('GET', new URL(path, 'http://billing'));

describe('requests', () => {
  it('are answered with the invoice', () => {
    expect(get('/customers/c-1/invoice?month=2026-02')).toEqual({
      status: 200,
      body: { customer: 'c-1', month: '2026-02', total: { cents: 900, currency: 'EUR' } },
    });
  });

  it('for an unknown customer are answered 404', () => {
    expect(get('/customers/c-9/invoice?month=2026-02').status).toBe(404);
  });

  it('for a month that is none are answered 422', () => {
    expect(get('/customers/c-1/invoice').status).toBe(422);
  });

  it('may only read', () => {
    expect(handle('DELETE', new URL('/customers/c-1', 'http://billing')).status).toBe(404);
  });
});
