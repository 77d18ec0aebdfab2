/** A cost for a person, with what it rests on where that is not a bill. */
import type { CostBasis } from '../store/runs.ts';

export function costWords(usd: number, basis: CostBasis | null): string {
  const dollars = `$${usd.toFixed(2)}`;
  if (basis === 'estimated') return `about ${dollars}`;
  return basis === 'subscription' ? `about ${dollars} at API prices, paid by a subscription` : dollars;
}

/** The same for a column. */
export function shortCost(usd: number, basis: CostBasis | null): string {
  return `${basis === null || basis === 'billed' ? '' : '≈'}$${usd.toFixed(2)}`;
}
