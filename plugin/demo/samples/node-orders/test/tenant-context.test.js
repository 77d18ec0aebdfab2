import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededServices } from '../src/seed.js';
import { tenantOf } from '../src/tenant-context.js';

const withToken = (token) => ({ headers: { authorization: `Bearer ${token}` } });

describe('the tenant of a request', () => {
  it('is the tenant of its session', () => {
    assert.equal(tenantOf(withToken('north-nils'), seededServices()).tenant.id, 't-north');
  });

  it('carries the user of the session', () => {
    assert.equal(tenantOf(withToken('acme-anna'), seededServices()).user, 'anna');
  });

  it('needs a bearer token', () => {
    assert.throws(() => tenantOf({ headers: { authorization: 'Basic x' } }, seededServices()), { status: 401 });
  });

  it('is refused when the tenant is closed', () => {
    assert.throws(() => tenantOf(withToken('gone-greta'), seededServices()), { status: 403 });
  });
});
