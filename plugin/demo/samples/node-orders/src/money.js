/** Amounts are whole cents everywhere; only this file turns them into text. */

/** @param {number} cents @param {string} currency such as `EUR` */
export function formatMoney(cents, currency) {
  const sign = cents < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(cents) / 100);
  const rest = String(Math.abs(cents) % 100).padStart(2, '0');
  return `${sign}${whole}.${rest} ${currency}`;
}

/** A share of an amount in basis points (1/100 of a percent), rounded half away from zero. */
export function basisPoints(cents, points) {
  const exact = (Math.abs(cents) * points) / 10_000;
  return Math.sign(cents) * Math.round(exact);
}
