import { priceOf } from './catalog.js';
import { HttpError } from './http-error.js';
import { basisPoints } from './money.js';

/**
 * @typedef {{ sku: string, quantity: number }} Line
 * @typedef {{ net: number, discount: number, tax: number, gross: number }} Total  all in cents
 */

/**
 * What an order costs a tenant: the discount comes off first, then the tenant's tax is added.
 * @param {Line[]} lines @param {{ discountPoints: number, taxPoints: number }} tenant @returns {Total}
 */
export function totalOf(lines, tenant) {
  const net = lines.reduce((sum, line) => sum + priceOf(line.sku) * quantityOf(line), 0);
  const discount = basisPoints(net, tenant.discountPoints);
  const tax = basisPoints(net - discount, tenant.taxPoints);
  return { net, discount, tax, gross: net - discount + tax };
}

/** @param {Line} line */
function quantityOf({ sku, quantity }) {
  if (!Number.isInteger(quantity) || quantity < 1) throw new HttpError(422, `quantity of ${sku} must be 1 or more`);
  return quantity;
}
