/** An amount in the smallest unit of its currency; only this file turns it into text. */
export interface Money {
  cents: number;
  currency: Currency;
}

export type Currency = 'EUR' | 'USD' | 'NOK';

export function formatMoney({ cents, currency }: Money): string {
  return `${(cents / 100).toFixed(2)} ${currency}`;
}

/** A part of an amount, rounded half up to whole cents. */
export function partOf({ cents, currency }: Money, part: number, whole: number): Money {
  return { cents: Math.round((cents * part) / whole), currency };
}
