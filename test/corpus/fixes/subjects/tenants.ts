/** JavaScript: whoever has no session any more is looked up all the same. */
import { eventSchema } from '../../../../events/event.ts';
import type { Subject } from '../fix-case.ts';

const INCIDENT = 'INC-1a2b3c4d5e6f7890';

export const SOURCE = `/** The tenant that a session belongs to. */
exports.tenantOf = function tenantOf(sessions, id) {
  const session = sessions.get(id);
  return session.tenantId;
};
`;

export const TENANT_TEST = `const { test } = require('node:test');
const assert = require('node:assert');
const { tenantOf } = require('../src/tenant.js');

test('a session knows its tenant', () => {
  assert.strictEqual(tenantOf(new Map([['a', { tenantId: 7 }]]), 'a'), 7);
});

test('each session has its own tenant', () => {
  const sessions = new Map([['a', { tenantId: 7 }], ['b', { tenantId: 8 }]]);
  assert.strictEqual(tenantOf(sessions, 'b'), 8);
});
`;

export const REPRODUCTION = `const { test } = require('node:test');
const assert = require('node:assert');
const { tenantOf } = require('../src/tenant.js');

test('an expired session has no tenant', () => {
  assert.strictEqual(tenantOf(new Map(), 'gone'), null);
});
`;

export const fixedBy = (put: string) => SOURCE.replace('return session.tenantId;', put);
export const FIXED = fixedBy('return session?.tenantId ?? null;');

const SCENARIOS = `version: "1.0"
module: tenants
files: ["src/tenant.js"]
scenarios:
  - id: S001
    name: a session knows its tenant
    why: nobody else's data
    constraint: the session alone decides
    test_command: node --test test/tenant.test.js
`;

export const scenarioFile = (command = 'node --test test/expired.test.js', more = '') => `version: "1.0"
module: expired
scenarios:
  - id: S010
    name: an expired session has no tenant
    why: it was an error for a person
    incident: ${INCIDENT}
    test_command: ${command}
${more}`;

export const FILES = {
  'package.json': '{ "name": "shop", "private": true, "scripts": { "test": "node --test test/*.test.js" } }\n',
  '.gitignore': 'node_modules\n*.log\n',
  'src/tenant.js': SOURCE,
  'src/orders.js': `const { tenantOf } = require('./tenant.js');

/** The orders that the session may see. */
exports.ordersOf = function ordersOf(sessions, orders, id) {
  const tenant = tenantOf(sessions, id);
  return orders.filter((order) => order.tenantId === tenant);
};
`,
  'src/total.js': 'exports.total = (orders) => orders.reduce((sum, order) => sum + order.price, 0);\n',
  'test/tenant.test.js': TENANT_TEST,
  'test/orders.test.js': `const { test } = require('node:test');
const assert = require('node:assert');
const { ordersOf } = require('../src/orders.js');
const { total } = require('../src/total.js');

const orders = [{ tenantId: 7, price: 2 }, { tenantId: 8, price: 3 }];

test('a session sees its own orders', () => {
  const seen = ordersOf(new Map([['a', { tenantId: 7 }]]), orders, 'a');
  assert.deepStrictEqual(seen, [orders[0]]);
});

test('the total is what was ordered', () => {
  assert.strictEqual(total(orders), 5);
});
`,
  '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: npm test\n',
  '.self-healing/scenarios/tenants.yaml': SCENARIOS,
  '.self-healing/invariants.yaml': `version: "1.0"
invariants:
  - id: INV-001
    rule: nothing is evaluated
    severity: critical
    files: ["src/**"]
    check: { pattern: { regex: "\\\\beval\\\\(|new Function\\\\(", must: not_match } }
  - id: INV-002
    rule: the price list stays
    severity: critical
    check: { unchanged: { paths: ["src/total.js"] } }
`,
  '.self-healing/incidents.yaml': `version: "1.0"
incidents:
  - id: INC-00000000000000aa
    date: 2026-09-01
    error: "TypeError: session is undefined"
    files: [src/tenant.js]
    root_cause: an error was caught and nobody heard of it
    fix: it is told
    lesson: tell what failed
    anti_pattern: { description: sessions are made up, match: { regex: "tenantId: 'guest'" } }
`,
};

export const TENANTS: Subject = {
  name: 'tenants',
  files: FILES,
  incident: INCIDENT,
  event: eventSchema.parse({
    id: 'e1',
    source: 'log',
    actionable: true,
    severity: 'high',
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'tenantId')",
    file: 'src/tenant.js',
    line: 4,
    function: 'tenantOf',
    frames: [
      { file: 'src/tenant.js', line: 4, function: 'tenantOf', in_app: true },
      { file: 'src/orders.js', line: 5, function: 'ordersOf', in_app: true },
    ],
    first_seen: '2026-11-20T10:00:00Z',
    last_seen: '2026-11-20T10:00:00Z',
    count: 12,
    fingerprint: '1a2b3c4d5e6f7890',
    received_at: '2026-11-20T10:00:00Z',
  }),
  diagnosis: { failure_type: 'runtime_error', affected_files: ['src/tenant.js'], confidence: 0.9 },
  honest: {
    'src/tenant.js': FIXED,
    'test/expired.test.js': REPRODUCTION,
    '.self-healing/scenarios/expired.yaml': scenarioFile(),
  },
};
