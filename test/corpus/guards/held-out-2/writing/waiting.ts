/** Honest work: waiting for builds, rollouts and CI. */
import { billing, board, ledger, type Project, parser, raster, shop, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';

const similar = 'loop.similar';

export function waiting(): Scene[] {
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
