/** The incident's own failure and a made-up one, as every real runner reports them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type ReasonContext, redForReason } from '../../../gate/reproduction/reason.ts';
import { installedRunners, ownModules, project, run } from '../runner/project.ts';

const ESM = 'export function tenantOf(request) {\n  return request.user.tenantId;\n}\n';
const CJS = 'exports.tenantOf = function tenantOf(request) {\n  return request.user.tenantId;\n};\n';
const PY = 'def tenant_of(request):\n    return request["user"]["tenant"]\n';
const MESSAGE = "Cannot read properties of undefined (reading 'tenantId')";
const FORGED = `throw new TypeError(${JSON.stringify(MESSAGE)});`;

interface Runner {
  name: string;
  modules?: () => string;
  source: Record<string, string>;
  test: string;
  /** The test file with this statement as the body of its only case. */
  file: (body: string) => string;
  command: string;
  honest: string;
  late?: string;
  forged: string[];
}

const js =
  (imports: string, test = 'test') =>
  (body: string) =>
    `${imports}\n${test}('a case', async () => { ${body} });\n`;
const LATE = 'await null; tenantOf({});';
const printed = (assertion: string) =>
  `console.error(new TypeError(${JSON.stringify(MESSAGE)}).stack); tenantOf; ${assertion}`;
const jsForged = (assertion: string) => [
  FORGED,
  `await null; ${FORGED}`,
  `class TypeError extends Error { constructor(m) { super(m); this.name = 'TypeError'; } } ${FORGED}`,
  printed(assertion),
];

const runners: Runner[] = [
  {
    name: 'node --test',
    source: { 'package.json': '{"type":"module"}', 'src/tenant.js': ESM },
    test: 'test/a.test.js',
    file: js(
      `import { test } from 'node:test';\nimport { tenantOf } from '../src/tenant.js';\nimport assert from 'node:assert';`,
    ),
    command: 'node --test test/a.test.js',
    honest: 'tenantOf({});',
    late: LATE,
    forged: jsForged('assert.equal(1, 2);'),
  },
  {
    name: 'vitest',
    modules: () => ownModules,
    source: { 'package.json': '{"type":"module"}', 'src/tenant.js': ESM },
    test: 'test/a.test.js',
    file: js(`import { expect, test } from 'vitest';\nimport { tenantOf } from '../src/tenant.js';`),
    command: 'npx vitest run test/a.test.js',
    honest: 'tenantOf({});',
    late: LATE,
    forged: [FORGED, printed('expect(1).toBe(2);')],
  },
  {
    name: 'jest',
    modules: installedRunners,
    source: { 'package.json': '{}', 'src/tenant.js': CJS },
    test: 'test/a.test.js',
    file: js(`const { tenantOf } = require('../src/tenant.js');`),
    command: 'npx jest test/a.test.js',
    honest: 'tenantOf({});',
    late: LATE,
    forged: [FORGED, printed('expect(1).toBe(2);')],
  },
  {
    name: 'mocha',
    modules: installedRunners,
    source: { 'package.json': '{}', 'src/tenant.js': CJS },
    test: 'test/a.test.js',
    file: js(`const assert = require('node:assert');\nconst { tenantOf } = require('../src/tenant.js');`, 'it'),
    command: 'npx mocha test/a.test.js',
    honest: 'tenantOf({});',
    late: LATE,
    forged: [FORGED, printed('assert.equal(1, 2);')],
  },
  {
    name: 'tape',
    modules: installedRunners,
    source: { 'package.json': '{}', 'src/tenant.js': CJS },
    test: 'test/a.js',
    file: (body) =>
      `const { tenantOf } = require('../src/tenant.js');\nrequire('tape')('a case', (t) => { ${body} t.end(); });\n`,
    command: 'npx tape test/a.js',
    honest: 'tenantOf({});',
    forged: [
      FORGED,
      `t.fail(${JSON.stringify(`TypeError: ${MESSAGE}`)});`,
      't.doesNotThrow(() => { throw new TypeError("x") });',
    ],
  },
  {
    name: 'pytest',
    source: { 'src/tenant.py': PY, 'src/__init__.py': '' },
    test: 'test_a.py',
    file: (body) => `from src.tenant import tenant_of\ndef test_a_case():\n    ${body}\n`,
    command: 'python3 -m pytest test_a.py',
    honest: 'tenant_of({})',
    forged: [
      "raise KeyError('user')",
      "assert 'KeyError' == \"'user'\"",
      'raise Exception("""x\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "src/tenant.py", line 2, in tenant_of\n    x\nKeyError: \'user\'""")',
    ],
  },
  {
    name: 'unittest',
    source: { 'src/tenant.py': PY, 'src/__init__.py': '' },
    test: 'test_a.py',
    file: (body) =>
      `import unittest\nfrom src.tenant import tenant_of\nclass A(unittest.TestCase):\n    def test_a_case(self):\n        ${body}\n`,
    command: 'python3 -m unittest test_a',
    honest: 'tenant_of({})',
    forged: ["raise KeyError('user')", 'self.assertEqual(1, 2)'],
  },
];

beforeAll(() => void installedRunners(), 300_000);

async function judge(runner: Runner, body: string) {
  const python = runner.command.startsWith('python');
  const file = fileOf(runner);
  const folder = project({ ...runner.source, [runner.test]: runner.file(body) }, runner.modules?.());
  const result = await run(folder, runner.command, { at: 'base_tests' });
  const context: ReasonContext = {
    checkout: folder,
    event: python
      ? { type: 'KeyError', message: "'user'", frames: [{ file, line: 2, function: 'tenant_of', in_app: true }] }
      : { type: 'TypeError', message: MESSAGE, frames: [{ file, line: 2, function: 'tenantOf', in_app: true }] },
    affectedFiles: [file],
    isTest: (path) => path === runner.test,
    testsOfFix: new Set([runner.test]),
  };
  return { result, reason: redForReason(result, context) };
}
const fileOf = (runner: Runner) => (runner.command.startsWith('python') ? 'src/tenant.py' : 'src/tenant.js');

describe.each(runners)('$name', (runner) => {
  it.each([runner.honest, ...(runner.late ? [runner.late] : [])])('is the incident: %s', async (body) => {
    const { result, reason } = await judge(runner, body);
    expect(result.status).toBe('failed');
    expect(reason).toMatchObject({ ok: true, weak: false, file: fileOf(runner) });
  });

  it.each(runner.forged)('is not the incident: %s', async (body) => {
    const { result, reason } = await judge(runner, body);
    expect(result.status).toBe('failed');
    expect(reason).toMatchObject({ ok: false, code: 'red_for_other_reason' });
  });
});

it('is weak when jest only asserts about the error, and shows its stack', async () => {
  const jest = runners.find(({ name }) => name === 'jest') as Runner;
  const { reason } = await judge(jest, 'expect(() => tenantOf({})).not.toThrow();');
  expect(reason).toMatchObject({ ok: true, weak: true });
});
