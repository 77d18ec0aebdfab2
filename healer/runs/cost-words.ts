/** A cost for a person, with what it rests on. */
import type { CostBasis } from '../../store/runs.ts';

/** `null`: nothing was spent, or nobody knows. */
export function costWords(usd: number, basis: CostBasis | null): string {
  const dollars = `$${usd.toFixed(2)}`;
  switch (basis) {
    case null:
      return dollars;
    case 'billed':
      return `${dollars} (billed)`;
    case 'estimated':
      return `about ${dollars} (estimated)`;
    case 'subscription':
      return `about ${dollars} at API prices, paid by a subscription`;
    default:
      return basis satisfies never;
  }
}

/** The same for a column. */
export function shortCost(usd: number, basis: CostBasis | null): string {
  return `${basis === null || basis === 'billed' ? '' : '≈'}$${usd.toFixed(2)}`;
}

/** The weakest of them, which a sum rests on; null when none is given. */
export function weakestBasis(bases: Iterable<CostBasis | null | undefined>): CostBasis | null {
  const given = new Set(bases);
  return (['subscription', 'estimated', 'billed'] as const).find((basis) => given.has(basis)) ?? null;
}
