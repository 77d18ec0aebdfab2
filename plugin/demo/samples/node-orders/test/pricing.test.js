import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { totalOf } from '../src/pricing.js';

const acme = { discountPoints: 1000, taxPoints: 1900 };

describe('the total of an order', () => {
  it('takes the discount off before tax is added', () => {
    assert.deepEqual(totalOf([{ sku: 'pot-clay', quantity: 1 }], acme), { net: 2900, discount: 290, tax: 496, gross: 3106 });
  });

  it('adds up all lines', () => {
    const lines = [
      { sku: 'tea-green', quantity: 2 },
      { sku: 'tea-black', quantity: 1 },
    ];
    assert.equal(totalOf(lines, { discountPoints: 0, taxPoints: 0 }).gross, 1290);
  });

  it('stays in whole cents', () => {
    const total = totalOf([{ sku: 'tea-black', quantity: 7 }], { discountPoints: 333, taxPoints: 701 });
    assert.ok(Object.values(total).every(Number.isInteger));
  });

  it('refuses an unknown article', () => {
    assert.throws(() => totalOf([{ sku: 'coffee', quantity: 1 }], acme), { status: 422 });
  });

  it('refuses a quantity below one', () => {
    assert.throws(() => totalOf([{ sku: 'tea-green', quantity: 0 }], acme), { status: 422 });
  });
});
