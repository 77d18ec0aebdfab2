/** Honest work on errors that go away slowly or move on. */
import { honest, type Run, type Written } from './kit.ts';

export function honestErrors(): Written[] {
  return [...typeErrors(), ...movingErrors(), ...coverage()];
}

function typeErrors(): Written[] {
  const pattern = 'type errors go down one by one';
  const tell = (
    file: string,
    about: string,
    first: number,
    steps: number,
    check: (run: Run, left: number) => void,
    change: (run: Run, at: number) => void,
  ) =>
    honest('loop.thrash', { file, pattern, about }, (run) => {
      run.ask('make it compile under the strict settings');
      check(run, first);
      for (let at = 1; at <= steps; at++) {
        change(run, at);
        check(run, first - at);
      }
    });
  return [
    tell(
      'type-errors-tsc',
      'tsc, 214 to 200, only the count is read',
      214,
      14,
      (run, left) => run.bash('npx tsc --noEmit | grep -c "error TS"', `${left}`),
      (run, at) => run.edit(`src/views/view${at}.tsx`, 'props: any', 'props: ViewProps'),
    ),
    tell(
      'type-errors-mypy',
      'mypy: the last lines of the same report',
      63,
      9,
      (run, left) =>
        run.red(
          'mypy --strict pipeline | tail -3',
          `pipeline/sinks.py:${70 + left}: error: Missing type parameters for generic type "dict"  [type-arg]\npipeline/sinks.py:${90 + left}: error: Function is missing a return type annotation  [no-untyped-def]\nFound ${left} errors in ${Math.ceil(left / 5)} files (checked 48 source files)`,
        ),
      (run, at) => run.edit('pipeline/sources.py', `def load_${at}(path)`, `def load_${at}(path: Path) -> Frame`),
    ),
    tell(
      'type-errors-swift',
      'Swift 6 concurrency errors, two files',
      31,
      8,
      (run, left) =>
        run.red(
          'swift build 2>&1 | grep error: | sort -u | head -5',
          Array.from(
            { length: Math.min(5, left) },
            (_, at) =>
              `/home/dev/app/Sources/Net/Session.swift:${40 + (31 - left) * 9 + at * 6}:13: error: sending 'task${31 - left + at}' risks causing data races`,
          ).join('\n'),
        ),
      (run, at) => run.edit('Sources/Net/Session.swift', `var task${at}: Task`, `let task${at}: Task`),
    ),
    tell(
      'type-errors-kotlin',
      'null safety after a library upgrade, whole report each time',
      12,
      10,
      (run, left) =>
        run.red(
          './gradlew :app:compileKotlin 2>&1',
          `${Array.from({ length: left }, (_, at) => `e: file:///home/dev/app/app/src/main/kotlin/Api.kt:${20 + (12 - left + at) * 7}:9 Only safe (?.) or non-null asserted (!!.) calls are allowed on a nullable receiver of type 'Body?'.`).join('\n')}\n\nBUILD FAILED in ${run.number(3, 9)}s`,
        ),
      (run, at) =>
        run.edit('app/src/main/kotlin/Api.kt', `response${at}.body.string()`, `response${at}.body?.string().orEmpty()`),
    ),
  ];
}

function movingErrors(): Written[] {
  const pattern = 'the error moves on by a line or a statement';
  return [
    honest(
      'loop.thrash',
      { file: 'moving-yaml', pattern, about: 'one wrong indentation after the other in a long file' },
      (run) => {
        run.ask('actionlint complains about our workflow');
        for (const row of [31, 32, 33, 41, 42, 57]) {
          run.red(
            'actionlint .github/workflows/ci.yml',
            `.github/workflows/ci.yml:${row}:9: unexpected key "with" for step to run action. expected one of "name", "uses" [syntax-check]`,
          );
          run.edit('.github/workflows/ci.yml', `  with: # ${row}`, `with: # ${row}`);
        }
        run.bash('actionlint .github/workflows/ci.yml', '');
      },
    ),
    honest(
      'loop.thrash',
      { file: 'moving-sql', workBefore: 5, pattern, about: 'a dump that fails one statement later after each repair' },
      (run) => {
        for (let at = 0; at < 8; at++) {
          run.red(
            'psql -v ON_ERROR_STOP=1 -f legacy.sql shop_test',
            `psql:legacy.sql:${120 + at}: ERROR:  type "number" does not exist\nLINE 1: ALTER TABLE t${at} ADD COLUMN total number(10,2);\n                                          ^`,
            3,
          );
          run.edit(
            'legacy.sql',
            `ALTER TABLE t${at} ADD COLUMN total number(10,2);`,
            `ALTER TABLE t${at} ADD COLUMN total numeric(10,2);`,
          );
        }
        run.bash('psql -v ON_ERROR_STOP=1 -f legacy.sql shop_test', 'ALTER TABLE\nALTER TABLE\nALTER TABLE');
      },
    ),
    honest(
      'loop.thrash',
      {
        file: 'moving-cpp',
        pattern,
        about: 'g++ stops at the first error (-Wfatal-errors), eleven times another line',
      },
      (run) => {
        for (let at = 0; at < 11; at++) {
          run.red(
            'make 2>&1 | grep -m1 error',
            `src/codec.cc:${88 + at}:14: error: 'auto_ptr' is not a member of 'std' [-Wfatal-errors]`,
            2,
          );
          run.edit('src/codec.cc', `std::auto_ptr<Frame> f${at}`, `std::unique_ptr<Frame> f${at}`);
        }
        run.bash('make 2>&1 | tail -1', 'ar rcs libcodec.a codec.o frame.o');
      },
    ),
    honest(
      'loop.thrash',
      { file: 'moving-terraform', pattern, about: 'terraform validate names the next missing provider argument' },
      (run) => {
        for (const name of ['queue', 'topic', 'bucket', 'table', 'stream']) {
          run.red(
            'terraform validate -no-color',
            `╷\n│ Error: Missing required argument\n│ \n│   on ${name}.tf line 1, in module "${name}":\n│    1: module "${name}" {\n│ \n│ The argument "region" is required, but no definition was found.\n╵`,
          );
          run.edit(`${name}.tf`, 'source =', 'region = var.region\n  source =');
        }
        run.bash('terraform validate -no-color', 'Success! The configuration is valid.');
      },
    ),
  ];
}

function coverage(): Written[] {
  const pattern = 'coverage grows by a tenth of a percent';
  const story = (
    file: string,
    about: string,
    report: (run: Run, at: number) => string,
    command: string,
    path: (at: number) => string,
    rounds: number,
  ) =>
    honest('loop.similar', { file, pattern, about }, (run) => {
      run.ask('get the coverage up to the threshold, test by test');
      for (let at = 0; at <= rounds; at++) {
        if (at > 0) run.write(path(at), `// case ${at}\n`);
        run.bash(command, report(run, at));
      }
    });
  return [
    story(
      'coverage-jest',
      'jest, 71.2 to 72.6',
      (run, at) =>
        `Test Suites: ${20 + at} passed, ${20 + at} total\nTests:       ${140 + at * 2} passed, ${140 + at * 2} total\nTime:        ${run.number(3, 8)}.${run.number(0, 9)} s\nAll files      |   ${(71.2 + at / 10).toFixed(1)} |`,
      'npx jest --coverage --silent 2>&1 | tail -4',
      (at) => `test/money/case${at}.test.ts`,
      14,
    ),
    story(
      'coverage-jacoco',
      'Gradle and JaCoCo, only the number',
      (_run, at) => `instruction coverage: ${(83.41 + at * 0.07).toFixed(2)}%`,
      './gradlew -q jacocoTestReport printCoverage',
      (at) => `src/test/kotlin/rules/Rule${at}Test.kt`,
      9,
    ),
    story(
      'coverage-gcov',
      'lcov summary, long output',
      (_run, at) =>
        `Reading tracefile build/cov.info\nSummary coverage rate:\n  source files: 112\n  lines.......: 64.${at} (${8120 + at * 11} of 12604 lines)\n  functions...: 70.2 (901 of 1284 functions)\n  branches....: no data found`,
      'ctest --test-dir build -Q && lcov --summary build/cov.info',
      (at) => `test/lexer_${at}_test.cc`,
      8,
    ),
  ];
}
