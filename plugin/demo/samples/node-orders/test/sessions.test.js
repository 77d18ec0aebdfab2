import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Sessions } from '../src/sessions.js';

const session = { token: 's1', tenantId: 't1', user: 'u', expiresAt: '2026-01-01T00:00:00Z' };
const at = (time) => () => Date.parse(time);

it('finds a running session', () => {
  assert.equal(new Sessions([session], at('2025-12-31T23:59:59Z')).find('s1')?.tenantId, 't1');
});

it('does not find one that has expired', () => {
  assert.equal(new Sessions([session], at('2026-01-01T00:00:00Z')).find('s1'), undefined);
});
