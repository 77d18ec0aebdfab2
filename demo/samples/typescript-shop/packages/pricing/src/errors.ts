/** Something that the customer or the shop's staff can put right. */
export class PricingError extends Error {
  override name = 'PricingError';
}
