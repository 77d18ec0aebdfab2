import { BillingError } from './errors.js';
import type { Currency } from './money.js';
import type { PlanName } from './plans.js';

export interface Customer {
  id: string;
  name: string;
  currency: Currency;
  plan: PlanName;
  /** First day of the contract, such as `2026-02-10`. */
  since: string;
  seats: number;
}

const CUSTOMERS: Customer[] = [
  { id: 'c-1', name: 'Ada', currency: 'EUR', plan: 'solo', since: '2025-11-03', seats: 1 },
  { id: 'c-2', name: 'Bolt', currency: 'USD', plan: 'team', since: '2026-02-15', seats: 8 },
  { id: 'c-3', name: 'Fjord', currency: 'NOK', plan: 'team', since: '2026-01-01', seats: 3 },
];

export function customerOf(id: string): Customer {
  const customer = CUSTOMERS.find((candidate) => candidate.id === id);
  if (customer === undefined) throw new BillingError(404, `no customer ${id}`);
  return customer;
}
