import { type Money, partOf } from './money.js';

/** The part of a month's price that falls on the days from `since` on; all of it when the contract is older. */
export function prorate(price: Money, month: string, since: string): Money {
  if (since.slice(0, 7) < month) return price;
  if (since.slice(0, 7) > month) return { ...price, cents: 0 };
  const days = daysOf(month);
  return partOf(price, days - Number(since.slice(8, 10)) + 1, days);
}

function daysOf(month: string): number {
  const [year = 0, index = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, index, 0)).getUTCDate();
}
