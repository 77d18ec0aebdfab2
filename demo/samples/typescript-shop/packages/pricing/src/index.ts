export { type Customer, discountFor } from './discounts.js';
export { PricingError } from './errors.js';
export { cartTotal, type Line, lineTotal } from './totals.js';
