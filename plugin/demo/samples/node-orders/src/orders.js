import { HttpError } from './http-error.js';
import { totalOf } from './pricing.js';

/** What can be done with orders, always for one tenant. */
export class Orders {
  #store;

  /** @param {import('./order-store.js').OrderStore} store */
  constructor(store) {
    this.#store = store;
  }

  place({ tenant, user }, { lines }) {
    if (!Array.isArray(lines) || lines.length === 0) throw new HttpError(422, 'an order needs at least one line');
    const total = totalOf(lines, tenant);
    return this.#store.add(tenant.id, { lines, total, currency: tenant.currency, placedBy: user, status: 'open' });
  }

  list({ tenant }) {
    return this.#store.list(tenant.id);
  }

  get({ tenant }, id) {
    const order = this.#store.find(tenant.id, id);
    if (order === undefined) throw new HttpError(404, `no order ${id}`);
    return order;
  }

  cancel(context, id) {
    const order = this.get(context, id);
    if (order.status === 'shipped') throw new HttpError(409, `order ${id} is on its way`);
    return this.#store.update(context.tenant.id, id, { status: 'cancelled' });
  }
}
