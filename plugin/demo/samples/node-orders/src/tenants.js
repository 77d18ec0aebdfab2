/**
 * @typedef {{ id: string, name: string, currency: string, discountPoints: number, taxPoints: number }} Tenant
 */

export class Tenants {
  /** @type {Map<string, Tenant>} */
  #byId = new Map();

  /** @param {Tenant[]} tenants */
  constructor(tenants) {
    for (const tenant of tenants) this.#byId.set(tenant.id, tenant);
  }

  /** @param {string} id */
  get(id) {
    return this.#byId.get(id);
  }
}
