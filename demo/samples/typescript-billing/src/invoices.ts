import type { Customer } from './customers.js';
import { BillingError } from './errors.js';
import type { Money } from './money.js';
import { planOf } from './plans.js';
import { priceOf } from './prices.js';
import { prorate } from './proration.js';

export interface Invoice {
  customer: string;
  month: string;
  total: Money;
}

export function invoiceFor(customer: Customer, month: string): Invoice {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new BillingError(422, `${month} is not a month such as 2026-02`);
  const price = priceOf(planOf(customer.plan), customer.seats, customer.currency);
  return { customer: customer.id, month, total: prorate(price, month, customer.since) };
}

/** What a month would cost on another plan. */
export function quoteFor(customer: Customer, plan: string): Money {
  return priceOf(planOf(plan), customer.seats, customer.currency);
}
