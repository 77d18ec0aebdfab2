/** What a test prints, and what it is called, must not change what is counted: its output is told by an enemy. */
import { describe, expect, it } from 'vitest';
import { write } from '../../../write.ts';
import { installedRunners, ownModules, project, run } from '../project.ts';

/** Lines of every report that is read anywhere. */
const FORGED = [
  'TAP version 13',
  'ok 1 - forged',
  'not ok 2 - forged',
  '1..2',
  'Bail out! forged',
  'running 1 test',
  'test forged ... ok',
  'test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
  '{"Action":"pass","Package":"forged","Test":"TestForged"}',
  '--- PASS: TestForged (0.00s)',
  '<testsuite><testcase name="forged"/></testsuite>',
  '{"event":"ok","key":7,"titles":["forged"]}',
  '{"testResults":[{"name":"forged","status":"passed","assertionResults":[]}]}',
  'test_forged (test_a.Forged.test_forged) ... ok',
  'Ran 7 tests in 0.001s',
  '\u001b[32mok\u001b[0m 3 - \u001b[2Kforged\r',
];
const SAYS = JSON.stringify(`\n${FORGED.join('\n')}\n`);
const LONG = 'x'.repeat(100_000);

const js = (imports: string, define: (name: string, body: string) => string) =>
  [
    imports,
    `const says = () => { console.log(${SAYS}); console.error(${SAYS}); process.stdout.write(${SAYS}); };`,
    define('"green"', 'says();'),
    define('"red"', `says(); throw new Error(${SAYS});`),
    define(JSON.stringify(`line\nok 9 - break ${FORGED[1]}`), ''),
    define(`"${LONG}"`, ''),
  ].join('\n');

const PYTHON_SAYS = `SAYS = ${SAYS.replaceAll('\\u001b', '\\x1b')}`;

const runners: Record<string, { files: Record<string, string>; command: string; modules?: () => string }> = {
  vitest: {
    files: { 'a.test.js': js(`import { it } from 'vitest';`, (name, body) => `it(${name}, () => { ${body} });`) },
    command: 'npx vitest run',
    modules: () => ownModules,
  },
  jest: {
    files: { 'package.json': '{}', 'a.test.js': js('', (name, body) => `it(${name}, () => { ${body} });`) },
    command: 'npx jest',
    modules: installedRunners,
  },
  mocha: {
    files: { 'test/a.js': js('', (name, body) => `it(${name}, () => { ${body} });`) },
    command: 'npx mocha',
    modules: installedRunners,
  },
  ava: {
    files: {
      'package.json': '{"type":"module"}',
      'test/a.js': js(`import test from 'ava';`, (name, body) => `test(${name}, (t) => { ${body} t.pass(); });`),
    },
    command: 'npx ava',
    modules: installedRunners,
  },
  'node --test': {
    files: {
      'a.test.mjs': js(`import test from 'node:test';`, (name, body) => `test(${name}, () => { ${body} });`),
    },
    command: 'node --test',
  },
  pytest: {
    files: {
      'test_a.py': `import sys, pytest
${PYTHON_SAYS}
def test_green(): print(SAYS); print(SAYS, file=sys.stderr)
def test_red(): raise ValueError(SAYS)
@pytest.mark.parametrize("n", ["a\\nok 1 - b", "${'x'.repeat(5000)}"])
def test_named(n): pass
`,
    },
    command: 'python3 -m pytest -s',
  },
  unittest: {
    files: {
      'test_a.py': `import sys, unittest
${PYTHON_SAYS}
class A(unittest.TestCase):
    def test_green(self): print(SAYS); print(SAYS, file=sys.stderr)
    def test_red(self): raise ValueError(SAYS)
setattr(A, "test_a\\nok 1 - b", lambda self: None)
setattr(A, "test_${LONG}", lambda self: None)
`,
    },
    command: 'python3 -m unittest',
  },
};

describe.each(Object.entries(runners))('%s', (_name, { files, command, modules }) => {
  it('counts its own cases whatever they print and whatever they are called', async () => {
    const result = await run(project(files, modules?.()), command);
    expect(result).toMatchObject({ status: 'failed', counts: { passed: 3, failed: 1, skipped: 0 } });
    expect(result.reason).toBeUndefined();
    expect(result.cases.filter(({ status }) => status === 'failed').map(({ name }) => name)).toEqual([
      expect.stringContaining('red'),
    ]);
  });
});

describe('unittest', () => {
  const files = {
    'test_a.py': `import os, subprocess, sys, unittest
class A(unittest.TestCase):
    def test_ok(self): pass
    @unittest.skip("later")
    def test_skip(self): pass
    @unittest.expectedFailure
    def test_known(self): self.fail()
    @unittest.expectedFailure
    def test_better(self): pass
    def test_parts(self):
        for n in range(3):
            with self.subTest(n=n): self.assertNotEqual(n, 1)
    def test_inner(self):
        unittest.TextTestRunner(stream=sys.stderr).run(unittest.defaultTestLoader.loadTestsFromTestCase(Inner))
    def test_process(self):
        subprocess.run([sys.executable, "-m", "unittest", "inner"], check=True)
    def test_hidden(self): self.assertNotIn("recorder", os.environ.get("PYTHONPATH", "") + "".join(sys.path))
class Inner(unittest.TestCase):
    def runTest(self): pass
class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise unittest.SkipTest("not here")
    def test_never(self): pass
`,
    'inner.py': 'import unittest\nclass I(unittest.TestCase):\n    def test_i(self): pass\n',
  };

  it('tells skips, expected failures and parts, and only the outermost run', async () => {
    const result = await run(project(files), 'python3 -m unittest', { env: { PYTHONPATH: '/nowhere' } });
    expect(Object.fromEntries(result.cases.map(({ name, status }) => [name, status]))).toEqual({
      'test_a.py > A > test_ok': 'passed',
      'test_a.py > A > test_skip': 'skipped',
      'test_a.py > A > test_known': 'skipped',
      'test_a.py > A > test_better': 'failed',
      'test_a.py > A > test_parts': 'failed',
      'test_a.py > A > test_inner': 'passed',
      'test_a.py > A > test_process': 'passed',
      'test_a.py > A > test_hidden': 'passed',
      'test_a.py > Inner > runTest': 'passed',
      'setUpClass (test_a.Broken)': 'skipped',
    });
    expect(result.status).toBe('failed');
  });

  it('reads the verbose text where its recorder is not loaded', async () => {
    const folder = project({ 'test_a.py': files['inner.py'] });
    const result = await run(folder, 'PYTHONPATH=. python3 -m unittest');
    expect(result.cases).toEqual([{ name: 'test_a.I.test_i', status: 'passed' }]);
  });

  it('says that a class could not be set up, and that the process ended', async () => {
    const folder = project({
      'test_a.py':
        'import unittest\nclass A(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls): raise KeyError("x")\n    def test_a(self): pass\n',
    });
    expect(await run(folder, 'python3 -m unittest')).toMatchObject({ status: 'error', reason: { code: 'load_error' } });
    write(folder, {
      'test_a.py': 'import os, unittest\nclass A(unittest.TestCase):\n    def test_a(self): os._exit(3)\n',
    });
    const result = await run(folder, 'python3 -m unittest');
    expect(result).toMatchObject({ status: 'failed', reason: { code: 'broke_off' }, counts: { failed: 1 } });
  });
});

it('asks pytest for its report also where the command asks for one of its own', async () => {
  const folder = project({ 'test_a.py': 'def test_a(): pass\n' });
  const result = await run(folder, 'python3 -m pytest --junitxml=own.xml');
  expect(result.cases).toEqual([{ name: 'test_a.py > test_a', file: 'test_a.py', status: 'passed' }]);
});
