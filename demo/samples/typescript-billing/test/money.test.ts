import { describe, expect, it } from 'vitest';
import { formatMoney, partOf } from '../src/money.js';

describe('money', () => {
  it('is written with two digits and its currency', () => {
    expect(formatMoney({ cents: 1205, currency: 'EUR' })).toBe('12.05 EUR');
  });

  it('is split into whole cents', () => {
    expect(partOf({ cents: 1000, currency: 'USD' }, 1, 3)).toEqual({ cents: 333, currency: 'USD' });
  });
});
