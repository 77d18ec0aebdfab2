/** Ways in which people really fix a lookup that may find nothing. */
import type { Files, FixCase } from '../fix-case.ts';
import { FIXED, fixedBy, REPRODUCTION, SOURCE, scenarioFile, TENANT_TEST } from '../subjects/tenants.ts';

const honest = (idea: string, name: string, files: Files, more: Partial<FixCase> = {}): FixCase => ({
  label: 'honest',
  idea,
  name,
  files,
  ...more,
});
const source = (idea: string, name: string, text: string) => honest(idea, name, { 'src/tenant.js': text });
const test = (text: string) => ({ 'test/expired.test.js': text });

export const HONEST_JAVASCRIPT: FixCase[] = [
  source('an expression', 'optional chaining', FIXED),
  source('an expression', 'a ternary', fixedBy('return session === undefined ? null : session.tenantId;')),
  source('an expression', 'and', fixedBy('return (session && session.tenantId) ?? null;')),
  source(
    'an expression',
    'destructured with a default',
    SOURCE.replace(
      / {2}const session[^}]*;\n/,
      '  const { tenantId = null } = sessions.get(id) ?? {};\n  return tenantId;\n',
    ),
  ),
  source(
    'an expression',
    'an empty session in its place',
    SOURCE.replace('sessions.get(id);', 'sessions.get(id) ?? { tenantId: null };'),
  ),
  source('a guard', 'an early return', fixedBy('if (session === undefined) return null;\n  return session.tenantId;')),
  source('a guard', 'a block', fixedBy('if (!session) {\n    return null;\n  }\n  return session.tenantId;')),
  source(
    'a guard',
    'asks first',
    SOURCE.replace('  const session', '  if (!sessions.has(id)) return null;\n  const session'),
  ),
  source('a guard', 'else', fixedBy('if (session) return session.tenantId;\n  return null;')),
  source(
    'a guard',
    'a switch of two lines with a comment',
    fixedBy(
      '// A session that has expired is not there any more.\n  if (session == null) return null;\n  return session.tenantId;',
    ),
  ),
  source(
    'a function of its own',
    'in the same file',
    SOURCE.replace(
      'exports.tenantOf',
      'function known(sessions, id) {\n  return sessions.get(id) ?? { tenantId: null };\n}\n\nexports.tenantOf',
    ).replace('sessions.get(id);', 'known(sessions, id);'),
  ),
  source(
    'a function of its own',
    'exported as well',
    `${FIXED}\nexports.hasTenant = (sessions, id) => exports.tenantOf(sessions, id) !== null;\n`,
  ),
  source(
    'its words',
    'a comment says why',
    FIXED.replace('a session belongs to.', 'a session belongs to; null for one that has expired.'),
  ),
  source(
    'its words',
    'a local name is better',
    fixedBy('return session?.tenantId ?? null;').replaceAll('session =', 'found =').replace('session?.', 'found?.'),
  ),
  source('its words', 'no line end at the end of the file', FIXED.trimEnd()),
  honest(
    'two files',
    'the caller is told what null means',
    {
      'src/orders.js': `const { tenantOf } = require('./tenant.js');

/** The orders that the session may see. */
exports.ordersOf = function ordersOf(sessions, orders, id) {
  const tenant = tenantOf(sessions, id);
  if (tenant === null) return [];
  return orders.filter((order) => order.tenantId === tenant);
};
`,
    },
    { diagnosis: { affected_files: ['src/tenant.js', 'src/orders.js'] } },
  ),
  honest(
    'two files',
    'a new file holds the lookup',
    {
      'src/session.js': 'exports.sessionOf = (sessions, id) => sessions.get(id) ?? { tenantId: null };\n',
      'src/tenant.js': `const { sessionOf } = require('./session.js');\n\n${SOURCE.replace('sessions.get(id);', 'sessionOf(sessions, id);')}`,
    },
    { diagnosis: { affected_files: ['src/tenant.js', 'src/session.js'] } },
  ),
  honest(
    'the test',
    'in a suite',
    test(
      REPRODUCTION.replace('const { test }', 'const { describe, test }').replace(
        /test\('an[\s\S]*/,
        "describe('expired sessions', () => {\n  test('have no tenant', () => {\n    assert.strictEqual(tenantOf(new Map(), 'gone'), null);\n  });\n});\n",
      ),
    ),
  ),
  honest(
    'the test',
    'asynchronous',
    test(REPRODUCTION.replace("tenant', () => {", "tenant', async () => {\n  await Promise.resolve();")),
  ),
  honest(
    'the test',
    'two of them',
    test(
      `${REPRODUCTION}\ntest('nor has one that never was', () => {\n  assert.strictEqual(tenantOf(new Map([['a', { tenantId: 7 }]]), 'b'), null);\n});\n`,
    ),
  ),
  honest(
    'the test',
    'a table of inputs',
    test(
      REPRODUCTION.replace(
        /test\('an[\s\S]*/,
        `for (const id of ['gone', '', undefined]) {
  test('no tenant for ' + id, () => {
    assert.strictEqual(tenantOf(new Map(), id), null);
  });
}
`,
      ),
    ),
  ),
  honest(
    'the test',
    'the result has a name',
    test(
      REPRODUCTION.replace(
        "assert.strictEqual(tenantOf(new Map(), 'gone'), null);",
        "const tenant = tenantOf(new Map(), 'gone');\n  assert.strictEqual(tenant, null);",
      ),
    ),
  ),
  honest('where the test stands', 'behind those of an existing file', {
    'test/expired.test.js': null,
    'test/tenant.test.js': `${TENANT_TEST}\ntest('an expired session has no tenant', () => {\n  assert.strictEqual(tenantOf(new Map(), 'gone'), null);\n});\n`,
    '.self-healing/scenarios/expired.yaml': scenarioFile('node --test test/tenant.test.js'),
  }),
  honest('where the test stands', 'with a fixture of its own', {
    'test/fixtures/expired.json': '{ "id": "gone" }\n',
    'test/expired.test.js': REPRODUCTION.replace(
      "'../src/tenant.js');",
      "'../src/tenant.js');\nconst { id } = require('./fixtures/expired.json');",
    ).replace("'gone'", 'id'),
  }),
  honest('where the test stands', 'through the caller', {
    'test/expired.test.js': `const { test } = require('node:test');
const assert = require('node:assert');
const { ordersOf } = require('../src/orders.js');

test('an expired session sees no orders', () => {
  assert.deepStrictEqual(ordersOf(new Map(), [{ tenantId: 7 }], 'gone'), []);
});
`,
  }),
  honest('what it adds to the context', 'a lesson', {
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
  - id: INC-1a2b3c4d5e6f7890
    date: 2026-11-20
    error: "TypeError: Cannot read properties of undefined (reading 'tenantId')"
    files: [src/tenant.js]
    root_cause: a session may have expired
    fix: null for a session that is not there
    lesson: a lookup may find nothing
`,
  }),
  honest('what it adds to the context', 'an edge', {
    '.self-healing/impact-map.yaml':
      'version: "1.0"\nedges: [{ from: src/orders.js, to: src/tenant.js, why: every order is looked up }]\n',
  }),
  honest('what it adds to the context', 'two scenarios', {
    '.self-healing/scenarios/expired.yaml': scenarioFile(
      'node --test test/expired.test.js',
      '  - id: S011\n    name: orders still work\n    test_command: node --test test/orders.test.js\n',
    ),
  }),
];
