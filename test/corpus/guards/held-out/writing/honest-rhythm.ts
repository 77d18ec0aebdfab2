/** Honest work in small steps, and what is taken back for a good reason. */
import { honest, type Run, type Written } from './kit.ts';

export function honestRhythm(): Written[] {
  return [...testFirst(), ...greenSteps(), ...proof(), ...experiments()];
}

function testFirst(): Written[] {
  const pattern = 'red, green, red, green';
  const story = (
    file: string,
    about: string,
    rounds: number,
    command: string,
    test: string,
    code: string,
    red: (run: Run, at: number) => string,
    green: (run: Run, at: number) => string,
  ) =>
    honest('loop.cycle', { file, pattern, about }, (run) => {
      for (let at = 1; at <= rounds; at++) {
        run.edit(test, `// case ${at}`, `check(${at});\n// case ${at + 1}`);
        run.red(command, red(run, at));
        run.edit(code, `// rule ${at}`, `rule(${at});\n// rule ${at + 1}`);
        run.bash(command, green(run, at));
      }
    });
  return [
    story(
      'test-first-gleam',
      'thirty rounds, 120 steps',
      30,
      'gleam test',
      'test/roman_test.gleam',
      'src/roman.gleam',
      (_run, at) =>
        `Running roman_test.main\n${'.'.repeat(at)}F\n\nFailures:\n1) roman_test.case_${at}_test\n   Values were not equal\n   expected: ${at + 1}\n   got: 0\n\n${at + 1} tests, 1 failures`,
      (_run, at) => `Running roman_test.main\n${'.'.repeat(at + 1)}\n\n${at + 1} tests, 0 failures`,
    ),
    story(
      'test-first-cargo',
      'twelve rounds, the same test name with other cases',
      12,
      'cargo test -q',
      'tests/rules.rs',
      'src/rules.rs',
      (run, at) =>
        `running 1 test\nF\nfailures:\n\n---- table stdout ----\nthread 'table' (${run.number(1000, 99999)}) panicked at tests/rules.rs:9:5:\nrow ${at}: not covered\n\nfailures:\n    table\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; finished in 0.0${run.number(0, 9)}s`,
      (run) => `running 1 test\n.\ntest result: ok. 1 passed; 0 failed; 0 ignored; finished in 0.0${run.number(0, 9)}s`,
    ),
    story(
      'test-first-vitest',
      'eight rounds with prompts of a person',
      8,
      'pnpm vitest run cart',
      'src/cart.test.ts',
      'src/cart.ts',
      (run, at) =>
        ` FAIL  src/cart.test.ts > cart > rule ${at}\nAssertionError: expected 0 to be ${at * 5}\n Test Files  1 failed (1)\n      Tests  1 failed | ${at} passed (${at + 1})\n   Duration  ${run.number(200, 900)}ms`,
      (run, at) =>
        ` Test Files  1 passed (1)\n      Tests  ${at + 1} passed (${at + 1})\n   Duration  ${run.number(200, 900)}ms`,
    ),
  ];
}

function greenSteps(): Written[] {
  const pattern = 'many small steps, the check green after each of them';
  const story = (
    file: string,
    about: string,
    rounds: number,
    command: string,
    output: (run: Run, at: number) => string,
    path: (at: number) => string,
  ) =>
    honest('loop.similar', { file, pattern, about }, (run) => {
      run.ask('please refactor in small steps and run the checks after every one');
      for (let at = 1; at <= rounds; at++) {
        run.edit(path(at), `legacy${at}(`, `modern${at}(`);
        run.bash(command, output(run, at));
      }
    });
  return [
    story(
      'green-steps-phpunit',
      'always OK (118 tests, 340 assertions)',
      12,
      'vendor/bin/phpunit --no-progress',
      () => 'OK (118 tests, 340 assertions)',
      () => 'src/Kernel.php',
    ),
    story(
      'green-steps-bazel',
      'bazel test, cached targets, eight files',
      8,
      'bazel test //...',
      (run) =>
        `INFO: Analyzed 41 targets (0 packages loaded, 0 targets configured).\nINFO: Elapsed time: ${run.number(2, 9)}.${run.number(100, 999)}s, Critical Path: 1.12s\n//server:server_test                PASSED in 0.${run.number(2, 9)}s\n\nExecuted 1 out of 12 tests: 12 tests pass.`,
      (at) => `server/handler_${at}.cc`,
    ),
    story(
      'green-steps-plan',
      'terraform plan must show no changes after every move of a resource',
      10,
      'terraform plan -no-color',
      () =>
        'No changes. Your infrastructure matches the configuration.\n\nTerraform has compared your real infrastructure against your configuration and found no differences, so no changes are needed.',
      () => 'main.tf',
    ),
    story(
      'green-steps-silent',
      'a type check that prints nothing when it is content',
      9,
      'npx tsc --noEmit',
      () => '',
      (at) => `src/api/route${at}.ts`,
    ),
  ];
}

function proof(): Written[] {
  const pattern = 'the fix taken out once, to see the test fail without it';
  return [
    honest(
      'loop.undo',
      { file: 'proof-edit', workBefore: 9, pattern, about: 'fix, green, fix out, red, fix in again, green' },
      (run) => {
        const red = () =>
          run.red(
            'dotnet test --filter Cancel',
            'Failed Cancel_releases_the_seat [12 ms]\n  Assert.Equal() Failure: Expected: 1, Actual: 0\n\nFailed!  - Failed:     1, Passed:     5, Skipped:     0, Total:     6',
          );
        const green = () =>
          run.bash(
            'dotnet test --filter Cancel',
            'Passed!  - Failed:     0, Passed:     6, Skipped:     0, Total:     6',
          );
        red();
        run.edit('src/Booking.cs', 'Seats.Remove(seat);', 'Seats.Remove(seat);\n        Free.Add(seat);');
        green();
        run.say('I take the fix out once more, to be sure that the new test sees the bug.');
        run.edit('src/Booking.cs', 'Seats.Remove(seat);\n        Free.Add(seat);', 'Seats.Remove(seat);');
        red();
        run.edit('src/Booking.cs', 'Seats.Remove(seat);', 'Seats.Remove(seat);\n        Free.Add(seat);');
        green();
      },
    ),
    honest(
      'loop.revisit',
      { file: 'proof-stash', pattern, about: 'the same with git stash of the source only' },
      (run) => {
        const red = () =>
          run.red(
            'go test ./seat/',
            `--- FAIL: TestCancel (0.00s)\n    seat_test.go:40: free = 0, want 1\nFAIL\nFAIL\texample.com/app/seat\t0.01${run.number(0, 9)}s`,
          );
        run.write('seat/seat_test.go', 'package seat\n\nfunc TestCancel(t *testing.T) {}\n');
        red();
        run.edit('seat/seat.go', 'delete(s.taken, id)', 'delete(s.taken, id)\n\ts.free++');
        run.bash('go test ./seat/', 'ok  \texample.com/app/seat\t0.012s');
        run.bash(
          'git stash push seat/seat.go',
          'Saved working directory and index state WIP on cancel: 1f2e3d4 Add cancel',
        );
        red();
        run.bash(
          'git stash pop',
          'On branch cancel\nChanges not staged for commit:\n\tmodified:   seat/seat.go\nDropped refs/stash@{0}',
        );
        run.bash('go test ./seat/', 'ok  \texample.com/app/seat\t0.013s');
      },
    ),
    honest(
      'loop.revisit',
      { file: 'proof-two-fixes', pattern, about: 'two bugs, each proven by taking its fix out alone' },
      (run) => {
        const red = (name: string) =>
          run.red(
            'bin/rails test test/models',
            `Failure:\n${name} [test/models/seat_test.rb:${name.length}]:\nExpected false to be truthy.\n\n24 runs, 51 assertions, 1 failures, 0 errors, 0 skips`,
          );
        for (const name of ['SeatTest#test_cancel', 'SeatTest#test_swap_rows']) {
          red(name);
          run.edit('app/models/seat.rb', `# ${name}`, 'touch');
          run.bash('bin/rails test test/models', '24 runs, 52 assertions, 0 failures, 0 errors, 0 skips');
          run.edit('app/models/seat.rb', 'touch', `# ${name}`);
          red(name);
          run.edit('app/models/seat.rb', `# ${name}`, 'touch');
          run.bash('bin/rails test test/models', '24 runs, 52 assertions, 0 failures, 0 errors, 0 skips');
        }
      },
    ),
  ];
}

function experiments(): Written[] {
  const pattern = 'measured, taken back, another one measured';
  const story = (
    file: string,
    about: string,
    tries: [string, string][],
    measure: (run: Run, value: string) => void,
    path: string,
    back: boolean,
  ) =>
    honest('loop.revisit', { file, pattern, about }, (run) => {
      run.ask('find out which variant is fastest, keep only the best');
      measure(run, tries[0]?.[1] ?? '');
      for (const [name, value] of tries.slice(1)) {
        run.edit(path, 'strategy = plain', `strategy = ${name}`);
        measure(run, value);
        if (back) run.bash(`git checkout -- ${path}`, 'Updated 1 path from the index');
        else run.edit(path, `strategy = ${name}`, 'strategy = plain');
      }
    });
  const tries: [string, string][] = [
    ['plain', '41.2'],
    ['arena', '40.9'],
    ['simd', '22.7'],
    ['mmap', '41.0'],
    ['batch', '33.5'],
  ];
  return [
    story(
      'experiments-bench',
      'Google Benchmark, git checkout between',
      tries,
      (run, value) =>
        run.bash(
          './build/bench --benchmark_filter=Scan',
          `Run on (8 X 3${run.number(100, 900)} MHz CPU s)\nBM_Scan/1024      ${value} ns         ${value} ns     16${run.number(100000, 900000)}`,
        ),
      'src/scan.cc',
      true,
    ),
    story(
      'experiments-sql',
      'EXPLAIN ANALYZE under other settings, taken back by edit',
      tries,
      (run, value) =>
        run.bash(
          'psql -f explain.sql bench',
          ` Aggregate  (cost=1204.11..1204.12 rows=1 width=8) (actual time=${value}..${value} rows=1 loops=1)\n Planning Time: 0.${run.number(100, 300)} ms\n Execution Time: ${value}1 ms`,
        ),
      'explain.sql',
      false,
    ),
    story(
      'experiments-training',
      'a small model, validation loss per optimizer',
      tries.slice(0, 4),
      (run, value) =>
        run.bash(
          'python train.py --epochs 1 | tail -2',
          `epoch 1 | train loss 0.${run.number(300, 900)} | val loss 0.${value.replace('.', '')}\nsaved runs/${run.hex(8)}`,
        ),
      'train.py',
      false,
    ),
  ];
}
