import { BillingError } from './errors.js';

export type PlanName = 'solo' | 'team';

export interface Plan {
  name: PlanName;
  /** Price per seat and month in cents, by currency. */
  prices: Record<string, { cents: number }>;
}

const PLANS: Record<PlanName, Plan> = {
  solo: { name: 'solo', prices: { EUR: { cents: 900 }, USD: { cents: 1000 }, NOK: { cents: 9900 } } },
  team: { name: 'team', prices: { EUR: { cents: 700 }, USD: { cents: 800 } } },
};

export function planOf(name: string): Plan {
  if (name !== 'solo' && name !== 'team') throw new BillingError(422, `no plan ${name}`);
  return PLANS[name];
}
