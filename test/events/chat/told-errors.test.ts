import { expect, it } from 'vitest';
import { toldErrors } from '../../../events/chat/told-errors.ts';

it.each([
  ['TypeError: x is not a function\n    at price (src/price.js:3:7)', 'TypeError', 'x is not a function'],
  ['we see this since noon:\nTypeError: x is not a function', 'TypeError', 'x is not a function'],
  ['checkout says ValueError: bad price', 'ValueError', 'bad price'],
  ['2026-11-20 10:00:00,123 ERROR shop.cart: cart 17 is gone', '', 'cart 17 is gone'],
  ['report checkout charges twice', '', 'checkout charges twice'],
  ['please fix: the cart is empty after login', '', 'the cart is empty after login'],
])('takes %s for an error', (text, type, message) => {
  expect(toldErrors(text)).toMatchObject([{ type, message }]);
});

it.each([
  '',
  'thanks, great work!',
  'any error today?',
  'I had an error: no idea why',
  'fix it',
  'report https://example.com/x',
  'what is the status of INC-1a2b3c4d5e6f7890?',
  'Note: the deploy is at 10:30',
  'Warning: cake in the kitchen',
])('takes %s for talk', (text) => {
  expect(toldErrors(text)).toEqual([]);
});
