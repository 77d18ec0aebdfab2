/** Runs in which change after change leaves a check red in the same way. */
import { circle, type Run, type Written } from './kit.ts';

export function circlingChanges(): Written[] {
  return [...everyEditDifferent(), ...noisy()];
}

/** One change, then the check, for each of the texts; marks at the third and the fifth change that left all as it was. */
export function changes(
  run: Run,
  texts: readonly string[],
  change: (text: string, at: number) => void,
  check: (at: number) => void,
): void {
  for (const [at, text] of texts.entries()) {
    change(text, at);
    check(at);
    run.mark(at + 1, 3, 5);
  }
}

function everyEditDifferent(): Written[] {
  const pattern = 'every change another one, the check red in the same way';
  const kotlin = (run: Run) =>
    run.red(
      './gradlew :core:test --tests "*InvoiceTest" 2>&1',
      `> Task :core:test FAILED\n\nInvoiceTest > rounds half even FAILED\n    org.opentest4j.AssertionFailedError: expected: <10.42> but was: <10.43>\n        at core.InvoiceTest.rounds half even(InvoiceTest.kt:27)\n\n4 tests completed, 1 failed\n\nBUILD FAILED in ${run.number(4, 19)}s`,
    );
  const swift = (run: Run) =>
    run.red(
      'swift test 2>&1 | tail -6',
      `Test Case 'FeedTests.testOrder' started at 2026-03-06 10:${run.number(10, 59)}:11.${run.number(100, 999)}\n/home/dev/app/Tests/FeedTests.swift:33: error: FeedTests.testOrder : XCTAssertEqual failed: ("[3, 1, 2]") is not equal to ("[1, 2, 3]")\nTest Case 'FeedTests.testOrder' failed (0.0${run.number(10, 40)} seconds)\nExecuted 6 tests, with 1 failure (0 unexpected) in 0.${run.number(100, 400)} seconds`,
    );
  return [
    circle(
      'loop.thrash',
      { file: 'different-edits-kotlin', pattern, about: 'seven ways to round, in one file' },
      (run) => {
        run.ask('InvoiceTest fails since yesterday, please fix');
        kotlin(run);
        run.read('core/src/main/kotlin/Money.kt', 'fun round(value: Double) = Math.round(value * 100) / 100.0');
        let last = 'Math.round(value * 100) / 100.0';
        changes(
          run,
          [
            '(value * 100).roundToInt() / 100.0',
            'BigDecimal(value).setScale(2, RoundingMode.HALF_UP).toDouble()',
            '"%.2f".format(value).toDouble()',
            'floor(value * 100 + 0.5) / 100',
            'ceil(value * 100 - 0.5) / 100',
            'DecimalFormat("0.00").format(value).toDouble()',
            '(value * 100).toLong() / 100.0',
          ],
          (text) => {
            run.edit('core/src/main/kotlin/Money.kt', last, text);
            last = text;
          },
          () => kotlin(run),
        );
      },
    ),
    circle(
      'loop.thrash',
      {
        file: 'different-edits-swift',
        workBefore: 6,
        pattern,
        about: 'changes over five files, a read and a thought before each',
      },
      (run) => {
        swift(run);
        changes(
          run,
          ['Feed', 'Store', 'Sorter', 'Item', 'Feed+Codable', 'Clock'],
          (name, at) => {
            run.say(`The order may come from ${name}.`);
            run.read(`Sources/${name}.swift`, `struct ${name.replace('+', '')} {\n  var items: [Item] = []\n}`);
            run.edit(`Sources/${name}.swift`, 'var items: [Item] = []', `var items: [Item] = [] // sorted ${at}`);
          },
          () => swift(run),
        );
      },
    ),
    circle(
      'loop.thrash',
      { file: 'different-edits-ctest', pattern, about: 'C++ with ctest, two changes before each check' },
      (run) => {
        changes(
          run,
          ['reserve', 'emplace_back', 'std::move', 'shrink_to_fit', 'resize', 'assign'],
          (word, at) => {
            run.edit('src/ring.cc', `// ${at}`, `buffer_.${word}(n);`);
            run.edit('src/ring.h', `// ${at}`, `// uses ${word}`);
            run.bash('cmake --build build -j8 2>&1 | tail -1', `[100%] Built target ring_test`);
          },
          () =>
            run.red(
              'ctest --test-dir build --output-on-failure',
              `Test project /home/dev/app/build\n    Start 1: ring_test\n1/2 Test #1: ring_test ........................***Failed    0.0${run.number(1, 9)} sec\n[ RUN      ] Ring.WrapsAround\n/home/dev/app/test/ring_test.cc:58: Failure\nExpected equality of these values:\n  ring.size()\n    Which is: 0\n  4\n[  FAILED  ] Ring.WrapsAround (0 ms)\n2/2 Test #2: log_test .........................   Passed    0.01 sec\n\n50% tests passed, 1 tests failed out of 2\nThe following tests FAILED:\n\t  1 - ring_test (Failed)`,
              8,
            ),
        );
      },
    ),
    circle(
      'loop.thrash',
      {
        file: 'different-edits-terraform',
        pattern,
        about: 'terraform validate with the same error after six rewritings',
      },
      (run) => {
        run.ask('make the module accept several subnets');
        changes(
          run,
          [
            'toset(var.subnets)',
            'tolist(var.subnets)',
            '{ for s in var.subnets : s => s }',
            'var.subnets[*]',
            'flatten(var.subnets)',
            'distinct(var.subnets)',
          ],
          (text) =>
            run.write(
              'modules/db/main.tf',
              `resource "aws_db_subnet_group" "this" {\n  for_each   = ${text}\n  subnet_ids = each.values\n}\n`,
            ),
          () =>
            run.red(
              'terraform -chdir=modules/db validate -no-color',
              '╷\n│ Error: Unsupported attribute\n│ \n│   on main.tf line 3, in resource "aws_db_subnet_group" "this":\n│    3:   subnet_ids = each.values\n│ \n│ This object does not have an attribute named "values".\n╵',
            ),
        );
      },
    ),
    circle(
      'loop.thrash',
      {
        file: 'different-edits-migration',
        pattern,
        about: 'a SQL migration written anew six times, the same constraint fails',
      },
      (run) => {
        changes(
          run,
          [
            'ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users;',
            'SET session_replication_role = replica;\nALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users(id);',
            'BEGIN;\nALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users(id);\nCOMMIT;',
            'ALTER TABLE ONLY orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users(id) DEFERRABLE;',
            'ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;',
            'ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users(id) MATCH FULL;',
          ],
          (text) => run.write('migrations/0042_orders_fk.sql', `${text}\n`),
          () =>
            run.red(
              'sqlx migrate run',
              'Applied 41/migrate users (2.1ms)\nerror: while executing migration 42: error returned from database: insert or update on table "orders" violates foreign key constraint "fk"\nDetail: Key (user_id)=(7731) is not present in table "users".',
            ),
        );
      },
    ),
  ];
}

function noisy(): Written[] {
  const pattern = 'the same failures behind noise that never repeats';
  const names = ['test_refund_partial', 'test_refund_twice', 'test_refund_foreign_currency'];
  return [
    circle(
      'loop.thrash',
      { file: 'noise-xdist', pattern, about: 'pytest-xdist: other workers and order in each run' },
      (run) => {
        run.ask('refund tests are red');
        changes(
          run,
          [
            'Decimal(amount)',
            'amount.quantize(CENT)',
            'round(amount, 2)',
            'abs(amount)',
            'Money(amount)',
            'amount or 0',
          ],
          (text, at) => run.edit('shop/refund.py', `# try ${at}`, `value = ${text}  # try ${at + 1}`),
          () => {
            const order = run.shuffled(names);
            run.red(
              'pytest -n 4 tests/test_refund.py -q',
              `bringing up nodes...\n${run.shuffled(['.', '.', 'F', 'F', 'F', '.', '.']).join('')}\n=================================== FAILURES ===================================\n${order.map((name) => `_____ ${name} _____\n[gw${run.number(0, 3)}] linux -- Python 3.13.1 /home/dev/app/.venv/bin/python\nE   shop.errors.LedgerClosed: ledger 2026-02 is closed\nshop/ledger.py:88: LedgerClosed`).join('\n')}\n=========================== short test summary info ============================\n${order.map((name) => `FAILED tests/test_refund.py::${name} - shop.errors.LedgerClosed: ledger 2026-02 is closed`).join('\n')}\n3 failed, 4 passed in ${run.seconds(1, 5)}s`,
            );
          },
        );
      },
    ),
    circle(
      'loop.thrash',
      { file: 'noise-exunit', pattern, about: 'ExUnit with a new seed, pids and order each time' },
      (run) => {
        const tests = ['test charges once (Shop.BillingTest)', 'test retries (Shop.BillingTest)'];
        changes(
          run,
          [
            'GenServer.call(pid, :charge, 10_000)',
            'Task.await(Task.async(fn -> charge(pid) end))',
            'send(pid, :charge)',
            'GenServer.cast(pid, :charge)',
            'Process.sleep(50) && charge(pid)',
            'apply(Billing, :charge, [pid])',
          ],
          (text, at) => run.edit('lib/shop/billing.ex', `# step ${at}`, `${text} # step ${at + 1}`),
          () => {
            run.red(
              'mix test test/shop/billing_test.exs',
              `Running ExUnit with seed: ${run.number(1000, 999999)}, max_cases: 8\n\n${run
                .shuffled(tests)
                .map(
                  (name, at) =>
                    `  ${at + 1}) ${name}\n     test/shop/billing_test.exs:${name.includes('once') ? 14 : 31}\n     ** (exit) exited in: GenServer.call(#PID<0.${run.number(200, 900)}.0>, :charge, 5000)\n         ** (EXIT) no process: the process is not alive`,
                )
                .join(
                  '\n\n',
                )}\n\nFinished in 0.${run.number(1, 9)} seconds (0.00s async, 0.${run.number(1, 9)}s sync)\n6 tests, 2 failures`,
              2,
            );
          },
        );
      },
    ),
    circle(
      'loop.thrash',
      {
        file: 'noise-playwright',
        workBefore: 9,
        pattern,
        about: 'Playwright: ports, durations and trace folders differ, the locator never appears',
      },
      (run) => {
        run.ask('checkout.spec.ts is red on main');
        changes(
          run,
          [
            'await page.waitForTimeout(500)',
            "await page.waitForLoadState('networkidle')",
            'await page.reload()',
            "await expect(page).toHaveURL('/checkout')",
            'test.slow()',
            "await page.locator('body').hover()",
          ],
          (text) =>
            run.edit(
              'e2e/checkout.spec.ts',
              "await page.goto('/checkout');",
              `await page.goto('/checkout');\n  ${text};`,
            ),
          () => {
            run.red(
              'npx playwright test checkout',
              `[WebServer] listening on http://localhost:${run.number(30000, 60000)}\nRunning 3 tests using 2 workers\n\n  1) [chromium] › e2e/checkout.spec.ts:${run.number(18, 24)}:3 › pays by card (${run.seconds(30, 33)}s)\n\n    Error: expect(locator).toBeVisible() failed\n    Locator: getByTestId('pay-now')\n    Expected: visible\n    Received: <element(s) not found>\n    Timeout: 5000ms\n\n    attachment #1: trace › test-results/checkout-pays-by-card-${run.hex(5)}/trace.zip\n\n  1 failed\n    [chromium] › e2e/checkout.spec.ts › pays by card\n  2 passed (${run.seconds(35, 44)}s)`,
            );
          },
        );
      },
    ),
    circle(
      'loop.thrash',
      {
        file: 'noise-phpunit',
        pattern,
        about: 'PHPUnit in random order, the same two failures, memory and time differ',
      },
      (run) => {
        const fails = ['Tests\\TaxTest::testReducedRate', 'Tests\\TaxTest::testExport'];
        changes(
          run,
          ['0.07', '7 / 100', "config('tax.reduced')", 'self::REDUCED', "(float) '0.07'"],
          (text, at) => {
            run.edit('src/Tax.php', `return ${at};`, `return ${text}; // return ${at + 1};`);
            if (at === 2) run.bash('php -l src/Tax.php', 'No syntax errors detected in src/Tax.php');
          },
          () => {
            run.red(
              'vendor/bin/phpunit --order-by=random',
              `Random Seed:   ${run.number(1000000000, 1999999999)}\n\nTime: 00:00.${run.number(100, 900)}, Memory: ${run.number(10, 28)}.00 MB\n\nThere were 2 failures:\n\n${run
                .shuffled(fails)
                .map(
                  (name, at) =>
                    `${at + 1}) ${name}\nFailed asserting that null is of type float.\n/home/dev/app/tests/TaxTest.php:${name.endsWith('Export') ? 44 : 21}`,
                )
                .join('\n\n')}\n\nFAILURES!\nTests: 31, Assertions: 70, Failures: 2.`,
            );
          },
        );
      },
    ),
  ];
}
