import { HttpError } from './http-error.js';

/** Price in cents by article number. */
const PRICES = new Map([
  ['tea-green', 450],
  ['tea-black', 390],
  ['pot-clay', 2900],
]);

/** @param {string} sku */
export function priceOf(sku) {
  const price = PRICES.get(sku);
  if (price === undefined) throw new HttpError(422, `unknown article ${sku}`);
  return price;
}
