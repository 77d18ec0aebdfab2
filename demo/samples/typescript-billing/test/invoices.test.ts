import { describe, expect, it } from 'vitest';
import { customerOf } from '../src/customers.js';
import { invoiceFor, quoteFor } from '../src/invoices.js';

describe('invoices', () => {
  it('bill every seat', () => {
    expect(invoiceFor(customerOf('c-2'), '2026-03').total).toEqual({ cents: 6400, currency: 'USD' });
  });

  it('bill a month that was begun in part', () => {
    expect(invoiceFor(customerOf('c-2'), '2026-02').total.cents).toBe(3200);
  });

  it('are in the currency of the customer', () => {
    expect(invoiceFor(customerOf('c-1'), '2026-02').total.currency).toBe('EUR');
  });

  it('refuse what is not a month', () => {
    expect(() => invoiceFor(customerOf('c-1'), '2026-13')).toThrow('is not a month');
  });

  it('quote another plan', () => {
    expect(quoteFor(customerOf('c-2'), 'solo').cents).toBe(8000);
  });

  it('refuse an unknown plan', () => {
    expect(() => quoteFor(customerOf('c-2'), 'huge')).toThrow('no plan huge');
  });
});
