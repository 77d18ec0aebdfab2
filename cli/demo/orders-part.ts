/** What an honest model has to say and to write about the bug of the sample service `node-orders`. */
import type { Part } from './play.ts';

const TEST = `import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createApp } from '../src/app.js';
import { seededServices } from '../src/seed.js';

it('answers 401 to a session that has expired', () => {
  const handle = createApp(seededServices());
  const { status } = handle({ method: 'GET', path: '/orders', headers: { authorization: 'Bearer acme-old' } });
  assert.equal(status, 401);
});
`;

const LOOKUP = '  const session = sessions.find(bearerToken(request));\n';
const GUARD = "  if (session === undefined) throw new HttpError(401, 'this session is unknown or has expired');\n";

export const ORDERS_PART: Part = {
  look: [
    'git grep -n "tenantOf\\|sessions.find" -- src',
    'cat src/tenant-context.js src/sessions.js',
    'git log --oneline -5 -- src/tenant-context.js',
  ],
  diagnosis: {
    root_cause:
      'tenantOf (src/tenant-context.js:10) reads tenantId of what sessions.find returns, and that is undefined for a session that is unknown or has expired.',
    failure_type: 'runtime_error',
    affected_files: ['src/tenant-context.js'],
    confidence: 0.95,
    reasoning:
      'Sessions.find returns undefined once expiresAt has passed, as its test says. tenantOf is its only caller and does not expect it; app.js turns only HttpError into an answer, so the TypeError reaches the server and becomes a 500. The store and the tenants are never reached.',
  },
  tests: [{ file: 'test/expired-session.test.js', text: TEST }],
  scenario: {
    id: 'S004',
    module: 'tenancy',
    name: 'a session that has expired is answered with 401',
    kind: 'test',
    input: { method: 'GET', path: '/orders', session: 'expired' },
    expected: { status: 401 },
    why: 'clients sign in again on 401; on 500 they give up and somebody is woken',
    constraint: 'an expired session never gets a tenant',
    tags: ['security'],
    test_command: 'node --test test/expired-session.test.js',
  },
  edits: [{ file: 'src/tenant-context.js', find: LOOKUP, put: LOOKUP + GUARD }],
  lesson: {
    error: "TypeError: Cannot read properties of undefined (reading 'tenantId')",
    files: ['src/tenant-context.js'],
    root_cause: 'tenantOf did not expect that a session is not found',
    fix: 'tenantOf answers 401 when there is no running session',
    lesson: 'a session may end between two requests; every reader of sessions.find handles undefined with 401',
  },
  title: 'Answer 401 when a session has expired',
  summary:
    'tenantOf now answers 401 when the session is unknown or has expired, instead of reading tenantId of undefined. The check stands at the lookup because that is where every route gets its tenant from.',
};
