import { expect, it } from 'vitest';
import { cartTotal, lineTotal } from '../src/index.js';

it('adds up the lines of a cart and takes the discount off', () => {
  const lines = [
    { sku: 'mug', quantity: 4, price: 1_250 },
    { sku: 'tea', quantity: 1, price: 800 },
  ];
  expect(cartTotal({ id: 'c-1', tier: 'gold' }, lines)).toBe(5_220);
});

it('refuses half a mug', () => {
  expect(() => lineTotal({ sku: 'mug', quantity: 0.5, price: 1_250 })).toThrow('whole number');
});
