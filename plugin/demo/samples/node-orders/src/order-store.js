/** Orders in memory, each tenant's apart: there is no way to ask for an order without saying whose. */
export class OrderStore {
  /** @type {Map<string, object[]>} */
  #byTenant = new Map();
  #next = 1;

  add(tenantId, order) {
    const stored = { ...order, id: `o-${this.#next++}`, tenantId };
    this.#byTenant.set(tenantId, [stored, ...this.list(tenantId)]);
    return stored;
  }

  list(tenantId) {
    return this.#byTenant.get(tenantId) ?? [];
  }

  find(tenantId, id) {
    return this.list(tenantId).find((order) => order.id === id);
  }

  update(tenantId, id, change) {
    const orders = this.list(tenantId).map((order) => (order.id === id ? { ...order, ...change } : order));
    this.#byTenant.set(tenantId, orders);
    return this.find(tenantId, id);
  }
}
