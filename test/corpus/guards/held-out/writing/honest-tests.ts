/** Honest work at red tests that turn green one by one, or fail further on each time. */
import { honest, type Run, type Written } from './kit.ts';

export function honestTests(): Written[] {
  return [...shrinking(), ...deeper(), ...layers(), ...twoWrong()];
}

function shrinking(): Written[] {
  const pattern = 'the failing set loses one test at a time';
  const story = (
    file: string,
    about: string,
    names: string[],
    command: string,
    report: (run: Run, failing: string[], total: number) => string,
    path: string,
  ) =>
    honest('loop.thrash', { file, pattern, about }, (run) => {
      for (let at = 0; at < names.length; at++) {
        run.red(command, report(run, names.slice(at), names.length + 4));
        run.edit(path, `/* ${names[at]} */`, `handle("${names[at]}")`);
      }
      run.bash(command, report(run, [], names.length + 4));
    });
  const names = ['Empty', 'Comma', 'Quoted', 'Escaped', 'Nested', 'Unicode', 'TooLong'];
  return [
    story(
      'shrinking-gtest',
      'gtest, seven to none',
      names,
      './build/csv_test',
      (run, failing, total) =>
        `[==========] Running ${total} tests from 1 test suite.\n${failing.map((name) => `test/csv_test.cc:30: Failure\nExpected equality of these values:\n  parse(input).size()\n    Which is: 0\n  1\n[  FAILED  ] Csv.${name} (0 ms)`).join('\n')}\n[==========] ${total} tests from 1 test suite ran. (${run.number(1, 5)} ms total)\n[  PASSED  ] ${total - failing.length} tests.\n${failing.length === 0 ? '' : `[  FAILED  ] ${failing.length} tests, listed below:\n${failing.map((name) => `[  FAILED  ] Csv.${name}`).join('\n')}`}`,
      'src/csv.cc',
    ),
    story(
      'shrinking-exunit',
      'ExUnit, always the same message',
      names.slice(0, 5),
      'mix test',
      (run, failing, total) =>
        `Running ExUnit with seed: ${run.number(1, 99999)}, max_cases: 8\n\n${failing.map((name, at) => `  ${at + 1}) test ${name} (Csv.ParserTest)\n     test/parser_test.exs:${9 + name.length}\n     ** (FunctionClauseError) no function clause matching in Csv.Parser.field/2`).join('\n\n')}\n\nFinished in 0.0${run.number(1, 9)} seconds\n${total} tests, ${failing.length} failures`,
      'lib/parser.ex',
    ),
    story(
      'shrinking-phpunit',
      'PHPUnit errors of missing handlers',
      names.slice(1),
      'vendor/bin/phpunit',
      (run, failing, total) =>
        failing.length === 0
          ? `OK (${total} tests, 31 assertions)`
          : `There were ${failing.length} errors:\n\n${failing.map((name, at) => `${at + 1}) CsvTest::test${name}\nLogicException: no handler\n/home/dev/app/src/Csv.php:44`).join('\n\n')}\n\nTime: 00:00.0${run.number(10, 40)}, Memory: 8.00 MB\nERRORS!\nTests: ${total}, Assertions: 20, Errors: ${failing.length}.`,
      'src/Csv.php',
    ),
    story(
      'shrinking-rspec',
      'RSpec, one message for all',
      names.slice(2),
      'bundle exec rspec',
      (run, failing, total) =>
        `${failing.map((name, at) => `  ${at + 1}) Csv ${name}\n     Failure/Error: raise NotImplementedError\n\n     NotImplementedError:\n       NotImplementedError`).join('\n\n')}\n\nFinished in 0.0${run.number(1, 9)} seconds\n${total} examples, ${failing.length} failures\n\n${failing.map((name) => `rspec ./spec/csv_spec.rb:${name.length + 3} # Csv ${name}`).join('\n')}`,
      'lib/csv.rb',
    ),
  ];
}

function deeper(): Written[] {
  const pattern = 'one test stays red, its error goes deeper each time';
  return [
    honest(
      'loop.thrash',
      {
        file: 'deeper-playwright',
        workBefore: 8,
        pattern,
        about: 'an end-to-end test gets one step further after each fix',
      },
      (run) => {
        const steps = [
          ['fills the address', "getByLabel('Street')", 14],
          ['chooses shipping', "getByRole('radio')", 19],
          ['enters the card', "getByTestId('card')", 26],
          ['confirms', "getByRole('button', { name: 'Pay' })", 31],
          ['sees the receipt', "getByText('Thank you')", 35],
        ] as const;
        for (const [name, locator, row] of steps) {
          run.red(
            'npx playwright test order',
            `Running 1 test using 1 worker\n\n  1) [chromium] › e2e/order.spec.ts:5:1 › orders a lamp › ${name}\n\n    Error: expect(locator).toBeVisible() failed\n    Locator: ${locator}\n    at e2e/order.spec.ts:${row}:9\n\n  1 failed\n    [chromium] › e2e/order.spec.ts:5:1 › orders a lamp`,
          );
          run.read(`src/order/step${row}.tsx`, 'export function Step() {\n  return null;\n}');
          run.edit(`src/order/step${row}.tsx`, 'return null;', `return <Part name="${name}" />;`);
        }
        run.bash('npx playwright test order', 'Running 1 test using 1 worker\n\n  1 passed (6.1s)');
      },
    ),
    honest(
      'loop.thrash',
      { file: 'deeper-spring', pattern, about: 'a Spring context that misses one bean after the other' },
      (run) => {
        for (const bean of ['DataSource', 'OrderRepository', 'PriceClient', 'Clock', 'TaxTable']) {
          run.red(
            './mvnw -q test -Dtest=ContextTest',
            `[ERROR] Tests run: 1, Failures: 0, Errors: 1, Skipped: 0 -- in shop.ContextTest\n[ERROR] ContextTest.loads » UnsatisfiedDependency No qualifying bean of type 'shop.${bean}' available\n[INFO] BUILD FAILURE\n[INFO] Total time:  ${run.seconds(9, 14)} s`,
          );
          run.edit(
            'src/test/java/shop/TestBeans.java',
            '// next',
            `@Bean ${bean} the${bean}() { return mock(${bean}.class); }\n  // next`,
          );
        }
        run.bash('./mvnw -q test -Dtest=ContextTest', '');
      },
    ),
    honest(
      'loop.thrash',
      { file: 'deeper-migration', pattern, about: 'one integration test, another wrong column at each run' },
      (run) => {
        for (const [at, column] of ['created', 'owner', 'state', 'price', 'currency', 'vat'].entries()) {
          run.red(
            'mix test test/orders_test.exs:12',
            `Running ExUnit with seed: ${run.number(1, 99999)}, max_cases: 8\nExcluding tags: [:test]\nIncluding tags: [location: {"test/orders_test.exs", 12}]\n\n  1) test stores an order (Shop.OrdersTest)\n     test/orders_test.exs:12\n     ** (Postgrex.Error) ERROR 42703 (undefined_column) column o0.${column} of relation "orders" does not exist\n\nFinished in 0.1 seconds\n9 tests, 1 failure, 8 excluded`,
            2,
          );
          run.write(
            `priv/repo/migrations/2026030610000${at}_add_${column}.exs`,
            `defmodule Shop.Repo.Migrations.Add${at} do\n  use Ecto.Migration\n  def change, do: alter(table(:orders), do: add(:${column}, :string))\nend\n`,
          );
        }
        run.bash('mix test test/orders_test.exs:12', `Finished in 0.1 seconds\n9 tests, 0 failures, 8 excluded`);
      },
    ),
  ];
}

function layers(): Written[] {
  const pattern = 'an image that builds one step further each time';
  const story = (
    file: string,
    about: string,
    command: string,
    parts: [string, string][],
    report: (run: Run, at: number, step: string, why: string) => string,
  ) =>
    honest('loop.thrash', { file, pattern, about }, (run) => {
      for (const [at, [step, why]] of parts.entries()) {
        run.red(command, report(run, at, step, why));
        run.edit('Dockerfile', `RUN ${step}`, `RUN prepare-${at} && ${step}`);
      }
      run.bash(command, 'naming to docker.io/library/app done');
    });
  return [
    story(
      'layers-docker',
      'packages missing in one RUN step after the other',
      'docker build . 2>&1 | tail -3',
      [
        ['pnpm install', 'pnpm: not found'],
        ['pnpm build', "Cannot find module 'vite'"],
        ['pnpm prune --prod', 'ERR_PNPM_NO_LOCKFILE'],
        ['adduser app', 'adduser: not found'],
        ['chown -R app /srv', 'invalid user: app'],
      ],
      (run, at, step, why) =>
        `#${9 + at} ERROR: process "/bin/sh -c ${step}" did not complete successfully: exit code: 1\n > [${4 + at}/12] RUN ${step}:\n${run.seconds(0, 3)} ${why}`,
    ),
    story(
      'layers-packages',
      'one step, one missing header after the other',
      'docker build . 2>&1 | grep "fatal error"',
      ['zlib', 'ssl', 'pq-fe', 'ffi', 'yaml', 'jpeglib'].map((name): [string, string] => [`pip install ${name}`, name]),
      (run, _at, _step, why) =>
        `#11 ${run.seconds(20, 50)} ext/module.c:${run.number(3, 9)}:10: fatal error: ${why}.h: No such file or directory`,
    ),
  ];
}

function twoWrong(): Written[] {
  const pattern = 'two fixes that did not help, the third does';
  const story = (
    file: string,
    about: string,
    red: (run: Run) => void,
    wrong: (run: Run, at: number) => void,
    right: (run: Run) => void,
    green: (run: Run) => void,
  ) =>
    honest('loop.thrash', { file, pattern, about }, (run) => {
      red(run);
      for (const at of [1, 2]) {
        wrong(run, at);
        red(run);
      }
      run.say('Neither was the cause. I look at how the value gets there.');
      right(run);
      green(run);
    });
  return [
    story(
      'two-wrong-gradle',
      'a JVM flag, a version, then the missing plugin',
      (run) =>
        run.red(
          './gradlew build',
          "FAILURE: Build failed with an exception.\n\n* What went wrong:\nExecution failed for task ':app:kspKotlin'.\n> Could not create an instance of type KspTaskJvm",
          1,
        ),
      (run, at) => run.edit('gradle.properties', `# ${at}`, `org.gradle.jvmargs=-Xmx${at}g\n# ${at + 1}`),
      (run) => run.edit('build.gradle.kts', 'id("ksp") version "1.0"', 'id("ksp") version "2.0"'),
      (run) => run.bash('./gradlew build', 'BUILD SUCCESSFUL in 21s'),
    ),
    story(
      'two-wrong-xdist',
      'a fixture shared by workers',
      (run) =>
        run.red(
          'pytest -n 4 -q',
          `FAILED tests/test_port.py::test_binds - OSError: [Errno 98] Address already in use\n1 failed, 22 passed in ${run.seconds(1, 3)}s`,
        ),
      (run, at) => run.edit('tests/conftest.py', `# ${at}`, `time.sleep(${at})\n# ${at + 1}`),
      (run) => run.edit('tests/conftest.py', 'port = 8099', 'port = free_port()'),
      (run) => run.bash('pytest -n 4 -q', '23 passed in 1.88s'),
    ),
    story(
      'two-wrong-jest',
      'a timer mock, found by reading the library',
      (run) =>
        run.red(
          'npx jest debounce',
          `● debounce › calls once\n\n    expect(jest.fn()).toHaveBeenCalledTimes(expected)\n\n    Expected number of calls: 1\n    Received number of calls: 0\n\nTests:       1 failed, 3 passed, 4 total\nTime:        0.${run.number(100, 900)} s`,
        ),
      (run, at) => run.edit('src/debounce.ts', `/* ${at} */`, `clearTimeout(t${at}); /* ${at + 1} */`),
      (run) => {
        run.read('node_modules/lodash/debounce.js', 'var now = function() {\n  return root.Date.now();\n};');
        run.edit('src/debounce.test.ts', 'jest.useFakeTimers()', "jest.useFakeTimers({ doNotFake: ['Date'] })");
      },
      (run) => run.bash('npx jest debounce', 'Tests:       4 passed, 4 total'),
    ),
  ];
}
