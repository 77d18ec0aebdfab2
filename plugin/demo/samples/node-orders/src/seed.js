/** Two tenants with one running and one expired session each, for development and tests. */
import { OrderStore } from './order-store.js';
import { Orders } from './orders.js';
import { Sessions } from './sessions.js';
import { Tenants } from './tenants.js';

const FAR = '2999-01-01T00:00:00Z';
const PAST = '2024-03-01T08:00:00Z';

export function seededServices() {
  return {
    tenants: new Tenants([
      { id: 't-acme', name: 'Acme', currency: 'EUR', discountPoints: 1000, taxPoints: 1900 },
      { id: 't-north', name: 'North', currency: 'SEK', discountPoints: 0, taxPoints: 2500 },
    ]),
    sessions: new Sessions([
      { token: 'acme-anna', tenantId: 't-acme', user: 'anna', expiresAt: FAR },
      { token: 'acme-old', tenantId: 't-acme', user: 'anna', expiresAt: PAST },
      { token: 'north-nils', tenantId: 't-north', user: 'nils', expiresAt: FAR },
      { token: 'gone-greta', tenantId: 't-closed', user: 'greta', expiresAt: FAR },
    ]),
    orders: new Orders(new OrderStore()),
  };
}
