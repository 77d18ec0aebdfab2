/** Looking for a cause: things are tried, taken back and tried otherwise, and something is learned each time. */
import type { Pattern } from './pattern.ts';
import { ALL_CASES, type Case, SUBJECTS } from './project.ts';

function caseOf(variant: number): Case {
  const one = ALL_CASES[variant * 2 + 1];
  if (one === undefined) throw new Error(`no case for variant ${variant}`);
  return one;
}

const undoOnce: Pattern = {
  name: 'experiment-undone-once',
  near: 'loop.undo',
  variants: 5,
  healing: true,
  write(run) {
    const { project } = run;
    const one = caseOf(run.variant);
    const file = project.source(one.subject);
    run.test([one], 39);
    run.read(file);
    const { from, to } = run.edit(file);
    run.test([one], 39);
    run.say('That was not it. I take it back.');
    run.change(file, { from: to, to: from });
    run.bash(`git grep -n '${one.subject}' -- '*${one.subject}*' | head`, `${file}:14: ${one.subject}`);
    run.edit(file);
    run.test([], 40);
  },
};

const debugPrints: Pattern = {
  name: 'debug-output-added-and-removed',
  near: 'loop.revisit',
  variants: 5,
  healing: true,
  write(run) {
    const { project, chance } = run;
    const one = caseOf(run.variant);
    const file = project.source(one.subject);
    run.test([one], 39);
    const print = { from: '  compute(lines)', to: '  debug("lines", lines)\n  compute(lines)' };
    run.change(file, print);
    run.fails(
      project.testOne(one.subject),
      `lines [{ sku: "${chance.hex(4)}", cents: ${chance.number(100, 900)}, count: 2 }]\n${project.report({ subjects: [one.subject], failing: [one], passed: 9, clock: run.clock(), chance })}`,
    );
    run.change(file, { from: print.to, to: print.from });
    run.say('The lines come in twice: once from the cart and once from the cache.');
    run.edit(file);
    run.test([], 10, project.testOne(one.subject));
    run.test([], 40);
  },
};

const errorMoves: Pattern = {
  name: 'error-that-moves-on',
  near: 'loop.thrash',
  variants: 5,
  healing: true,
  write(run) {
    const { project } = run;
    const one = caseOf(run.variant);
    const values = ['none', 'no such currency', 'an empty list', 'not a number', 'a list of two', 'the net value'];
    run.test([{ ...one, got: 'no such column: total' }], 39);
    for (const got of values) {
      run.edit(project.source(SUBJECTS[run.chance.number(0, 7)] ?? 'cart'));
      run.test([{ ...one, got }], 39);
    }
    run.edit(project.source(one.subject));
    run.test([], 40);
  },
};

const thirdTime: Pattern = {
  name: 'right-at-the-third-try',
  near: 'loop.thrash',
  variants: 5,
  healing: true,
  write(run) {
    const { project } = run;
    const one = caseOf(run.variant);
    const file = project.source(one.subject);
    run.test([one], 39);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      run.read(file, 1 + attempt * 30);
      run.edit(file);
      run.test([one], 39);
    }
    run.bash(
      `git log -3 --oneline -- ${file}`,
      `${run.chance.hex(7)} Round totals\n${run.chance.hex(7)} Add ${one.subject}`,
    );
    run.edit(file);
    run.test([], 40);
  },
};

const lookWithoutTouching: Pattern = {
  name: 'look-closer-without-changes',
  near: 'loop.revisit',
  variants: 4,
  healing: true,
  write(run) {
    const { project, chance } = run;
    const one = caseOf(run.variant);
    const [failing, clock] = [[one], run.clock()];
    run.test(failing, 39);
    run.read(project.test(one.subject));
    run.test(failing, 9, project.testOne(one.subject));
    run.read(project.source(one.subject));
    run.fails(
      `${project.testOne(one.subject)} --verbose`,
      `seed 41\nsetup: 3 rows\n${project.report({ subjects: [one.subject], failing, passed: 9, clock, chance })}\nteardown: 3 rows`,
    );
    run.bash(`git blame -L 10,20 ${project.source(one.subject)}`, `${chance.hex(8)} (Ada 2026-02-03 10) total`);
    run.edit(project.source(one.subject));
    run.test([], 40);
  },
};

const bisect: Pattern = {
  name: 'bisect-by-hand',
  near: 'loop.cycle',
  variants: 4,
  write(run) {
    const { project } = run;
    const one = caseOf(run.variant);
    run.prompt('It worked two weeks ago. Find the commit.');
    run.bash('git log --oneline -40 | wc -l', '40');
    for (const [at, red] of [true, false, true, true, false, true].entries()) {
      const commit = run.chance.hex(8);
      run.bash(`git checkout -q ${commit}`, '');
      if (project.writes.tree) run.write('.bisect', `${at}`);
      run.test(red ? [one] : [], red ? 9 : 10, project.testOne(one.subject));
    }
    run.bash('git checkout -q main', '');
    run.say('The commit that moved the rounding is the first bad one.');
  },
};

const changingReasons: Pattern = {
  name: 'fails-for-another-reason-each-time',
  near: 'loop.repeat',
  variants: 4,
  write(run) {
    const { chance } = run;
    const start = 'docker compose up --wait web';
    run.fails(start, 'service "web" refers to undefined network backend: invalid compose project');
    run.change('compose.yaml', { from: 'services:', to: 'networks: { backend: {} }\nservices:' });
    run.fails(start, 'failed to solve: Dockerfile: no such file or directory');
    run.write('Dockerfile', 'FROM alpine:3.20\nCMD ["./web"]\n');
    run.fails(
      start,
      `Error response from daemon: Ports are not available: listen tcp 0.0.0.0:8080: bind: address already in use`,
    );
    run.bash('ss -ltnp | grep 8080', `LISTEN 0 511 *:8080 users:(("web",pid=${chance.number(900, 9000)},fd=18))`);
    run.change('compose.yaml', { from: '8080:8080', to: '8081:8080' });
    run.fails(start, 'container app-web-1 is unhealthy');
    run.bash('docker compose logs --tail 2 web', `web-1  | ${run.clock()} DATABASE_URL is not set`);
    run.change('compose.yaml', { from: 'environment: {}', to: 'environment: { DATABASE_URL: postgres://db/app }' });
    run.bash(start, ' Container app-web-1  Healthy');
  },
};

const installRetry: Pattern = {
  name: 'install-again-after-the-network-failed',
  near: 'loop.repeat',
  variants: 4,
  write(run) {
    const { chance, project } = run;
    const [command, problem, done] = (
      [
        [
          'npm ci',
          'npm error code ETIMEDOUT\nnpm error network request to https://packages.example.com/zod failed',
          'added 412 packages in 9s',
        ],
        [
          'pip install -r requirements.txt',
          'ERROR: Could not install packages due to an OSError: Read timed out.',
          'Successfully installed fastapi-0.115.6 pydantic-2.10.4',
        ],
        ['go mod download', 'dial tcp: lookup proxy.example.com: i/o timeout', ''],
        ['mvn -B dependency:resolve', '[ERROR] Could not transfer artifact: Connect timed out', '[INFO] BUILD SUCCESS'],
      ] as const
    )[run.variant] ?? ['make deps', 'timeout', 'ok'];
    run.prompt('Set the project up.');
    run.fails(command, problem);
    run.fails(`sleep 30 && ${command}`, problem);
    run.bash(`sleep 60 && ${command}`, `${done}\n(${chance.number(5, 40)} s)`);
    run.test([], 40);
    run.say(`${project.language} dependencies are in place.`);
  },
};

const missedEdit: Pattern = {
  name: 'edit-that-did-not-apply',
  near: 'loop.repeat',
  variants: 4,
  healing: true,
  write(run) {
    const { project } = run;
    for (const subject of SUBJECTS.slice(run.variant, run.variant + 3)) {
      const file = project.source(subject);
      const { from, to } = project.change(20 + run.variant);
      run.refused(
        'Edit',
        { file_path: run.path(file), old_string: from.trim(), new_string: to },
        `<tool_use_error>String to replace not found in file.\nString: ${from.trim()}</tool_use_error>`,
      );
      run.read(file);
      run.edit(file);
    }
    run.test([], 40);
  },
};

const denials: Pattern = {
  name: 'denied-then-another-way',
  near: 'loop.repeat',
  variants: 4,
  write(run) {
    const { project } = run;
    run.prompt('Clean up the generated files.');
    run.refused(
      'Bash',
      { command: 'rm -rf build' },
      'Permission to use Bash with command rm -rf build has been denied.',
    );
    run.refused(
      'Bash',
      { command: 'git clean -fdx build' },
      'Permission to use Bash with command git clean -fdx build has been denied.',
    );
    run.bash('make -n clean', 'rm -rf build');
    run.bash('make clean', 'rm -rf build');
    run.bash('ls', 'Makefile\nREADME.md');
    run.test([], 40);
    run.say(`Done through make; ${project.language} sources are untouched.`);
  },
};

const restart: Pattern = {
  name: 'restart-the-server-after-each-change',
  near: 'loop.cycle',
  variants: 4,
  write(run) {
    const { project, chance } = run;
    const answers = ['{"total":0}', '{"total":"85"}', '{"total":85,"currency":null}', '{"total":85,"currency":"EUR"}'];
    for (const answer of answers) {
      run.edit(project.source('invoice'));
      run.bash('make restart', `stopped ${chance.number(1000, 9000)}\nstarted ${chance.number(1000, 9000)}`);
      run.bash('curl -s http://127.0.0.1:3000/api/invoices/1', answer);
    }
    run.test([], 40);
  },
};

export const DEBUGGING: readonly Pattern[] = [
  undoOnce,
  debugPrints,
  errorMoves,
  thirdTime,
  lookWithoutTouching,
  bisect,
  changingReasons,
  installRetry,
  missedEdit,
  denials,
  restart,
];
