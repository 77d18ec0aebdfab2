import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCheckReport } from '../../../hooks/trace/check-report.ts';
import { bash, call, fixture } from './calls.ts';

const output = (name: string) => fixture(`outputs/${name}.txt`);
const GREEN = { failing: [], errors: '' };
const OURS = 'mcp__plugin_self-healing_living-context__';
const CART_VITEST = ['cart.test.ts > cart > throws', 'cart.test.ts > cart > totals'];
const CART_PYTEST = [
  'test_cart.py::Cart::test_boom',
  'test_cart.py::Cart::test_discount',
  'test_cart.py::test_broken',
  'test_cart.py::test_empty',
];
const UNITTEST = ['test_boom (test_cart.Cart.test_boom)', 'test_discount (test_cart.Cart.test_discount)'];

/** Name of the recorded output, the command that gave it, and what fails. */
const RED: [name: string, command: string, failing: string[]][] = [
  ['vitest', 'npx vitest run', [...CART_VITEST, 'load.test.ts']],
  ['vitest-verbose', 'npx vitest run --reporter=verbose cart', CART_VITEST],
  [
    'jest',
    'npm test',
    ['t/cart.test.js cart › discount › throws', 't/cart.test.js cart › totals', 't/load.test.js does not load'],
  ],
  ['mocha', 'npx mocha', ['cart discount throws', 'cart totals']],
  ['node-spec', 'node --test', ['adds', 'nt/load.test.mjs', 'throws', 'totals']],
  ['node-dot', 'node --test --test-reporter=dot', ['adds', 'cart', 'nt/load.test.mjs', 'throws', 'totals']],
  ['node-tap', 'node --test --test-reporter=tap', ['adds', 'cart', 'nt/load.test.mjs', 'throws', 'totals']],
  ['ava-tap', 'npx ava --tap', ['adds']],
  ['pytest', 'pytest', CART_PYTEST],
  ['pytest-v', 'python -m pytest -v --no-summary', CART_PYTEST],
  ['pytest-q', 'uv run pytest -q', ['test_load.py']],
  ['unittest', 'python3 -m unittest test_cart', UNITTEST],
  ['unittest-load', 'python3 -m unittest', [...UNITTEST, 'test_load (unittest.loader._FailedTest.test_load)']],
  ['cargo-test', 'cargo test', ['tests::adds', 'tests::boom']],
  ['nextest', 'cargo nextest run', ['cart tests::adds']],
  [
    'go-test',
    'go test ./...',
    [
      'example.com/shop/cart TestDiscount',
      'example.com/shop/cart TestDiscount/half_price',
      'example.com/shop/cart TestTotal',
      'example.com/shop/pay',
      'pay/pay_test.go undefined: Charge',
    ],
  ],
  [
    'rspec',
    'bundle exec rspec',
    ['./spec/cart_spec.rb Cart adds up the prices', './spec/cart_spec.rb Cart without items is free'],
  ],
  ['surefire', 'mvn -q test', ['com.example.CartTest.empty', 'com.example.CartTest.totals']],
  ['gradle', './gradlew test', ['CartTest > discounts > half price', 'CartTest > totals()']],
  ['phpunit', 'vendor/bin/phpunit', ['CartTest::testEmpty', 'CartTest::testTotal with data set "two items" (2, 4)']],
  ['dotnet-test', 'dotnet test', ['Shop.CartTests.Totals']],
  ['tsc', 'npx tsc --noEmit', ['a.ts TS2304', 'a.ts TS2322', 'a.ts TS7006']],
  ['tsc-pretty', 'npx tsc --noEmit --pretty', ['a.ts TS2304', 'a.ts TS2322', 'a.ts TS7006']],
  ['biome', 'npx biome lint', ['lint.js lint/suspicious/noDebugger', 'lint.js lint/suspicious/noDoubleEquals']],
  [
    'eslint',
    'npx eslint .',
    [
      'npm/t/lint.js eqeqeq',
      'npm/t/lint.js no-unused-vars',
      'npm/t/lint2.js no-unused-vars',
      'npm/t/lint2.js no-unused-vars (2)',
    ],
  ],
  ['ruff', 'ruff check', ['lint.py F401', 'lint.py F841']],
  ['ruff-concise', 'ruff check --output-format=concise', ['lint.py F401', 'lint.py F841']],
  ['mypy', 'mypy .', ['lint.py arg-type', 'lint.py return-value']],
  ['cargo-check', 'cargo check', ['src/lib.rs E0308']],
  ['go-build', 'go build ./...', ['cart/cart.go declared and not used: sum', 'cart/cart.go undefined: price']],
  [
    'javac',
    'javac A.java',
    ['A.java cannot find symbol', 'A.java incompatible types: String cannot be converted to int'],
  ],
  ['dotnet-build', 'dotnet build', ['Cart.cs CS0029']],
];

describe('what fails, by name', () => {
  it.each(RED)('%s', (name, command, failing) => {
    const report = readCheckReport(bash(command, output(name), 'error'));
    expect(report?.failing).toEqual([...failing].sort());
    expect(report?.errors).toMatch(/^[\w-]{12}$/);
  });

  it.each([
    ['vitest-green', 'npx vitest run -t ok'],
    ['jest-green', 'npx jest'],
    ['mocha-green', 'npx mocha'],
    ['node-green', 'node --test'],
    ['unittest-green', 'python3 -m unittest'],
    ['go-test-green', 'go test ./...'],
  ])('nothing: %s, also behind a pipe and in a script of another name', (name, command) => {
    expect(readCheckReport(bash(command, output(name)))).toEqual(GREEN);
    expect(readCheckReport(bash(`${command} 2>&1 | tail -20`, output(name)))).toEqual(GREEN);
    expect(readCheckReport(bash('./everything', output(name)))).toEqual(GREEN);
  });

  it('and how many, where the output is cut before the names', () => {
    const tail = output('vitest').split('\n').slice(-6).join('\n');
    expect(readCheckReport(bash('npx vitest run | tail -5', tail))?.failing).toEqual(['unnamed 1', 'unnamed 2']);
    expect(readCheckReport(bash('pytest -q | tail -1', '4 failed, 2 passed in 0.61s'))?.failing).toHaveLength(4);
  });

  it('without the halves of names where the client cut the middle out', () => {
    const [head = '', tail = ''] = output('pytest').split('::test_broken - TypeError');
    const text = `${head}\n\n... [20012 characters truncated] ...\n\n${tail}`;
    expect(readCheckReport(bash('pytest', text, 'error'))?.failing).toEqual([
      'test_cart.py::Cart::test_boom',
      'test_cart.py::Cart::test_discount',
      'test_cart.py::test_empty',
      'unnamed 1',
    ]);
  });

  it('of several checks in one command', () => {
    const both = bash('npx tsc --noEmit; npx vitest run', `${output('tsc')}${output('vitest-verbose')}`, 'error');
    expect(readCheckReport(both)?.failing).toEqual(['a.ts TS2304', 'a.ts TS2322', 'a.ts TS7006', ...CART_VITEST]);
  });

  it('keeps the cases of a table apart, and masks what changes from run to run', () => {
    const told = (name: string) =>
      readCheckReport(bash('pytest', `FAILED t.py::${name}\n1 failed in 0.1s`, 'error'))?.failing;
    expect(told('test_a[case 1]')).not.toEqual(told('test_a[case 2]'));
    expect(told('test_a[/tmp/tmpx8Qw2zT1/a]')).toEqual(told('test_a[/tmp/tmpZ81kLm0p/a]'));
  });
});

describe('the digest of the errors', () => {
  const errors = (text: string) => readCheckReport(bash('npx vitest run', text, 'error'))?.errors;
  const red = output('vitest');

  it('stays when only places, times and the order change', () => {
    expect(errors(red.replace('cart.test.ts:2:55', 'cart.test.ts:9:1').replace(/171ms|\b5ms/g, '8ms'))).toBe(
      errors(red),
    );
    expect(errors(red.replace("it('totals'", "it( 'totals'"))).toBe(errors(red));
    const parts = red.split('FAIL');
    expect(errors([parts[0], parts[3], parts[2], parts[1]].join('FAIL'))).toBe(errors(red));
  });

  it('changes with the error', () => {
    expect(errors(red.replaceAll("reading 'x'", "reading 'price'"))).not.toBe(errors(red));
    expect(errors(red.replaceAll('AssertionError', 'RangeError'))).not.toBe(errors(red));
  });
});

describe('a check that no reader knows', () => {
  it('fails under the name it was called by, by its exit code or, behind a pipe, by its words', () => {
    const failed = readCheckReport(
      bash('cd web && ./run-tests.sh --fast', 'Exit code 1\nboom: cart is empty', 'error'),
    );
    expect(failed?.failing).toEqual(['./run-tests.sh --fast']);
    expect(readCheckReport(bash('npm run check | tail -3', 'step 2 failed'))?.failing).toEqual(['npm run check']);
    expect(readCheckReport(bash('npm run check | tail -3', '0 failed, no errors'))).toEqual(GREEN);
    expect(readCheckReport(bash('make test | grep total', '', 'error'))).toBeNull();
  });

  it.each(['npx tsc --noEmit', 'npx eslint src', 'go vet ./...', 'timeout 60 npm run lint', 'python -m mypy src'])(
    'passes in silence: %s',
    (command) => expect(readCheckReport(bash(command))).toEqual(GREEN),
  );

  it('fails when its runner is green and it is not', () => {
    const report = readCheckReport(bash('npm test', `${output('vitest-green')}\nERROR: coverage is below 80`, 'error'));
    expect(report?.failing).toEqual(['npm test']);
  });
});

describe('no check', () => {
  it.each([
    ['what shows an old report', bash('cat out.txt', output('vitest'))],
    ['a search', bash('grep -rn "error TS2322" . | head', output('tsc'))],
    ['a look at history', bash('git log --oneline', 'a1b2c3d Fix test: 2 failed')],
    ['a reading tool', call('Read', { file_path: 'out.txt' }, { output: output('pytest') })],
    ['a program', bash('node server.js', 'listening')],
    ['a program that fails', bash('node seed.js', 'Exit code 1\nError: no database', 'error')],
    [
      'a call that never ran',
      { ...bash('npm test', 'Permission to use Bash has been denied'), outcome: 'refused' as const },
    ],
    ['one still running', bash('npm test', 'Command running in background with ID: b1')],
    ["a Go program's log", bash('go run .', 'main.go:12: listening on :8080')],
    ['an install', bash('npm install', 'npm error code ERESOLVE', 'error')],
  ])('%s', (_what, one) => expect(readCheckReport(one)).toBeNull());
});

describe('our own tools', () => {
  const check = (status: string, findings: object[] = []) => ({ status, findings, evidence: [] });
  const told = (answer: object, tool = 'verify_fix') =>
    readCheckReport(call(`${OURS}${tool}`, { incident: 'INC-1' }, { output: JSON.stringify(answer) }));

  it('verify_fix: the findings that block', () => {
    const finding = { code: 'scenarios.failed', message: 'S001 is red', file: 'src/a.ts', next: 'x' };
    const warning = { code: 'invariants.warning', message: 'w', next: 'x' };
    const checks = {
      reproduction: check('pass'),
      scenarios: check('fail', [finding]),
      invariants: check('warn', [warning]),
    };
    expect(told({ verdict: 'fail', tree: 't', iteration: 1, checks })?.failing).toEqual(['scenarios.failed src/a.ts']);
    expect(told({ verdict: 'pass', tree: 't', iteration: 1, checks: { scenarios: check('pass') } })).toEqual(GREEN);
  });

  it('run_scenarios: those that fail, and not because the base does', () => {
    const scenarios = ['passed', 'failed', 'already_failing', 'timed_out'].map((status, index) => ({
      id: `S00${index}`,
      status,
      tail: 'AssertionError: 1 != 2',
    }));
    expect(told({ scenarios, counts: {} }, 'run_scenarios')?.failing).toEqual(['S001', 'S003']);
  });

  it('nothing of a refusal', () => {
    expect(
      readCheckReport(call(`${OURS}verify_fix`, {}, { output: 'not_found: no fix is open', outcome: 'error' })),
    ).toBeNull();
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    'FAIL ',
    '● ',
    '  1) ',
    'not ok 1 - ',
    '=== ',
    'error: ',
    ' > ',
    ':12:3',
    '(',
    '━',
    '\u001b[31m',
    'Tests: ',
  );
  const texts = fc
    .array(fc.oneof(pieces, fc.string(), fc.constant('\n')), { maxLength: 60 })
    .map((parts) => parts.join(''));

  it('gives a sorted report without doubles, or none, whatever it is cut to', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('ok', 'error'),
        fc.constantFrom('npm test', './x'),
        (text, outcome, command) => {
          const report = readCheckReport(bash(command, text, outcome));
          if (!report) return;
          expect(report.failing).toEqual([...new Set(report.failing)].sort());
          expect(report.errors === '').toBe(report.failing.length === 0);
        },
      ),
    );
  });

  it.each([
    'a'.repeat(70_000),
    ' '.repeat(70_000),
    'a:1:1: '.repeat(10_000),
    'FAIL a > '.repeat(8_000),
    '\u001b['.repeat(30_000),
    `${'x('.repeat(30_000)}`,
    `error: ${'a '.repeat(1000)}[\n`.repeat(30),
    '1 failed, '.repeat(7_000),
    'test a ... FAILE\n'.repeat(4_000),
  ])('is read to its end, however hostile (%#)', (text) => {
    expect(readCheckReport(bash('npm test', text, 'error'))?.failing.length).toBeGreaterThan(0);
  });
});

describe('what reports have in common', () => {
  it.each([
    ['ctest', '2/3 Test #2: emit\n1 tests failed out of 3\n\t  2 - emit (Failed)', 1],
    ['mix test', '  1) test a (A.B)\n     test/a.exs:3\n\n  2) test b (A.B)\n\n9 tests, 2 failures', 2],
    [
      'bin/rails test',
      'Failure:\nSeatTest#test_a [test/a.rb:20]:\nno\n\n2 runs, 5 assertions, 1 failures, 0 errors, 0 skips',
      1,
    ],
    ['bun test', '(fail) math > subs [1ms]\n(fail) math > muls [0.1ms]\n\n 1 pass\n 2 fail', 2],
    [
      'npx playwright test',
      'Running 1 test using 1 worker\n\n  1) [chromium] › a.spec.ts:5:1 › pays (3.1s)\n\n  1 failed',
      1,
    ],
    ['vendor/bin/phpstan analyse', ' [ERROR] Found 7 errors', 7],
    ['mypy --strict x | tail -2', 'x/a.py:3: error: Missing  [type-arg]\nFound 63 errors in 13 files', 63],
    [
      './gradlew compileKotlin',
      'e: file:///home/dev/app/A.kt:20:9 Only safe calls\ne: file:///home/dev/app/A.kt:27:9 Only safe calls',
      2,
    ],
    ['make test', 'PASS alpha\nFAIL beta\nFAIL: gamma\n2 tests failed', 2],
    ['npm run check | tail -3', 'step 2 failed', 1],
  ])('%s', (command, text, failing) => {
    expect(readCheckReport(bash(command, text, 'error'))?.failing).toHaveLength(failing);
  });

  it('names terraform errors by file and block', () => {
    const text = '╷\n│ Error: Missing argument\n│ \n│   on queue.tf line 1, in module "queue":\n╵';
    expect(readCheckReport(bash('terraform validate', text, 'error'))?.failing).toEqual([
      'Missing argument queue.tf module "queue"',
    ]);
  });
});
