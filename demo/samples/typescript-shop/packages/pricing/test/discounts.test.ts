import { describe, expect, it } from 'vitest';
import { discountFor } from '../src/discounts.js';

describe('discounts', () => {
  it('gives gold customers ten percent from 50 on', () => {
    expect(discountFor({ id: 'c-1', tier: 'gold' }, 5_000)).toBe(500);
    expect(discountFor({ id: 'c-1', tier: 'gold' }, 4_999)).toBe(0);
  });

  it('gives basic customers nothing', () => {
    expect(discountFor({ id: 'c-2', tier: 'basic' }, 90_000)).toBe(0);
  });

  it('refuses a negative sum', () => {
    expect(() => discountFor({ id: 'c-2', tier: 'basic' }, -1)).toThrow('never negative');
  });
});
