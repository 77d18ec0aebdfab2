/** Work that looks even more like a loop: on purpose the same again, there and back, or one problem after the other. */
import type { Pattern } from './pattern.ts';
import { ALL_CASES, SUBJECTS } from './project.ts';

/** Breaks the code on purpose to see whether the tests notice, and takes each break back. */
const mutants: Pattern = {
  name: 'break-on-purpose-and-restore',
  near: 'loop.revisit',
  variants: 4,
  healing: true,
  write(run) {
    const { project } = run;
    run.prompt('Do the tests of refund notice anything? Break it in a few ways and see.');
    const file = project.source('refund');
    run.test([], 10, project.testOne('refund'));
    const noticed = ALL_CASES.filter(({ subject }) => subject === 'refund');
    for (let mutant = 0; mutant < 5; mutant += 1) {
      const { from, to } = run.edit(file);
      const one = noticed[mutant % 2];
      const red =
        one !== undefined && mutant !== 3
          ? [{ ...one, got: ['0', 'none', 'twice', 'late', 'paid'][mutant] ?? '' }]
          : [];
      run.test(red, 10 - red.length, project.testOne('refund'));
      run.change(file, { from: to, to: from });
    }
    run.test([], 10, project.testOne('refund'));
    run.say('Four of five were noticed; the fourth needs a test.');
    run.edit(project.test('refund'));
    run.test([], 11, project.testOne('refund'));
  },
};

const comparing: Pattern = {
  name: 'compare-two-variants-in-turn',
  near: 'loop.revisit',
  variants: 3,
  write(run) {
    run.prompt('Compare the two cache settings, three times each and in turn, so that the machine has no favourite.');
    const [on, off] = ['cache: memory', 'cache: disk'];
    for (let round = 0; round < 3; round += 1)
      for (const [from, to] of [
        [off, on],
        [on, off],
      ] as const) {
        run.change('config/app.yaml', { from, to });
        run.bash(
          'make bench',
          `totals  ${run.chance.number(900, 1900)} ops/s ±${run.chance.number(1, 4)}.${run.chance.number(0, 9)}%  (${to})`,
        );
      }
    run.say('Memory is faster in each of the three rounds.');
  },
};

const rebase: Pattern = {
  name: 'rebase-with-conflicts',
  near: 'loop.repeat',
  variants: 3,
  write(run) {
    run.fails(
      'git rebase main',
      `Auto-merging ${run.project.source('price')}\nCONFLICT (content): Merge conflict in ${run.project.source('price')}\nerror: could not apply ${run.chance.hex(7)}... Change price`,
    );
    for (const [at, subject] of SUBJECTS.slice(0, 5).entries()) {
      const file = run.project.source(subject);
      run.read(file, 1, 12);
      run.change(file, { from: `<<<<<<< HEAD (${subject})`, to: `resolved(${subject})` });
      run.bash(`git add ${file}`, '');
      const following = run.project.source(SUBJECTS[at + 1] ?? 'cart');
      if (at < 4)
        run.fails(
          'GIT_EDITOR=true git rebase --continue',
          `CONFLICT (content): Merge conflict in ${following}\nerror: could not apply ${run.chance.hex(7)}... Change ${SUBJECTS[at + 1]}`,
        );
      else run.bash('GIT_EDITOR=true git rebase --continue', 'Successfully rebased and updated refs/heads/feature.');
    }
    run.test([], 40);
  },
};

const commitHook: Pattern = {
  name: 'commit-hook-that-formats',
  near: 'loop.cycle',
  variants: 3,
  write(run) {
    for (const subject of SUBJECTS.slice(0, 4)) {
      const file = run.project.source(subject);
      run.edit(file);
      run.fails(
        `git commit -qam "Change ${subject}"`,
        `format...............................................Failed\n- files were modified by this hook\n\nreformatted ${file}`,
      );
      run.edit(file);
      run.bash(`git commit -qam "Change ${subject}"`, 'format...............................................Passed');
    }
  },
};

const pages: Pattern = {
  name: 'page-after-page',
  near: 'loop.similar',
  variants: 4,
  write(run) {
    for (let page = 1; page <= 7; page += 1) {
      const rows = Array.from(
        { length: 6 },
        () =>
          `{"id":${run.chance.number(1000, 9999)},"state":"open","labels":["bug"],"comments":${run.chance.number(0, 9)}}`,
      );
      run.bash(`curl -s 'http://127.0.0.1:8080/api/tickets?state=open&page=${page}'`, `[${rows.join(',\n ')}]`);
    }
    run.bash("curl -s 'http://127.0.0.1:8080/api/tickets?state=open&page=8'", '[]');
  },
};

const severalTimes: Pattern = {
  name: 'person-wants-it-several-times',
  near: 'loop.repeat',
  variants: 3,
  write(run) {
    run.prompt('I do not trust that test. Run it four times in a row before you go on.');
    for (let time = 0; time < 4; time += 1) run.test([], 9, run.project.testOne('stock'));
    run.say('Green four times in a row.');
    run.edit(run.project.source('stock'));
    run.test([], 9, run.project.testOne('stock'));
  },
};

/** The trouble is outside of the files: each remedy is another one, and what is red stays red until the last. */
const environment: Pattern = {
  name: 'trouble-outside-of-the-files',
  near: 'loop.repeat',
  variants: 4,
  write(run) {
    const { project, chance } = run;
    const problem = 'could not connect to server: Connection refused (port 5432)';
    const command = project.testOne('stock');
    run.fails(command, problem);
    run.bash('docker compose restart db', ' Container app-db-1  Restarted');
    run.fails(command, problem);
    run.bash('docker compose logs --tail 2 db', `db-1  | ${run.clock()} FATAL: data directory has wrong ownership`);
    run.bash(
      'docker compose down -v && docker compose up -d db',
      ' Volume app_db  Removed\n Container app-db-1  Started',
    );
    run.fails(command, problem);
    run.bash('docker compose port db 5432', `0.0.0.0:${chance.number(50_000, 60_000)}`);
    run.bash(
      `DATABASE_PORT=${chance.number(50_000, 60_000)} ${command}`,
      project.report({ subjects: ['stock'], failing: [], passed: 9, clock: run.clock(), chance }),
    );
  },
};

const oneAfterTheOther: Pattern = {
  name: 'one-fixed-and-the-next-one-shows',
  near: 'loop.thrash',
  variants: 5,
  healing: true,
  write(run) {
    const { project } = run;
    run.prompt('The runner stops at the first failure; go on until it is green.');
    const order = [...ALL_CASES.slice(run.variant), ...ALL_CASES.slice(0, run.variant)].slice(0, 7);
    for (const one of order) {
      run.test([one], 12, `${project.testCommand} --bail`);
      run.edit(project.source(one.subject));
    }
    run.test([], 40);
  },
};

const moreThenFewer: Pattern = {
  name: 'more-errors-before-fewer',
  near: 'loop.thrash',
  variants: 4,
  healing: true,
  write(run) {
    const { project } = run;
    run.prompt('Make the money type strict. It will be red for a while.');
    for (const count of [2, 5, 8, 8, 6, 3, 1, 0]) {
      run.edit(project.source(SUBJECTS[count % 8] ?? 'price'));
      const from = count === 8 && run.chance.number(0, 1) === 0 ? 1 : 0;
      run.test(ALL_CASES.slice(from, from + count), 40 - count);
    }
  },
};

const slowRollout: Pattern = {
  name: 'wait-with-pauses-in-it',
  near: 'loop.repeat',
  variants: 4,
  write(run) {
    const total = 5;
    for (let ready = 0; ready < total; ready += 1)
      for (let look = 0; look < 2; look += 1)
        run.bash(
          'sleep 45; kubectl get statefulset cache --no-headers',
          `cache   ${ready}/${total}   ${2 + ready * 2 + look}m`,
        );
    run.bash('sleep 45; kubectl get statefulset cache --no-headers', `cache   ${total}/${total}   14m`);
  },
};

const reference: Pattern = {
  name: 'looks-the-same-thing-up-again',
  near: 'loop.repeat',
  variants: 4,
  healing: true,
  write(run) {
    const { project } = run;
    run.prompt('Bring all modules into line with the rules in docs/style.md.');
    for (const subject of SUBJECTS.slice(0, 6)) {
      run.read('docs/style.md', 1, 20);
      run.read(project.source(subject), 1, 30);
      run.edit(project.source(subject));
    }
    run.test([], 40);
  },
};

const indexes: Pattern = {
  name: 'try-indexes-one-by-one',
  near: 'loop.undo',
  variants: 3,
  write(run) {
    run.prompt('Which index helps this query most?');
    for (const columns of ['customer_id', 'created_at', 'customer_id, created_at', 'status, created_at']) {
      run.bash(`psql -c "create index trial on orders (${columns})"`, 'CREATE INDEX');
      run.bash(
        'psql -f slow.sql',
        ` ${columns.includes(',') ? 'Index Only Scan' : 'Bitmap Heap Scan'} using trial on orders  (actual time=${run.chance.number(1, 90)}.${run.chance.number(100, 999)}..${run.chance.number(100, 900)}.120 rows=${run.chance.number(200, 900)})\n Execution Time: ${run.chance.number(100, 900)}.${run.chance.number(0, 9)} ms`,
      );
      run.bash('psql -c "drop index trial"', 'DROP INDEX');
    }
  },
};

const notReady: Pattern = {
  name: 'server-not-ready-yet',
  near: 'loop.repeat',
  variants: 3,
  healing: true,
  write(run) {
    const tool = 'mcp__plugin_self-healing_living-context__get_impact';
    const input = { files: [run.project.source('price')] };
    run.refused(tool, input, 'not_ready: the native part of SQLite is being fetched. Try again in a minute.');
    run.bash('sleep 30', '');
    run.refused(tool, input, 'not_ready: the native part of SQLite is being compiled. Try again in a minute.');
    run.bash('sleep 60', '');
    run.call(
      tool,
      input,
      JSON.stringify({
        files: {
          [run.project.source('price')]: {
            direct: 3,
            transitive: 9,
            risk: { level: 'medium', reasons: ['9 dependents'] },
          },
        },
      }),
    );
    run.read(run.project.source('price'));
  },
};

const formatting: Pattern = {
  name: 'check-write-check-each-package',
  near: 'loop.cycle',
  variants: 3,
  write(run) {
    for (const subject of SUBJECTS.slice(0, 6)) {
      const file = `packages/${subject}/src/index.ts`;
      run.fails(
        `npx prettier --check packages/${subject}`,
        `Checking formatting...\n[warn] ${file}\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.`,
      );
      run.bash(`npx prettier --write packages/${subject}`, `${file} ${run.chance.number(20, 90)}ms`);
      run.bash(
        `npx prettier --check packages/${subject}`,
        'Checking formatting...\nAll matched files use Prettier code style!',
      );
    }
  },
};

export const CLOSE_CALLS: readonly Pattern[] = [
  mutants,
  comparing,
  rebase,
  commitHook,
  pages,
  severalTimes,
  environment,
  oneAfterTheOther,
  moreThenFewer,
  slowRollout,
  reference,
  indexes,
  notReady,
  formatting,
];
