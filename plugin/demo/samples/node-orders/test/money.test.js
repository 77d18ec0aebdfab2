import assert from 'node:assert/strict';
import { it } from 'node:test';
import { basisPoints, formatMoney } from '../src/money.js';

it('formats cents with two digits', () => {
  assert.equal(formatMoney(1205, 'EUR'), '12.05 EUR');
  assert.equal(formatMoney(-5, 'SEK'), '-0.05 SEK');
});

it('rounds a share half away from zero', () => {
  assert.equal(basisPoints(50, 100), 1);
  assert.equal(basisPoints(-50, 100), -1);
});
