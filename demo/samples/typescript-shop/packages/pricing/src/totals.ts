import { type Customer, discountFor } from './discounts.js';
import { PricingError } from './errors.js';

export interface Line {
  sku: string;
  quantity: number;
  /** Cents for one. */
  price: number;
}

export function lineTotal({ sku, quantity, price }: Line): number {
  if (!Number.isInteger(quantity) || quantity < 1) throw new PricingError(`${sku}: a quantity is a whole number from 1`);
  return quantity * price;
}

/** Cents that a cart costs its customer. */
export function cartTotal(customer: Customer, lines: readonly Line[]): number {
  const sum = lines.reduce((total, line) => total + lineTotal(line), 0);
  return sum - discountFor(customer, sum);
}
