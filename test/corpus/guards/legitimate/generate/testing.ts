/** Edit, test, edit, test: the ordinary rhythm, in the ways in which it looks like going in circles. */
import type { Pattern } from './pattern.ts';
import { ALL_CASES, SUBJECTS } from './project.ts';

const shrinking: Pattern = {
  name: 'shrinking-failures',
  near: 'loop.thrash',
  variants: 5,
  healing: true,
  write(run) {
    const { project } = run;
    run.prompt('The tests are red after the merge. Please get them green.');
    let failing = ALL_CASES.slice(0, 10 + run.variant);
    run.test(failing, 30);
    while (failing.length > 0) {
      const [first] = failing;
      if (first === undefined) break;
      run.read(project.source(first.subject));
      run.edit(project.source(first.subject));
      failing = failing.slice(run.chance.number(1, 3));
      run.test(failing, 30 + (14 - failing.length));
    }
  },
};

const rhythm: Pattern = {
  name: 'green-all-the-way',
  near: 'loop.cycle',
  variants: 5,
  healing: true,
  write(run) {
    run.prompt('Move the rounding out of the modules, one after the other; the tests have to stay green.');
    for (const subject of SUBJECTS) {
      run.edit(run.project.source(subject));
      run.test([], 40);
    }
  },
};

const oneFile: Pattern = {
  name: 'small-steps-in-one-file',
  near: 'loop.similar',
  variants: 4,
  healing: true,
  write(run) {
    const file = run.project.source('cart');
    run.prompt('Split the cart function into smaller ones. Small steps, please.');
    for (let step = 0; step < 7; step += 1) {
      run.edit(file);
      run.test([], 12, run.project.testOne('cart'));
    }
    run.test([], 40);
  },
};

const redGreen: Pattern = {
  name: 'test-first',
  near: 'loop.cycle',
  variants: 5,
  healing: true,
  write(run) {
    const { project } = run;
    run.prompt('Work test first.');
    for (const [at, one] of ALL_CASES.slice(run.variant, run.variant + 6).entries()) {
      run.edit(project.test(one.subject));
      run.test([one], 30 + at, project.testOne(one.subject));
      run.edit(project.source(one.subject));
      run.test([], 31 + at, project.testOne(one.subject));
    }
    run.test([], 46);
  },
};

/** Two cases were red before and stay red; what is built is something else, and grows. */
const knownFailures: Pattern = {
  name: 'feature-beside-known-failures',
  near: 'loop.thrash',
  variants: 4,
  healing: true,
  write(run) {
    const { project } = run;
    const known = ALL_CASES.slice(12, 14);
    run.prompt('Add gift cards. Two tests are red on main already, leave those alone.');
    run.test(known, 38);
    for (let step = 0; step < 5; step += 1) {
      run.edit(project.test('cart'));
      run.edit(project.source('cart'));
      run.test(known, 39 + step);
    }
    run.say('Gift cards work; the two that were red before are still red.');
  },
};

const twoSuites: Pattern = {
  name: 'two-suites-in-turn',
  near: 'loop.cycle',
  variants: 4,
  healing: true,
  write(run) {
    const { project } = run;
    run.prompt('Whatever you change in refund, check stock as well.');
    for (let step = 0; step < 4; step += 1) {
      run.edit(project.source('refund'));
      run.test([], 8 + step, project.testOne('refund'));
      run.test([], 6, project.testOne('stock'));
    }
  },
};

const lint: Pattern = {
  name: 'lint-with-falling-counts',
  near: 'loop.similar',
  variants: 4,
  healing: true,
  write(run) {
    const { project, chance } = run;
    const command =
      {
        typescript: 'npx eslint .',
        python: 'ruff check .',
        go: 'golangci-lint run',
        java: 'mvn -B checkstyle:check',
        ruby: 'bundle exec rubocop',
      }[project.language] ?? 'make lint';
    let findings = SUBJECTS.flatMap((subject, at) => [
      `${project.source(subject)}:${10 + at}:7 'rest' is assigned a value but never used`,
      `${project.source(subject)}:${31 + at}:3 unexpected empty block`,
    ]);
    run.prompt('Make the linter happy, without turning rules off.');
    while (findings.length > 0) {
      run.fails(
        command,
        `${findings.join('\n')}\n\n${findings.length} problems in ${chance.number(2, 9)}.${chance.number(0, 9)} s`,
      );
      const done = chance.number(2, 4);
      for (const finding of findings.slice(0, done)) run.edit(finding.split(':')[0] ?? '');
      findings = findings.slice(done);
    }
    run.bash(command, '');
  },
};

const types: Pattern = {
  name: 'type-errors-that-move',
  near: 'loop.thrash',
  variants: 4,
  healing: true,
  write(run) {
    const { project } = run;
    const complaints = [
      'argument has the wrong type: want Money, have int',
      'missing member "currency" in type Order',
      'cannot use a nullable Customer here',
      'unreachable case "closed"',
      'wrong number of results: want 2, have 1',
    ];
    const command =
      {
        typescript: 'npx tsc --noEmit',
        python: 'mypy shop',
        go: 'go vet ./...',
        java: 'mvn -B compile',
        ruby: 'bundle exec srb tc',
      }[project.language] ?? 'make types';
    run.prompt('Give Money a type of its own.');
    run.edit(project.source('price'));
    for (const [at, complaint] of complaints.entries()) {
      const file = project.source(SUBJECTS[at + 1] ?? 'cart');
      run.fails(command, `${file}:${20 + at * 9}:5: error: ${complaint}\nFound 1 error.`, 2);
      run.edit(file);
    }
    run.bash(command, '');
    run.test([], 40);
  },
};

const flaky: Pattern = {
  name: 'flaky-test-run-again',
  near: 'loop.repeat',
  variants: 4,
  healing: true,
  write(run) {
    const { project } = run;
    const [one] = ALL_CASES.slice(run.variant + 3);
    if (one === undefined) return;
    run.edit(project.source('shipping'));
    run.test([one], 39);
    run.say('That one has nothing to do with shipping; it may be flaky.');
    run.test([], 40);
    run.test([], 40);
    run.bash(
      `git log --oneline -3 -- ${project.test(one.subject)}`,
      `${run.chance.hex(7)} Retry ${one.subject} test\n${run.chance.hex(7)} Add ${one.subject}`,
    );
    run.edit(project.test(one.subject));
    run.test([], 40);
  },
};

const measuring: Pattern = {
  name: 'measure-change-measure',
  near: 'loop.similar',
  variants: 4,
  write(run) {
    const { project, chance } = run;
    run.prompt('The totals are too slow. Measure before and after each change.');
    let rate = chance.number(900, 1400);
    for (let step = 0; step < 6; step += 1) {
      run.bash(
        'make bench',
        `totals  ${rate} ops/s ±${chance.number(1, 4)}.${chance.number(0, 9)}%  (${chance.number(80, 96)} runs sampled)`,
      );
      run.edit(project.source(step % 2 === 0 ? 'price' : 'cart'));
      rate += chance.number(-30, 400);
    }
    run.bash(
      'make bench',
      `totals  ${rate} ops/s ±${chance.number(1, 4)}.${chance.number(0, 9)}%  (${chance.number(80, 96)} runs sampled)`,
    );
    run.test([], 40);
  },
};

const tuning: Pattern = {
  name: 'tune-a-number',
  near: 'loop.undo',
  variants: 3,
  write(run) {
    const { chance } = run;
    run.prompt('Find a batch size that works well; try a few.');
    let size = 100;
    for (const other of [200, 400, 800, 600, 500]) {
      run.change('config/import.yaml', { from: `batch: ${size}`, to: `batch: ${other}` });
      run.bash(
        'make import-sample',
        `4000 rows in ${chance.number(31, 95) / 10} s, peak memory ${other * 2 + chance.number(1, 40)} MB`,
      );
      size = other;
    }
    run.say('500 is the best of them: as fast as 600 with less memory.');
  },
};

export const TESTING: readonly Pattern[] = [
  shrinking,
  rhythm,
  oneFile,
  redGreen,
  knownFailures,
  twoSuites,
  lint,
  types,
  flaky,
  measuring,
  tuning,
];
