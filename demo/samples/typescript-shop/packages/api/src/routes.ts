import { cartTotal, lineTotal, PricingError } from '@shop/pricing';
import { findCart } from './carts.js';

export interface Answer {
  status: number;
  body: unknown;
}

/** What is asked wrongly is answered here; everything else reaches the server, which logs it and answers 500. */
export function handle(method: string, url: URL): Answer {
  const [, id = '', what = ''] = /^\/carts\/([\w-]+)\/(\w+)$/.exec(url.pathname) ?? [];
  if (method !== 'GET') return { status: 405, body: { error: 'only GET' } };
  const cart = findCart(id);
  if (cart === undefined) return { status: 404, body: { error: 'no such cart' } };
  try {
    if (what === 'total') return { status: 200, body: { total: cartTotal(cart.customer, cart.lines) } };
    if (what === 'lines') return { status: 200, body: cart.lines.map((line) => ({ ...line, total: lineTotal(line) })) };
    return { status: 404, body: { error: 'no such page' } };
  } catch (error) {
    if (error instanceof PricingError) return { status: 422, body: { error: error.message } };
    throw error;
  }
}
