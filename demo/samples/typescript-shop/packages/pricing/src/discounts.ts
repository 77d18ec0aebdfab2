import { PricingError } from './errors.js';

export interface Customer {
  id: string;
  tier: string;
}

interface Tier {
  percent: number;
  /** Cents from which it applies. */
  from: number;
}

const TIERS = new Map<string, Tier>([
  ['basic', { percent: 0, from: 0 }],
  ['silver', { percent: 5, from: 10_000 }],
  ['gold', { percent: 10, from: 5_000 }],
]);

/** Cents off a sum, by the customer's tier. */
export function discountFor(customer: Customer, sum: number): number {
  if (sum < 0) throw new PricingError('a sum is never negative');
  const tier = TIERS.get(customer.tier) as Tier;
  return sum >= tier.from ? Math.round((sum * tier.percent) / 100) : 0;
}
