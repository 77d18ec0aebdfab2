/** The same question in other words with the same answer: `loop.similar`. */
import { aside, type Pattern } from './pattern.ts';
import { compiledProjects } from './projects-compiled.ts';
import { nodeProjects } from './projects-node.ts';
import { scriptProjects } from './projects-scripts.ts';
import type { WrittenRun } from './run.ts';

const { cart, invoices, gateway, orders } = nodeProjects;
const { stock, ledger, bookings, mailer } = scriptProjects;
const { rates, durations, pricing, tickets } = compiledProjects;

/** The third answer is the earliest to speak of, the sixth the latest. */
function ask(run: WrittenRun, count: number, question: (turn: number) => void, between = (_turn: number) => {}): void {
  for (let turn = 1; turn <= count; turn += 1) {
    question(turn);
    if (turn === 3) run.markFrom();
    if (turn === 6) run.markBy();
    between(turn);
  }
}

const flags: Pattern = {
  id: 'similar-flags',
  rule: 'loop.similar',
  variants: [
    { project: cart, about: 'the red check with other flags each time', rounds: 7, opening: 1 },
    { project: rates, about: 'filters and counts, trees known', tree: true, rounds: 8, opening: 2 },
    { project: stock, about: 'remarks and looks in between', noise: true, rounds: 7, opening: 1 },
    { project: gateway, about: 'the type checker by five names', rounds: 8, opening: 0 },
    { project: pricing, about: 'long outputs, short opening', rounds: 7, opening: 0 },
  ],
  write: (run, { rounds, noise }) => {
    const { checkVariants, check } = run.project;
    const commands = [...checkVariants, check];
    ask(
      run,
      rounds,
      (turn) => run.check(commands[(turn - 1) % commands.length]),
      (turn) => {
        if (noise) aside(run, turn);
      },
    );
  },
};

const seeds: Pattern = {
  id: 'similar-seeds',
  rule: 'loop.similar',
  variants: [
    { project: bookings, about: 'another seed each time', rounds: 8, opening: 2 },
    {
      project: mailer,
      about: 'seeds, with a status in between, trees known',
      tree: true,
      noise: true,
      rounds: 7,
      opening: 1,
    },
  ],
  write: (run, { rounds, noise }, index) => {
    ask(
      run,
      rounds,
      (turn) => {
        const seed = run.dice.int(1, 9_999) + turn;
        run.check(
          index === 0
            ? `bundle exec rspec spec/overlap_spec.rb --seed ${seed}`
            : `vendor/bin/phpunit --random-order-seed=${seed}`,
        );
      },
      (turn) => {
        if (noise && turn % 2 === 0) run.status();
      },
    );
  },
};

const ports: Pattern = {
  id: 'similar-ports',
  rule: 'loop.similar',
  variants: [
    { project: orders, about: 'curl at one port after the other', rounds: 8, opening: 1 },
    { project: ledger, about: 'psql at other hosts, users and ports; times differ', rounds: 7, opening: 2 },
    {
      project: gateway,
      about: 'curl with other headers and options, request ids differ',
      tree: true,
      rounds: 7,
      opening: 1,
    },
  ],
  write: (run, { rounds }, index) => {
    const { dice } = run;
    const asked = [3000, 3001, 8080, 8000, 5000, 4000, 9000, 80];
    const users = ['postgres', 'ledger', 'app', 'admin', 'root', 'django', 'dev'];
    const options = [
      '-s',
      '-sS',
      '-s -H "accept: application/json"',
      '-s -X GET',
      '-s --http1.1',
      '-s --compressed',
      '-s -H "cache-control: no-cache"',
    ];
    ask(run, rounds, (turn) => {
      const port = asked[(turn - 1) % asked.length];
      const user = users[(turn - 1) % users.length];
      if (index === 0)
        run.bash(`curl -sS http://127.0.0.1:${port}/orders`, {
          exit: 7,
          text: `curl: (7) Failed to connect to 127.0.0.1 port ${port} after ${dice.int(0, 4)} ms: Could not connect to server\n`,
        });
      else if (index === 1)
        run.bash(
          `psql -h ${turn % 2 === 0 ? 'localhost' : '127.0.0.1'} -p ${turn > 4 ? 5433 : 5432} -U ${user} -c 'select 1'`,
          {
            exit: 2,
            text: `psql: error: connection to server at "${turn % 2 === 0 ? 'localhost" (127.0.0.1)' : '127.0.0.1"'}, port ${turn > 4 ? 5433 : 5432} failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n`,
          },
        );
      else
        run.bash(
          `curl ${options[(turn - 1) % options.length]} https://staging.example.com/api/prices`,
          `{"error":{"code":"upstream_unavailable","message":"The price service did not answer in time.","service":"prices","retryable":true},"request_id":"${dice.uuid()}","trace_id":"${dice.hex(32)}","at":"${dice.moment()}","took_ms":${dice.int(29_950, 30_080)}}`,
        );
    });
  },
};

const installs: Pattern = {
  id: 'similar-install',
  rule: 'loop.similar',
  variants: [
    {
      project: invoices,
      about: 'npm install with other flags, the same conflict; log paths and times differ',
      rounds: 7,
      opening: 2,
    },
    {
      project: stock,
      about: 'pip with other flags, the same compile error; temporary paths differ',
      rounds: 6,
      opening: 1,
    },
  ],
  write: (run, { rounds }, index) => {
    const { dice } = run;
    const npm = [
      'npm install',
      'npm ci',
      'npm install --no-audit',
      'npm install --prefer-offline',
      'npm install --no-fund --loglevel=error',
      'npm install --include=dev',
      'npm install --no-package-lock',
    ];
    const pip = [
      'pip install -r requirements.txt',
      'pip install --no-cache-dir -r requirements.txt',
      'pip install --upgrade -r requirements.txt',
      'python -m pip install -r requirements.txt',
      'pip install --use-pep517 -r requirements.txt',
      'pip install --no-build-isolation -r requirements.txt',
    ];
    ask(run, rounds, (turn) => {
      dice.clock();
      if (index === 0)
        run.bash(npm[(turn - 1) % npm.length] ?? 'npm install', {
          exit: 1,
          text: `npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree\nnpm error\nnpm error While resolving: invoicing@3.2.0\nnpm error Found: date-kit@3.1.0\nnpm error node_modules/date-kit\nnpm error   date-kit@"^3.0.0" from the root project\nnpm error\nnpm error Could not resolve dependency:\nnpm error peer date-kit@"^2.0.0" from due-days@1.4.2\nnpm error node_modules/due-days\nnpm error   due-days@"^1.4.0" from the root project\nnpm error\nnpm error A complete log of this run can be found in: /home/dev/.npm/_logs/${dice.moment().replace(/[:.]/g, '_')}-debug-0.log\n`,
        });
      else
        run.bash(pip[(turn - 1) % pip.length] ?? 'pip install', {
          exit: 1,
          text: `Collecting fastcount==2.1.0 (from -r requirements.txt (line 3))\n  Using cached fastcount-2.1.0.tar.gz (48 kB)\n  Preparing metadata (pyproject.toml): finished with status 'done'\nBuilding wheels for collected packages: fastcount\n  Building wheel for fastcount (pyproject.toml): finished with status 'error'\n  error: subprocess-exited-with-error\n  × Building wheel for fastcount (pyproject.toml) did not run successfully.\n  │ exit code: 1\n  ╰─> [8 lines of output]\n      running build_ext\n      building 'fastcount._core' extension\n      gcc -fPIC -I${dice.temp()}/include -c src/core.c -o ${dice.temp()}/core.o\n      src/core.c:4:10: fatal error: lz4.h: No such file or directory\n          4 | #include <lz4.h>\n      compilation terminated.\n      error: command '/usr/bin/gcc' failed with exit code 1\n  ERROR: Failed building wheel for fastcount\nFailed to build fastcount (${dice.seconds(3.4)} s)\n`,
        });
    });
  },
};

const wrappers: Pattern = {
  id: 'similar-wrapped',
  rule: 'loop.similar',
  variants: [
    { project: tickets, about: 'the check through pipes and filters', rounds: 7, opening: 1 },
    {
      project: durations,
      about: 'the same in other folders and environments, trees known',
      tree: true,
      rounds: 7,
      opening: 2,
    },
  ],
  write: (run, { rounds }, index) => {
    const { check, root } = run.project;
    const piped = [
      `${check} 2>&1`,
      `${check} 2>&1 | tail -40`,
      `(${check}) 2>&1 | head -60`,
      `${check} 2>&1 | cat`,
      `set -o pipefail; ${check} | tee out.log`,
      `time ${check}`,
      `timeout 300 ${check}`,
    ];
    const placed = [
      `cd ${root} && ${check}`,
      `CI=1 ${check}`,
      `env -u RUSTFLAGS ${check}`,
      `${check} --offline`,
      `bash -lc "${check}"`,
      `CARGO_TERM_COLOR=never ${check}`,
      `${check} --locked`,
    ];
    ask(run, rounds, (turn) => run.check((index === 0 ? piped : placed)[(turn - 1) % 7]));
  },
};

/** Many cases that pass in another order each time, and the one that fails. */
const shuffled: Pattern = {
  id: 'similar-shuffled',
  rule: 'loop.similar',
  variants: [
    {
      project: cart,
      about: 'the whole suite in parallel: 60 passing files in another order each time',
      rounds: 7,
      opening: 1,
    },
    {
      project: rates,
      about: 'all packages of a module, other flags each time, trees known',
      tree: true,
      rounds: 7,
      opening: 2,
    },
  ],
  write: (run, { rounds, opening }, index) => {
    const { dice, project } = run;
    const flagged = [
      'go test ./...',
      'go test -p 4 ./...',
      'go test -count=1 ./...',
      'go test -v=false ./...',
      'go test -shuffle=on ./...',
      'go test -short ./...',
      'go test -parallel 8 ./...',
    ];
    ask(run, rounds, (turn) => {
      const passing = Array.from({ length: index === 0 ? 60 : 40 }, (_, at) => {
        const time =
          index === 0
            ? ` ✓ test/unit/module-${at + 1}.test.ts (${2 + (at % 9)} tests) ${dice.int(3, 90)}ms`
            : `ok  \tgithub.com/example/rates/internal/pkg${at + 1}\t0.${dice.int(100, 999)}s`;
        return { time, place: dice.int(0, 1_000_000) };
      });
      const lines = passing.sort((a, b) => a.place - b.place).map(({ time }) => time);
      run.check(
        index === 0 ? 'npm test' : flagged[(turn - 1) % flagged.length],
        (text) => `${lines.join('\n')}\n${text}`,
      );
      if (opening === 2 && turn === 2) run.say(`Only ${project.word} fails.`);
    });
  },
};

export const similarities = [flags, seeds, ports, installs, wrappers, shuffled];
