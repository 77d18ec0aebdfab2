import type { Customer, Line } from '@shop/pricing';

export interface Cart {
  id: string;
  customer: Customer;
  lines: Line[];
}

const CARTS = new Map<string, Cart>(
  [
    { id: 'k-1', customer: { id: 'c-1', tier: 'gold' }, lines: [{ sku: 'mug', quantity: 4, price: 1_250 }] },
    { id: 'k-2', customer: { id: 'c-2', tier: 'basic' }, lines: [{ sku: 'tea', quantity: 2, price: 800 }] },
    { id: 'k-3', customer: { id: 'c-3', tier: 'partner' }, lines: [{ sku: 'mug', quantity: 24, price: 1_250 }] },
  ].map((cart) => [cart.id, cart]),
);

export function findCart(id: string): Cart | undefined {
  return CARTS.get(id);
}
