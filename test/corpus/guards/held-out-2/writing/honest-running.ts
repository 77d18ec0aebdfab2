/** Ordinary work around the code: CI, packages, git, containers, deploys, and the waiting that comes with them. */
import { billing, board, crm, forum, ledger, type Project, parser, raster, shop, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import type { Session } from './session.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';
const similar = 'loop.similar';
const cycle = 'loop.cycle';

function waiting(): Scene[] {
  const poll = (
    file: string,
    pattern: string,
    about: string,
    project: Project,
    wish: string,
    before: readonly [string, string],
    command: string,
    answers: readonly string[],
    end: string,
    near: 'loop.repeat' | 'loop.similar' = repeat,
  ) =>
    honest(file, pattern, near, { about, in: project }, (run) => {
      start(run, wish);
      run.sh(...before);
      for (const answer of answers)
        run.sh(command, answer.replaceAll('%T', run.noise.now(30)).replaceAll('%S', `${run.noise.int(10, 59)}`));
      run.say(end);
    });
  const build = (at: number) => `[${at}/412] Building CXX object CMakeFiles/raster.dir/src/part${at}.cpp.o`;
  const pods = (...ready: string[]) =>
    [
      'NAME                   READY   STATUS              RESTARTS   AGE',
      ...ready.map((what, at) => `api-6c7f9d8b5-x${at}k2p   ${what}   0          %Ss`),
    ].join('\n');
  return [
    poll(
      'wait-build-tail',
      'waiting for a build',
      'The log of a long build grows.',
      raster,
      'build everything and tell me when it is done',
      ['cmake --build build > build.log 2>&1 &', '[1] 5120'],
      'sleep 45; tail -n 1 build.log',
      [12, 80, 131, 190, 247, 305, 360, 412].map(build),
      'The build is done.',
    ),
    poll(
      'wait-build-docker',
      'waiting for a build',
      'An image is pulled, layer by layer.',
      ledger,
      'pull the big image in the background',
      ['docker pull ghcr.io/acme/ml:cuda > pull.log 2>&1 &', ''],
      'sleep 20; tail -c 200 pull.log',
      [
        'a1b2: Downloading  112MB/2.1GB',
        'a1b2: Downloading  640MB/2.1GB',
        'a1b2: Downloading  1.2GB/2.1GB',
        'a1b2: Downloading  1.9GB/2.1GB',
        'a1b2: Extracting  800MB/2.1GB',
        'Status: Downloaded newer image for ghcr.io/acme/ml:cuda',
      ],
      'Pulled.',
    ),
    poll(
      'wait-rollout',
      'waiting for a rollout',
      'Pods become ready one by one.',
      svc,
      'deploy to staging and wait',
      ['kubectl -n staging set image deploy/api api=svc:1.9.2', 'deployment.apps/api image updated'],
      'sleep 10; kubectl -n staging get pods -l app=api',
      [
        pods('0/1     ContainerCreating', '1/1     Running', '1/1     Running'),
        pods('1/1     Running', '0/1     ContainerCreating', '1/1     Running'),
        pods('1/1     Running', '0/1     Running', '1/1     Running'),
        pods('1/1     Running', '1/1     Running', '0/1     ContainerCreating'),
        pods('1/1     Running', '1/1     Running', '1/1     Running'),
      ],
      'Rolled out.',
      similar,
    ),
    poll(
      'wait-rollout-helm',
      'waiting for a rollout',
      'helm upgrade, then the status of a job that migrates.',
      billing,
      'helm upgrade billing on staging',
      ['helm upgrade billing chart/ -n staging', 'Release "billing" has been upgraded. Happy Helming!\nREVISION: 31'],
      'sleep 15; kubectl -n staging get job billing-migrate',
      [
        'NAME              STATUS    COMPLETIONS   DURATION   AGE\nbilling-migrate   Running   0/3           14s        14s',
        'NAME              STATUS    COMPLETIONS   DURATION   AGE\nbilling-migrate   Running   1/3           33s        33s',
        'NAME              STATUS    COMPLETIONS   DURATION   AGE\nbilling-migrate   Running   2/3           49s        49s',
        'NAME              STATUS    COMPLETIONS   DURATION   AGE\nbilling-migrate   Complete   3/3           61s        70s',
      ],
      'Migrated.',
      similar,
    ),
    poll(
      'wait-ci-jobs',
      'waiting for CI',
      'Checks of a pull request turn green one after the other.',
      shop,
      'push and wait for CI',
      ['git push', 'To github.com:mia/shop.git\n   9e1f2aa..b7c0d13  fix/totals -> fix/totals'],
      'sleep 60; gh pr checks 214',
      [
        ['pending', 'pending', 'pending'],
        ['pass', 'pending', 'pending'],
        ['pass', 'pass', 'pending'],
        ['pass', 'pass', 'pass'],
      ].map((states) =>
        states
          .map(
            (state, at) =>
              `${['lint', 'test', 'e2e'][at]}\t${state}\t${state === 'pending' ? '0' : `1m%Ss`}\thttps://github.com/mia/shop/actions/runs/11902/job/${at}`,
          )
          .join('\n'),
      ),
      'CI is green.',
      similar,
    ),
    poll(
      'wait-ci-quiet',
      'waiting for something that takes its time',
      'The run says in_progress a few times, then it is through.',
      parser,
      'push, and tell me whether CI passes',
      ['git push', 'To github.com:jo/parser.git\n   1f2aa9e..c0d13b7  main -> main'],
      'sleep 120; gh run view 11873420 --json status,conclusion',
      [
        '{"conclusion":"","status":"in_progress"}',
        '{"conclusion":"","status":"in_progress"}',
        '{"conclusion":"","status":"in_progress"}',
        '{"conclusion":"success","status":"completed"}',
      ],
      'CI passed.',
    ),
    poll(
      'wait-certificate',
      'waiting for something that takes its time',
      'DNS is asked until the new record is there.',
      board,
      'I changed the DNS record, check when it is visible',
      ['dig +short NS board.example.org', 'ns1.example.net.'],
      'sleep 60; dig +short board.example.org @1.1.1.1',
      ['203.0.113.7', '203.0.113.7', '203.0.113.7', '198.51.100.23'],
      'The new address is visible.',
    ),
    honest(
      'wait-for-port',
      'waiting until a service answers',
      repeat,
      { about: 'Refused twice, then up.', in: stock },
      (run) => {
        start(run, 'start the database and run the migrations', 'Api/Program.cs');
        run.sh('docker compose up -d sql', ' Container stock-sql-1  Started');
        for (let at = 0; at < 2; at++)
          run.fail(
            'sleep 8; dotnet ef database update',
            'A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible.',
          );
        run.sh('docker compose logs --tail 1 sql', 'sql-1  | SQL Server is now ready for client connections.');
        run.sh('sleep 8; dotnet ef database update', "Applying migration '20260512_Reservations'.\nDone.");
      },
    ),
    honest(
      'wait-background-shell',
      'a background shell is read while it works',
      repeat,
      { about: 'BashOutput of a suite that goes on, quiet twice.', in: board },
      (run) => {
        start(run, 'run all e2e tests', 'package.json');
        run.call(
          'Bash',
          { command: 'npx playwright test', run_in_background: true },
          'Command running in background with ID: bash_2',
        );
        for (const out of [
          'Running 34 tests using 2 workers',
          '',
          '  12 passed',
          '',
          '  25 passed',
          '  34 passed (3.1m)',
        ])
          run.call(
            'BashOutput',
            { bash_id: 'bash_2' },
            `<status>${out.includes('34 passed') ? 'completed' : 'running'}</status>\n\n${out === '' ? '' : `<stdout>\n${out}\n</stdout>\n\n`}<timestamp>${run.noise.now(40)}</timestamp>`,
          );
      },
    ),
  ];
}

function ci(): Scene[] {
  const rounds = (
    file: string,
    project: Project,
    reasons: readonly (readonly [log: string, path: string, old: string, now: string])[],
  ) =>
    honest(
      file,
      'CI is mended, push by push',
      cycle,
      { about: 'Each push shows another reason.', in: project },
      (run) => {
        start(run, 'CI is red, please fix it until green');
        for (const [at, [log, path, old, now]] of reasons.entries()) {
          run.sh(
            'gh run list --limit 1',
            `completed\tfailure\tFix CI\tCI\tmain\tpush\t1187${at}01\t1m${run.noise.int(10, 59)}s\t${run.noise.now()}`,
          );
          run.sh(`gh run view 1187${at}01 --log-failed | tail -n 20`, log.replaceAll('%T', run.noise.now()));
          if (at === 0) run.read(path, `${old}\n# …`);
          run.edit(path, old, now);
          run.sh(
            'git commit -qam "Fix CI" && git push',
            `To github.com:x/y.git\n   ${run.noise.hex(7)}..${run.noise.hex(7)}  main -> main`,
          );
          run.sh(
            'sleep 90; gh run watch --exit-status --interval 30 | tail -n 2',
            at === reasons.length - 1 ? '✓ main CI' : 'X main CI · failed',
          );
        }
      },
    );
  return [
    rounds('ci-node', shop, [
      [
        'test\tRun npm ci\t%T npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync',
        '.github/workflows/ci.yml',
        'run: npm ci',
        'run: npm install',
      ],
      [
        'test\tRun npm test\t%T Error: Cannot find module node:sqlite',
        '.github/workflows/ci.yml',
        'node-version: 20',
        'node-version: 22',
      ],
      [
        'test\tUpload\t%T Error: Unable to find any artifacts for the associated workflow',
        '.github/workflows/ci.yml',
        'path: cov',
        'path: coverage',
      ],
      ['lint\tRun npm run lint\t%T error  Unused variable total', 'src/cart.ts', 'const total = 0;', ''],
    ]),
    rounds('ci-go', svc, [
      [
        'lint\tgolangci-lint\t%T Error: internal/core/queue.go:14:2: ineffassign',
        'internal/core/queue.go',
        'job := Job{}',
        'var job Job',
      ],
      [
        'test\tgo test\t%T panic: dial tcp [::1]:5432: connect: connection refused',
        '.github/workflows/ci.yml',
        'services:',
        'services:\n  postgres: { image: postgres:17 }',
      ],
      [
        'test\tgo test\t%T pq: password authentication failed for user "postgres"',
        '.github/workflows/ci.yml',
        'image: postgres:17',
        'image: postgres:17, env: { POSTGRES_PASSWORD: x }',
      ],
    ]),
  ];
}

function packages(): Scene[] {
  const upgrade = (
    file: string,
    project: Project,
    wish: string,
    steps: readonly (readonly [string, string, boolean])[],
  ) =>
    honest(
      file,
      'packages are brought up to date',
      similar,
      { about: 'Installs, other complaints each time, tests.', in: project },
      (run) => {
        start(run, wish, Object.keys(project.files)[0] ?? '');
        for (const [command, output, ok] of steps) {
          if (ok) run.sh(command, output);
          else run.fail(command, output);
        }
        run.green(31);
      },
    );
  const oneByOne = (
    file: string,
    project: Project,
    add: (name: string) => string,
    names: readonly string[],
    told: (name: string, run: Session) => string,
  ) =>
    honest(
      file,
      'packages one after the other, tested each time',
      cycle,
      { about: 'Ten updates, each with the same green tests after it.', in: project },
      (run) => {
        start(run, 'update the dependencies one at a time and run the tests after each');
        for (const name of names) {
          run.sh(add(name), told(name, run));
          run.green(28);
        }
        run.sh('git commit -qam "Update dependencies"');
      },
    );
  return [
    upgrade('upgrade-react', board, 'upgrade to react 19', [
      [
        'npm install react@19 react-dom@19',
        'npm error code ERESOLVE\nnpm error peer react@"^18" from @dnd-kit/core@5.0.0',
        false,
      ],
      [
        'npm install react@19 react-dom@19 @dnd-kit/core@latest',
        'npm error code ERESOLVE\nnpm error peer react@"^17 || ^18" from react-modal@3.15.1',
        false,
      ],
      ['npm uninstall react-modal', 'removed 4 packages', true],
      ['npm install react@19 react-dom@19 @dnd-kit/core@latest', 'added 3 packages, changed 5 packages', true],
      ['npx tsc -b', "src/App.tsx(1,10): error TS2305: Module '\"react\"' has no exported member 'VFC'.", false],
    ]),
    upgrade('upgrade-spring', billing, 'upgrade spring boot to 3.4', [
      ['mvn -q compile', '[ERROR] package javax.annotation does not exist', false],
      ["grep -rl javax.annotation src | xargs sed -i 's/javax.annotation/jakarta.annotation/'", '', true],
      ['mvn -q compile', '[ERROR] cannot find symbol: class MockBean', false],
      ["grep -rl MockBean src | xargs sed -i 's/MockBean/MockitoBean/'", '', true],
      ['mvn -q compile', '', true],
    ]),
    upgrade('upgrade-laravel', crm, 'composer update to laravel 12', [
      [
        'composer require laravel/framework:^12.0 -W',
        'Problem 1\n    - spatie/laravel-permission 5.11 requires illuminate/auth ^9|^10',
        false,
      ],
      [
        'composer require laravel/framework:^12.0 spatie/laravel-permission:^6 -W',
        'Problem 1\n    - phpunit/phpunit 10.5 conflicts with nunomaduro/collision 8.6',
        false,
      ],
      ['composer require --dev phpunit/phpunit:^11 -W', 'Package operations: 3 installs, 41 updates, 2 removals', true],
    ]),
    oneByOne(
      'bump-npm',
      shop,
      (name) => `npm install ${name}@latest`,
      ['express', 'zod', 'pino', 'jest', 'supertest', 'tsx', 'uuid', 'nodemailer'],
      (_, run) => `changed 1 package, and audited 412 packages in ${run.noise.int(1, 6)}s\n\nfound 0 vulnerabilities`,
    ),
    oneByOne(
      'bump-cargo',
      parser,
      (name) => `cargo update -p ${name}`,
      ['serde', 'memchr', 'bitflags', 'indexmap', 'insta'],
      (name, run) =>
        `    Updating crates.io index\n    Updating ${name} v1.0.${run.noise.int(1, 9)} -> v1.0.${run.noise.int(10, 99)}`,
    ),
  ];
}

function git(): Scene[] {
  const bisect = (file: string, project: Project, verdicts: string) =>
    honest(
      file,
      'bisecting by hand',
      cycle,
      { about: 'good and bad in turn until the commit is found.', in: project },
      (run) => {
        start(run, 'find the commit that broke this');
        run.sh('git bisect start HEAD v1.4.0', 'Bisecting: 62 revisions left to test after this (roughly 6 steps)');
        for (const [at, verdict] of [...verdicts].entries()) {
          if (verdict === 'g') run.green(30);
          else run.red([['total › adds tax', 'Expected: 119\nReceived: 100']], 29);
          run.sh(
            `git bisect ${verdict === 'g' ? 'good' : 'bad'}`,
            at === verdicts.length - 1
              ? `${run.noise.hex(40)} is the first bad commit`
              : `Bisecting: ${2 ** (verdicts.length - at - 1)} revisions left to test after this\n[${run.noise.hex(40)}] Change ${run.noise.int(100, 999)}`,
          );
        }
        run.sh('git bisect reset', "Switched to branch 'main'");
      },
    );
  const rebase = (file: string, project: Project, paths: readonly string[]) =>
    honest(
      file,
      'a rebase with many conflicts',
      repeat,
      { about: 'Conflict by conflict, another file each time.', in: project },
      (run) => {
        start(run, 'rebase this branch onto main');
        run.fail(
          'git rebase main',
          `CONFLICT (content): Merge conflict in ${paths[0]}\nerror: could not apply ${run.noise.hex(7)}... part 0`,
        );
        for (const [at, path] of paths.entries()) {
          run.read(path, '<<<<<<< HEAD\nold\n=======\nnew\n>>>>>>> part');
          run.edit(path, '<<<<<<< HEAD\nold\n=======\nnew\n>>>>>>> part', 'new');
          run.sh(`git add ${path}`);
          const next = paths[at + 1];
          if (next === undefined)
            run.sh(
              'GIT_EDITOR=true git rebase --continue',
              'Successfully rebased and updated refs/heads/feature/next.',
            );
          else
            run.fail(
              'GIT_EDITOR=true git rebase --continue',
              `CONFLICT (content): Merge conflict in ${next}\nerror: could not apply ${run.noise.hex(7)}... part ${at + 1}`,
            );
        }
        run.green(40);
      },
    );
  const commits = (file: string, project: Project, parts: readonly string[]) =>
    honest(
      file,
      'work is committed in parts',
      cycle,
      { about: 'status, add, commit, again for each part.', in: project },
      (run) => {
        start(run, 'commit this in sensible parts');
        for (const [at, part] of parts.entries()) {
          run.sh(
            'git status --short',
            parts
              .slice(at)
              .map((path) => ` M ${path}`)
              .join('\n'),
          );
          run.sh(`git diff ${part}`, `diff --git a/${part} b/${part}\n@@ -1,3 +1,4 @@\n+${part} does more`);
          run.sh(`git add ${part} && git commit -qm "Let ${part.split('/').at(-1)} do more"`);
        }
        run.sh('git status --short');
      },
    );
  return [
    bisect('bisect-jest', shop, 'gbbgbg'),
    bisect('bisect-mostly-good', parser, 'gggbgg'),
    rebase('rebase-ruby', forum, [
      'app/models/post.rb',
      'app/services/notifier.rb',
      'db/schema.rb',
      'spec/models/post_spec.rb',
    ]),
    rebase('rebase-vite', board, ['package.json', 'src/App.tsx', 'src/App.tsx', 'vite.config.ts', 'src/useCards.ts']),
    commits('commits-py', ledger, ['ledger/models.py', 'ledger/api.py', 'ledger/report.py', 'README.md']),
    commits('commits-cs', stock, ['Core/Warehouse.cs', 'Api/Program.cs', 'Tests/WarehouseTests.cs']),
    honest(
      'cherry-picks',
      'fixes are picked to a release branch',
      similar,
      { about: 'Six picks, one conflict.', in: billing },
      (run) => {
        start(run, 'pick the six fixes to release/3.2');
        run.sh('git switch release/3.2', "Switched to branch 'release/3.2'");
        for (let at = 0; at < 6; at++) {
          const id = run.noise.hex(7);
          if (at === 3) {
            run.fail(`git cherry-pick ${id}`, 'CONFLICT (content): Merge conflict in pom.xml');
            run.edit('pom.xml', '<<<<<<< HEAD\n3.2.1\n=======\n3.3.0\n>>>>>>> x', '3.2.1');
            run.sh(
              'git add pom.xml && git cherry-pick --continue --no-edit',
              `[release/3.2 ${run.noise.hex(7)}] Fix 3`,
            );
          } else
            run.sh(
              `git cherry-pick ${id}`,
              `[release/3.2 ${run.noise.hex(7)}] Fix ${at}\n Date: ${run.noise.now()}\n 1 file changed, ${at + 1} insertions(+)`,
            );
        }
        run.green(50);
      },
    ),
  ];
}

function operating(): Scene[] {
  const serving = (
    file: string,
    project: Project,
    startCommand: string,
    turns: readonly (readonly [string, string, string])[],
    path: string,
  ) =>
    honest(
      file,
      'edit, start again, ask',
      cycle,
      { about: 'A server is restarted after each edit; the answer gets better.', in: project },
      (run) => {
        start(run, 'make the endpoint answer as in the spec', path);
        for (const [old, now, answer] of turns) {
          run.edit(path, old, now);
          run.sh(startCommand, 'restarted');
          run.sh('curl -s localhost:8080/jobs', answer);
        }
      },
    );
  return [
    serving(
      'serve-go',
      svc,
      'kill %1; go build -o bin/api ./cmd/api && ./bin/api & sleep 1; echo restarted',
      [
        ['listJobs', 'jobs.List', 'null'],
        ['return nil', 'return []Job{}', '[]'],
        ['[]Job{}', 'q.All()', '[{"ID":1}]'],
        ['ID int', 'ID int `json:"id"`', '[{"id":1}]'],
      ],
      'cmd/api/main.go',
    ),
    serving(
      'serve-express',
      shop,
      'kill $(cat .pid); (npx tsx src/server.ts & echo $! > .pid); sleep 1; echo restarted',
      [
        ["'/health'", "'/jobs'", '{"ok":true}'],
        ['{ ok: true }', '[]', '[]'],
        ['res.json([])', 'res.json(await all())', '{"error":"all is not a function"}'],
        ['import express', "import { all } from './jobs';\nimport express", '[{"id":1,"state":"new"}]'],
      ],
      'src/server.ts',
    ),
    honest(
      'crashloop',
      'a pod that does not start is looked into',
      similar,
      { about: 'describe, logs, a secret is missing, fixed.', in: svc },
      (run) => {
        start(run, 'api on staging is in CrashLoopBackOff');
        run.sh('kubectl -n staging get pods', 'api-7d9-abcde   0/1   CrashLoopBackOff   6 (21s ago)   9m');
        run.sh(
          'kubectl -n staging describe pod api-7d9-abcde | tail -n 8',
          'Warning  BackOff  21s (x32 over 8m)  kubelet  Back-off restarting failed container',
        );
        run.sh('kubectl -n staging logs api-7d9-abcde --previous', `${run.noise.now()} FATAL missing env DATABASE_URL`);
        run.sh('kubectl -n staging get secret api -o jsonpath={.data} | jq keys', '["REDIS_URL"]');
        run.edit('deploy/secret.yaml', 'REDIS_URL: x', 'REDIS_URL: x\n  DATABASE_URL: y');
        run.sh('kubectl -n staging apply -f deploy/secret.yaml', 'secret/api configured');
        run.sh(
          'kubectl -n staging rollout restart deploy/api && kubectl -n staging rollout status deploy/api',
          'deployment "api" successfully rolled out',
        );
        run.sh('kubectl -n staging get pods', 'api-86c-fghij   1/1   Running   0   14s');
      },
    ),
    honest(
      'pods-logs',
      'the same question to many things',
      similar,
      { about: 'The last lines of eight pods.', in: billing },
      (run) => {
        start(run, 'check the logs of all pods for errors');
        for (let at = 0; at < 8; at++)
          run.sh(
            `kubectl logs billing-${at} --tail 2`,
            `${run.noise.now()} INFO Started BillingApplication in ${run.noise.seconds(3, 9)} seconds\n${run.noise.now()} INFO Listening on 8080`,
          );
      },
    ),
    honest(
      'hosts-ssh',
      'the same question to many things',
      similar,
      { about: 'Free space on seven hosts; one is full.', in: crm },
      (run) => {
        start(run, 'which of web1..web7 is out of disk?');
        for (let at = 1; at <= 7; at++)
          run.sh(
            `ssh web${at} df -h /`,
            `Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        40G   ${at === 5 ? '40' : run.noise.int(10, 19)}G   ${at === 5 ? '0' : 20}G  ${at === 5 ? 100 : run.noise.int(30, 50)}% /`,
          );
        run.sh('ssh web5 "du -sh /var/log/* | sort -h | tail -n 3"', '33G\t/var/log/nginx');
      },
    ),
    honest(
      'setup-python',
      'a machine is set up',
      similar,
      { about: 'Python, venv, headers, packages; other errors on the way.', in: ledger },
      (run) => {
        start(run, 'set this project up on this machine', 'pyproject.toml');
        run.fail(
          'python -m venv .venv',
          'The virtual environment was not created successfully because ensurepip is not available.',
        );
        run.sh('sudo apt-get install -y python3.12-venv', 'Setting up python3.12-venv (3.12.3-1ubuntu0.5) ...');
        run.sh('python -m venv .venv');
        run.fail('.venv/bin/pip install -e .', 'Error: pg_config executable not found.');
        run.sh('sudo apt-get install -y libpq-dev', 'Setting up libpq-dev (16.8) ...');
        run.fail(
          '.venv/bin/pip install -e .',
          "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
        );
        run.sh('sudo apt-get install -y build-essential', 'Setting up build-essential (12.10) ...');
        run.sh('.venv/bin/pip install -e .', 'Successfully installed ledger-0.3.0');
        run.green(42, '.venv/bin/python -m pytest -q');
      },
    ),
    honest('release', 'a release is made', repeat, { about: 'Version, changelog, tag, build.', in: parser }, (run) => {
      start(run, 'prepare release 1.5.0', 'Cargo.toml');
      run.edit('Cargo.toml', 'version = "1.4.0"', 'version = "1.5.0"');
      run.sh('git log --oneline v1.4.0..HEAD', 'a1b2c3d Lex hex numbers\nd4e5f6a Keep spaces');
      run.read('CHANGELOG.md', '# Changelog\n\n## 1.4.0');
      run.edit('CHANGELOG.md', '## 1.4.0', '## 1.5.0\n\n- hex numbers\n\n## 1.4.0');
      run.green(36);
      run.sh('cargo package --list', 'Cargo.toml\nCHANGELOG.md\nsrc/lib.rs');
      run.sh('git commit -qam "Release 1.5.0" && git tag v1.5.0');
    }),
  ];
}

export const honestRunning = (): Scene[] => [...waiting(), ...ci(), ...packages(), ...git(), ...operating()];
