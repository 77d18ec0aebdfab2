/** Honest sessions of other kinds: talk, bisecting, compaction, notebooks. */
import { honest, type Run, type Written } from './kit.ts';

export function honestSessions(): Written[] {
  return [...bisecting(), ...logging(), ...compacted(), ...talking(), ...notebooks()];
}

function bisecting(): Written[] {
  const pattern = 'bisecting by the same check';
  const story = (
    file: string,
    about: string,
    answers: boolean[],
    command: string,
    green: string,
    red: string,
    step: (run: Run, good: boolean, left: number) => void,
  ) =>
    honest('loop.cycle', { file, pattern, about }, (run) => {
      run.ask('it worked two weeks ago, find the change');
      for (const [at, good] of answers.entries()) {
        if (good) run.bash(command, green);
        else run.red(command, red);
        step(run, good, answers.length - at - 1);
      }
    });
  const git = (run: Run, good: boolean, left: number) =>
    run.bash(
      `git bisect ${good ? 'good' : 'bad'}`,
      left === 0
        ? `${run.hex(40)} is the first bad commit`
        : `Bisecting: ${2 ** left - 1} revisions left to test after this (roughly ${left} steps)\n[${run.hex(40)}] Change ${run.hex(3)}`,
    );
  return [
    story(
      'bisecting-git',
      'seven steps, bad and good in turn',
      [false, true, false, true, false, false, true],
      'cmake --build build >/dev/null && ctest --test-dir build -R tls',
      '100% tests passed, 0 tests failed out of 1',
      '0% tests passed, 1 tests failed out of 1\n\nThe following tests FAILED:\n\t  7 - tls (Failed)',
      git,
    ),
    story(
      'bisecting-mostly-bad',
      'eight steps, only the last one good',
      [false, false, false, false, false, false, false, true],
      'pytest -q tests/test_tz.py',
      '4 passed in 0.11s',
      "FAILED tests/test_tz.py::test_dst - KeyError: 'Europe/Kyiv'\n1 failed, 3 passed in 0.12s",
      git,
    ),
    story(
      'bisecting-versions',
      'a dependency bisected over its versions',
      [true, false, true, false, true],
      'npx vitest run parser',
      ' Test Files  1 passed (1)\n      Tests  9 passed (9)',
      ' FAIL  src/parser.test.ts > keeps order\nAssertionError: expected 2 to be 1\n      Tests  1 failed | 8 passed (9)',
      (run, _good, left) => run.bash(`pnpm add yaml@2.${left * 2 + 1}.0`, `+ yaml 2.${left * 2 + 1}.0`),
    ),
  ];
}

function logging(): Written[] {
  const pattern = 'a line to see more, taken out afterwards';
  const story = (
    file: string,
    about: string,
    path: string,
    plain: string,
    loud: string,
    command: string,
    told: string,
    fix: [string, string],
  ) =>
    honest('loop.undo', { file, pattern, about }, (run) => {
      run.edit(path, plain, loud);
      run.red(command, told);
      run.edit(path, loud, plain);
      run.edit(path, ...fix);
      run.bash(command, 'ok');
    });
  return [
    story(
      'logging-php',
      'var_dump in and out',
      'src/Cart.php',
      'return $sum;',
      'var_dump($this->lines); return $sum;',
      'php tests/cart.php',
      'array(1) {\n  [0]=>\n  string(4) "9,90"\n}\nassertion failed',
      ['(float) $line', "(float) str_replace(',', '.', $line)"],
    ),
    story(
      'logging-tofu',
      'an output block of a module in and out',
      'main.tf',
      '# outputs',
      '# outputs\noutput "debug" { value = local.zones }',
      'tofu plan',
      'Changes to Outputs:\n  + debug = []\nError: Invalid index',
      ['zones = []', 'zones = var.zones'],
    ),
    honest(
      'loop.undo',
      { file: 'logging-twice', pattern, about: 'the same print for two different bugs of one day' },
      (run) => {
        for (const bug of ['the total', 'the date']) {
          run.ask(`${bug} on the invoice is wrong`);
          run.edit('lib/invoice.dart', 'return rows;', "print('rows: $rows');\n    return rows;");
          run.red(
            'dart test',
            `rows: [${bug}]\n00:01 +3 -1: shows ${bug} [E]\n  Expected: 1\n  Actual: 2\n00:01 +3 -1: Some tests failed.`,
          );
          run.edit('lib/invoice.dart', "print('rows: $rows');\n    return rows;", 'return rows;');
          run.edit('lib/invoice.dart', `old ${bug}`, `new ${bug}`);
          run.bash('dart test', '00:01 +4: All tests passed!');
        }
      },
    ),
  ];
}

function compacted(): Written[] {
  const pattern = 'files read again after a compaction, and then the work goes on';
  const story = (file: string, about: string, names: string[], compactions: number) =>
    honest('loop.cycle', { file, pattern, about }, (run) => {
      run.ask('move the module from callbacks to async');
      for (let at = 0; at <= compactions; at++) {
        for (const [nth, name] of names.entries()) {
          const parts = [0, 1, 2, 3].map((part) =>
            part < at && part % names.length === nth ? `async function run${part}() {}` : `function run${part}(cb) {}`,
          );
          run.read(`src/${name}`, `// ${name}\n${parts.join('\n')}`);
        }
        run.edit(`src/${names[at % names.length]}`, `function run${at}(cb)`, `async function run${at}()`);
        run.bash(
          'node --test',
          `# tests 30\n# pass 30\n# fail 0\n# duration_ms ${run.number(300, 900)}.${run.number(1000, 9999)}`,
        );
        if (at < compactions) run.compact();
      }
    });
  return [
    story('compacted-once', 'one compaction, three files read again', ['queue.js', 'worker.js', 'pool.js'], 1),
    story('compacted-thrice', 'three compactions in a long session', ['queue.js', 'worker.js'], 3),
  ];
}

function talking(): Written[] {
  const pattern = 'a conversation';
  return [
    honest(
      'loop.monologue',
      {
        file: 'talking-questions',
        workBefore: 6,
        pattern,
        about: 'six questions about a design, answered without a call',
      },
      (run) => {
        for (const [question, answer] of [
          ['should the cache be per tenant?', 'Per tenant, since their sizes differ by far.'],
          ['what about memory?', 'About 40 MB for each with the present limits.'],
          ['and eviction?', 'Least recently used within a tenant.'],
          ['would redis be better?', 'Only with more than one node.'],
          ['we have three', 'Then a shared one, yes.'],
          ['ok, write that down later', 'I will, when you ask for it.'],
        ] as const) {
          run.ask(question);
          run.say(answer);
        }
      },
    ),
    honest(
      'loop.monologue',
      { file: 'talking-long-answer', pattern, about: 'an answer in two texts, then work' },
      (run) => {
        run.ask('explain the lock order, then fix the deadlock');
        run.say('There are two locks: the one of the pool and the one of each connection.');
        run.say('close() takes them in the other order than acquire(), so I turn close() around.');
        run.edit('src/pool.cc', 'conn.lock(); pool.lock();', 'pool.lock(); conn.lock();');
        run.bash(
          'bazel test //pool:all',
          '//pool:pool_test                PASSED in 0.4s\n\nExecuted 1 out of 1 test: 1 test passes.',
        );
        run.say('Done; the order is now the same everywhere.');
      },
    ),
    honest(
      'loop.monologue',
      { file: 'talking-before-each', pattern, about: 'one sentence before every single call' },
      (run) => {
        for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
          run.say('Next file.');
          run.read(`notes/${name}.md`, `# ${name}\n\nSome text on ${name}.`);
        }
      },
    ),
  ];
}

function notebooks(): Written[] {
  const pattern = 'a notebook, cell after cell';
  return [
    honest(
      'loop.similar',
      { file: 'notebook-cells', pattern, about: 'ten cells inserted, the whole notebook run after each' },
      (run) => {
        for (let at = 1; at <= 10; at++) {
          run.call(
            'NotebookEdit',
            {
              notebook_path: '/home/dev/app/eda.ipynb',
              edit_mode: 'insert',
              cell_id: `c${at}`,
              new_source: `df.groupby("k${at}").size()`,
            },
            `Inserted cell c${at + 1} with df.groupby("k${at}").size()`,
          );
          run.bash(
            'jupyter nbconvert --execute --to notebook --inplace eda.ipynb',
            `[NbConvertApp] Converting notebook eda.ipynb to notebook\n[NbConvertApp] Writing ${20000 + at * 417} bytes to eda.ipynb`,
          );
        }
      },
    ),
    honest(
      'loop.similar',
      { file: 'notebook-tuning', pattern, about: 'one cell with other parameters, the score improves slowly' },
      (run) => {
        for (let at = 1; at <= 8; at++) {
          run.call(
            'NotebookEdit',
            { notebook_path: '/home/dev/app/fit.ipynb', cell_id: 'c7', new_source: `fit(depth=${at + 2})` },
            `Updated cell c7 with fit(depth=${at + 2})`,
          );
          run.bash('papermill fit.ipynb - --log-output 2>&1 | grep score', `score: 0.8${10 + at * 2}`);
        }
      },
    ),
  ];
}
