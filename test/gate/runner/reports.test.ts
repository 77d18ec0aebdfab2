/** One contract for every runner: the same project, told in each runner's words, gives the same counts and failures. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckRun } from '../../../gate/check-run.ts';
import { write } from '../../write.ts';
import { installedRunners, ownModules, project, run } from './project.ts';

const ESM_SOURCE = 'export function tenantOf(request) {\n  return request.user.tenantId;\n}\n';
const CJS_SOURCE = 'exports.tenantOf = function tenantOf(request) {\n  return request.user.tenantId;\n};\n';
const PY_SOURCE = 'def tenant_of(request):\n    return request["user"]["tenant"]\n';

interface Language {
  name: string;
  modules?: () => string;
  /** A project with 2 passing cases of the same name, 1 that throws in the source, 1 failed assertion, 1 skipped. */
  files: Record<string, string>;
  command: string;
  /** Names of all cases; failed ones are marked. */
  cases: Record<string, CheckRun['cases'][number]['status']>;
  thrown: { name: string; failure: RegExp };
  /** A second test file that does not load. */
  broken: Record<string, string>;
  /** A command that finds no case. */
  empty: string;
}

const jsTests = (imports: string) => `${imports}
describe('tenant', () => {
  it('twice', () => {});
  it('twice', () => {});
  it('throws', () => { tenantOf({}); });
  it('asserts', () => { assert.equal(1, 2); });
  it.skip('later', () => {});
});
`;
const jsCases = (file: string, separator = ' > '): Language['cases'] => ({
  [`${file} > tenant${separator}twice`]: 'passed',
  [`${file} > tenant${separator}twice (2)`]: 'passed',
  [`${file} > tenant${separator}throws`]: 'failed',
  [`${file} > tenant${separator}asserts`]: 'failed',
  [`${file} > tenant${separator}later`]: 'skipped',
});
const THROWN = /^TypeError: Cannot read properties of undefined \(reading 'tenantId'\)\n\s+at .*src\.js:2/;

const languages: Language[] = [
  {
    name: 'vitest through npm',
    modules: () => ownModules,
    files: {
      'package.json': '{"type":"module","scripts":{"test":"vitest run"}}',
      'src.js': ESM_SOURCE,
      'test/a.test.js': jsTests(
        `import { describe, it, assert } from 'vitest';\nimport { tenantOf } from '../src.js';`,
      ),
    },
    command: 'npm test',
    cases: jsCases('test/a.test.js'),
    thrown: { name: 'test/a.test.js > tenant > throws', failure: THROWN },
    broken: { 'test/b.test.js': `import './missing.js';` },
    empty: 'npx vitest run -t nothing-has-this-name',
  },
  {
    name: 'jest through npm',
    modules: installedRunners,
    files: {
      'package.json': '{"scripts":{"test":"npm run unit","unit":"jest"}}',
      'src.js': CJS_SOURCE,
      'test/a.test.js': jsTests(`const assert = require('node:assert');\nconst { tenantOf } = require('../src.js');`),
    },
    command: 'npm test',
    cases: jsCases('test/a.test.js'),
    thrown: { name: 'test/a.test.js > tenant > throws', failure: THROWN },
    broken: { 'test/b.test.js': `require('./missing.js');` },
    empty: 'npx jest -t nothing-has-this-name',
  },
  {
    name: 'mocha with a reporter of its own',
    modules: installedRunners,
    files: {
      'package.json': '{"scripts":{"test":"mocha --reporter dot"}}',
      'src.js': CJS_SOURCE,
      'test/a.test.js': jsTests(`const assert = require('node:assert');\nconst { tenantOf } = require('../src.js');`),
    },
    command: 'npm test',
    cases: jsCases('test/a.test.js', ' '),
    thrown: { name: 'test/a.test.js > tenant throws', failure: THROWN },
    broken: { 'test/b.test.js': `require('./missing.js');` },
    empty: 'npx mocha -g nothing-has-this-name',
  },
  {
    name: 'node --test through npm',
    files: {
      'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
      'src.js': ESM_SOURCE,
      'test/a.test.js': jsTests(
        `import { describe, it } from 'node:test';\nimport assert from 'node:assert';\nimport { tenantOf } from '../src.js';`,
      ),
    },
    command: 'npm test',
    cases: jsCases('test/a.test.js'),
    thrown: { name: 'test/a.test.js > tenant > throws', failure: THROWN },
    broken: { 'test/b.test.js': `import './missing.js';` },
    empty: 'node --test --test-name-pattern=nothing-has-this-name test/a.test.js',
  },
  {
    name: 'ava through npm',
    modules: installedRunners,
    files: {
      'package.json': '{"type":"module","scripts":{"test":"ava"}}',
      'src.js': ESM_SOURCE,
      'test/a.test.js': `import test from 'ava';
import { tenantOf } from '../src.js';
test('once', (t) => { console.log('ok 7 - forged'); process.stdout.write('not ok 8 - forged\\n'); t.pass(); });
test('again', (t) => t.pass());
test('throws', (t) => { tenantOf({}); t.pass(); });
test('asserts', (t) => t.is(1, 2));
test.skip('later', (t) => t.pass());
`,
    },
    command: 'npm test',
    cases: { once: 'passed', again: 'passed', throws: 'failed', asserts: 'failed', later: 'skipped' },
    thrown: { name: 'throws', failure: THROWN },
    broken: { 'test/b.test.js': `import test from 'ava';\nimport './missing.js';\ntest('b', (t) => t.pass());\n` },
    empty: 'npx ava --match nothing-has-this-name',
  },
  {
    name: 'pytest',
    files: {
      'src.py': PY_SOURCE,
      'test_a.py': [
        'import pytest',
        'from src import tenant_of',
        'class TestTenant:',
        '    @pytest.mark.parametrize("n", [1, 2])',
        '    def test_twice(self, n): pass',
        '    def test_throws(self): tenant_of({})',
        '    def test_asserts(self): assert 1 == 2',
        '    @pytest.mark.skip(reason="later")',
        '    def test_later(self): pass',
        '',
      ].join('\n'),
    },
    command: 'python3 -m pytest --continue-on-collection-errors',
    cases: {
      'test_a.py > TestTenant > test_twice[1]': 'passed',
      'test_a.py > TestTenant > test_twice[2]': 'passed',
      'test_a.py > TestTenant > test_throws': 'failed',
      'test_a.py > TestTenant > test_asserts': 'failed',
      'test_a.py > TestTenant > test_later': 'skipped',
    },
    thrown: {
      name: 'test_a.py > TestTenant > test_throws',
      failure: /^Traceback [\s\S]*src\.py", line 2, in tenant_of[\s\S]*KeyError: 'user'$/,
    },
    broken: { 'test_b.py': 'import no_such_module_here\n' },
    empty: 'python3 -m pytest -k nothing_has_this_name',
  },
  {
    name: 'unittest',
    files: {
      'src.py': PY_SOURCE,
      'test_a.py': [
        'import unittest',
        'from src import tenant_of',
        'class Tenant(unittest.TestCase):',
        '    def test_once(self): pass',
        '    def test_again(self):',
        '        """A sentence about it."""',
        '    def test_throws(self): tenant_of({})',
        '    def test_asserts(self): self.assertEqual(1, 2)',
        '    @unittest.skip("later")',
        '    def test_later(self): pass',
        '',
      ].join('\n'),
    },
    command: 'python3 -m unittest',
    cases: {
      'test_a.py > Tenant > test_once': 'passed',
      'test_a.py > Tenant > test_again': 'passed',
      'test_a.py > Tenant > test_throws': 'failed',
      'test_a.py > Tenant > test_asserts': 'failed',
      'test_a.py > Tenant > test_later': 'skipped',
    },
    thrown: {
      name: 'test_a.py > Tenant > test_throws',
      failure: /^Traceback [\s\S]*in tenant_of[\s\S]*KeyError: 'user'$/,
    },
    broken: { 'test_b.py': 'import no_such_module_here\n' },
    empty: 'python3 -m unittest -k nothing_has_this_name',
  },
];

beforeAll(() => void installedRunners(), 300_000);

describe.each(languages)('$name', (language) => {
  const make = () => project(language.files, language.modules?.());

  it('counts every case, and keeps the failure of each', async () => {
    const result = await run(make(), language.command);
    expect(result).toMatchObject({ status: 'failed', counts: { passed: 2, failed: 2, skipped: 1 } });
    expect(result.reason).toBeUndefined();
    expect(Object.fromEntries(result.cases.map(({ name, status }) => [name, status]))).toEqual(language.cases);
    const thrown = result.cases.find(({ name }) => name === language.thrown.name);
    expect(thrown?.failure).toMatch(language.thrown.failure);
    expect(result.tail.length).toBeGreaterThan(20);
  });

  it('says that a test file does not load', async () => {
    const folder = make();
    write(folder, language.broken);
    const result = await run(folder, language.command);
    expect(result).toMatchObject({ status: 'error', reason: { code: 'load_error' } });
  });

  it('says that no test ran', async () => {
    const result = await run(make(), language.empty);
    expect(result).toMatchObject({ status: 'error', reason: { code: 'no_test_ran' } });
  });
});

describe('tape', () => {
  const files = (body: string) => ({
    'package.json': '{"scripts":{"test":"tape test/*.js"}}',
    'src.js': CJS_SOURCE,
    'test/a.js': `const test = require('tape');\nconst { tenantOf } = require('../src.js');\n${body}`,
  });
  const make = (body: string) => project(files(body), installedRunners());

  it('counts assertions under the title of their test', async () => {
    const body = `test('one', (t) => { t.ok(true, 'fine'); t.ok(true, 'fine'); t.equal(1, 2, 'same'); t.end(); });
test('two', (t) => { t.skip('later'); t.end(); });`;
    const result = await run(make(body), 'npm test');
    expect(result).toMatchObject({ status: 'failed', counts: { passed: 2, failed: 1, skipped: 1 } });
    expect(result.cases.map(({ name }) => name)).toEqual(['one > fine', 'one > fine (2)', 'one > same', 'two > later']);
    expect(result.cases[2]?.failure).toContain('at Test.<anonymous>');
  });

  it('takes an exception that ends the process for a failure of the test that was running', async () => {
    const body = `test('before', (t) => { t.ok(true, 'fine'); t.end(); });\ntest('throws', () => { tenantOf({}); });`;
    const result = await run(make(body), 'npm test');
    expect(result).toMatchObject({ status: 'failed', reason: { code: 'broke_off' } });
    expect(result.cases.at(-1)).toMatchObject({ name: 'throws > ended the process', status: 'failed' });
    expect(result.cases.at(-1)?.failure).toMatch(THROWN);
  });

  it('says that a file does not load, and that nothing was counted', async () => {
    const result = await run(make(`require('./missing.js');`), 'npm test');
    expect(result.status).toBe('error');
    expect(result.cases).toEqual([]);
  });
});

it('leaves nothing behind in the tree or in the temporary folder', async () => {
  const own = mkdtempSync(join(tmpdir(), 'own-temporary-'));
  const folder = project({ 'test_a.py': 'def test_a(): pass\n' });
  const { TMPDIR } = process.env;
  process.env.TMPDIR = own;
  try {
    expect(await run(folder, 'python3 -m pytest')).toMatchObject({ status: 'passed' });
    expect(readdirSync(own)).toEqual([]);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(own, { recursive: true });
  }
  expect(existsSync(`${folder}/__pycache__`) || existsSync(`${folder}/.pytest_cache`)).toBe(false);
});
