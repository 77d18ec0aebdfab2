import type { Currency, Money } from './money.js';
import type { Plan } from './plans.js';

/** What a plan costs for a month, for all seats, in the customer's currency. */
export function priceOf(plan: Plan, seats: number, currency: Currency): Money {
  const perSeat = plan.prices[currency];
  return { cents: perSeat.cents * seats, currency };
}
