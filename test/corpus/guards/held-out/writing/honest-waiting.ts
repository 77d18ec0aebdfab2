/** Honest waiting, retrying and reading on. */
import { honest, type Run, type Written } from './kit.ts';

export function honestWaiting(): Written[] {
  return [...growing(), ...polling(), ...chunks(), ...flaky(), ...retries(), ...askedAgain()];
}

function growing(): Written[] {
  const pattern = 'the output of something long, looked at while it grows';
  return [
    honest(
      'loop.repeat',
      { file: 'growing-build', pattern, about: 'BashOutput of a bazel build, the counter rises' },
      (run) => {
        run.call(
          'Bash',
          { command: 'bazel build //...', run_in_background: true },
          'Command running in background with ID: 9a1',
        );
        for (let at = 1; at <= 9; at++)
          run.call(
            'BashOutput',
            { bash_id: '9a1' },
            `<status>running</status>\n<stdout>[${at * 211 + run.number(0, 90)} / 2,140] Compiling src/gen/file_${run.number(100, 999)}.cc; ${run.number(1, 9)}s linux-sandbox</stdout>`,
          );
        run.call(
          'BashOutput',
          { bash_id: '9a1' },
          '<status>completed</status>\n<exit_code>0</exit_code>\n<stdout>INFO: Build completed successfully, 2140 total actions</stdout>',
        );
      },
    ),
    honest(
      'loop.repeat',
      { file: 'growing-download', pattern, about: 'size of a file that is being downloaded' },
      (run) => {
        for (let at = 1; at <= 8; at++)
          run.bash(
            'sleep 30; ls -l /data/planet.osm.pbf',
            `-rw-r--r-- 1 dev dev ${at * 9128311 + run.number(1, 999999)} Mar  6 10:${10 + at} /data/planet.osm.pbf`,
          );
      },
    ),
    honest(
      'loop.repeat',
      { file: 'growing-log', workBefore: 9, pattern, about: 'tail of a training log, epoch after epoch' },
      (run) => {
        for (let at = 3; at <= 11; at++)
          run.bash(
            'sleep 120 && tail -n 2 train.log',
            `2026-03-06 10:${at * 4}:0${run.number(1, 9)} epoch ${at - 1} loss 0.${900 - at * 20}\n2026-03-06 10:${at * 4 + 2}:1${run.number(1, 9)} epoch ${at} loss 0.${890 - at * 20}`,
          );
        run.bash('sleep 120 && tail -n 2 train.log', 'early stopping at epoch 11\nsaved model.pt');
      },
    ),
    honest(
      'loop.similar',
      { file: 'growing-backfill', pattern, about: 'rows done by a backfill, asked of the database through MCP' },
      (run) => {
        run.ask('start the backfill and tell me when it is through');
        run.bash('nohup mix shop.backfill > backfill.log &', '[1] 4410');
        for (let at = 1; at <= 7; at++) {
          run.bash('sleep 60', '');
          run.call(
            'mcp__postgres__query',
            { sql: 'select count(*) from orders where region is not null' },
            `[{"count":"${at * 14500 + run.number(1, 900)}"}]`,
          );
        }
        run.call(
          'mcp__postgres__query',
          { sql: 'select count(*) from orders where region is null' },
          '[{"count":"0"}]',
        );
      },
    ),
  ];
}

function polling(): Written[] {
  const pattern = 'a state asked for until it changes';
  return [
    honest(
      'loop.repeat',
      { file: 'polling-rollout', pattern, about: 'kubectl get pods, ages and restarts move, then ready' },
      (run) => {
        run.bash('kubectl -n shop rollout restart deploy/api', 'deployment.apps/api restarted');
        for (let at = 1; at <= 6; at++)
          run.bash(
            'sleep 15; kubectl -n shop get pods -l app=api',
            `NAME                   READY   STATUS              RESTARTS   AGE\napi-6f7c9-x2k4p        ${at < 4 ? '0/1' : '1/1'}     ${['ContainerCreating', 'ContainerCreating', 'Running', 'Running', 'Running', 'Running'][at - 1]}   0          ${at * 16}s\napi-6f7c9-q8m1z        ${at < 6 ? '0/1' : '1/1'}     Running   0          ${at * 16}s`,
          );
      },
    ),
    honest(
      'loop.repeat',
      { file: 'polling-ci', pattern, about: 'gh run view, jobs end one after the other' },
      (run) => {
        for (let at = 0; at <= 6; at++)
          run.bash(
            'sleep 60 && gh run view 8812 --json jobs -q \'.jobs[] | "\\(.name) \\(.status)"\'',
            ['lint', 'types', 'unit', 'e2e', 'image', 'deploy']
              .map((name, job) => `${name} ${job < at ? 'completed' : 'in_progress'}`)
              .join('\n'),
          );
      },
    ),
    honest(
      'loop.repeat',
      { file: 'polling-dns', pattern, about: 'dig twice the same, then the new address' },
      (run) => {
        run.bash(
          'terraform apply -auto-approve -target=dns_a_record.shop',
          'Apply complete! Resources: 0 added, 1 changed, 0 destroyed.',
        );
        for (const address of ['203.0.113.7', '203.0.113.7', '203.0.113.44'])
          run.bash('sleep 45; dig +short shop.example.test', address);
        run.bash('curl -sI https://shop.example.test | head -1', 'HTTP/2 200');
      },
    ),
    honest(
      'loop.similar',
      { file: 'polling-stack', pattern, about: 'CloudFormation events, one more resource at each look' },
      (run) => {
        for (const name of ['Vpc', 'SubnetA', 'SubnetB', 'Cluster', 'Service', 'Alarm'])
          run.bash(
            'sleep 30; aws cloudformation describe-stack-events --stack-name shop --max-items 1 --query "StackEvents[0].[ResourceStatus,LogicalResourceId]" --output text',
            `CREATE_COMPLETE\t${name}`,
          );
        run.bash('aws cloudformation wait stack-create-complete --stack-name shop', '');
      },
    ),
  ];
}

function chunks(): Written[] {
  const pattern = 'a long file, part by part';
  const lines = (run: Run, first: number, count: number) =>
    Array.from(
      { length: count },
      (_, at) => `  register(${first + at}, handler_${run.hex(3)}, FLAG_${(first + at) % 4});`,
    ).join('\n');
  return [
    honest(
      'loop.similar',
      { file: 'chunks-read', workBefore: 6, pattern, about: 'Read with offset, ten parts of very uniform lines' },
      (run) => {
        for (let at = 0; at < 10; at++) run.read('src/registry.cc', lines(run, 1 + at * 60, 60), 1 + at * 60);
      },
    ),
    honest('loop.similar', { file: 'chunks-sed', pattern, about: 'sed -n with other ranges, generated SQL' }, (run) => {
      for (let at = 0; at < 9; at++)
        run.bash(
          `sed -n '${1 + at * 40},${40 + at * 40}p' seed.sql`,
          Array.from(
            { length: 40 },
            (_, row) =>
              `INSERT INTO rates (id, code, value) VALUES (${at * 40 + row}, 'R${at * 40 + row}', 0.0${run.number(1, 9)});`,
          ).join('\n'),
        );
    }),
    honest(
      'loop.similar',
      { file: 'chunks-log-pages', pattern, about: 'pages of a log service, all lines alike' },
      (run) => {
        for (let at = 1; at <= 7; at++)
          run.call(
            'mcp__logs__search',
            { query: 'level:error service:mailer', page: at },
            Array.from(
              { length: 12 },
              (_, row) =>
                `2026-03-06T09:${10 + at}:${10 + row}Z mailer error smtp timeout recipient=${run.hex(6)} attempt=${run.number(1, 5)}`,
            ).join('\n'),
          );
      },
    ),
  ];
}

function flaky(): Written[] {
  const pattern = 'the same test many times, because it fails now and then';
  const story = (
    file: string,
    about: string,
    results: boolean[],
    command: string,
    green: (run: Run) => string,
    red: (run: Run) => string,
    after: (run: Run) => void,
  ) =>
    honest('loop.repeat', { file, pattern, about }, (run) => {
      run.ask('this test is flaky; run it several times and find out how often it fails');
      for (const passed of results) {
        if (passed) run.bash(command, green(run));
        else run.red(command, red(run));
      }
      after(run);
    });
  return [
    story(
      'flaky-ctest',
      'fails two of seven times',
      [true, true, false, true, true, false, true],
      'ctest --test-dir build -R pool',
      (run) =>
        `1/1 Test #3: pool_test ...   Passed    0.${run.number(10, 90)} sec\n\n100% tests passed, 0 tests failed out of 1`,
      (run) =>
        `1/1 Test #3: pool_test ...***Failed    0.${run.number(10, 90)} sec\n\n0% tests passed, 1 tests failed out of 1\n\nThe following tests FAILED:\n\t  3 - pool_test (Failed)`,
      (run) =>
        run.bash(
          'ctest --test-dir build -R pool --repeat until-fail:200',
          '1/1 Test #3: pool_test ...***Failed after 61 runs',
        ),
    ),
    story(
      'flaky-exunit',
      'other seeds, fails with one of them, then that seed',
      [true, true, true, false],
      'mix test test/queue_test.exs',
      (run) =>
        `Running ExUnit with seed: ${run.number(1, 999999)}, max_cases: 8\n....\nFinished in 0.2 seconds\n4 tests, 0 failures`,
      () =>
        'Running ExUnit with seed: 40912, max_cases: 8\n\n  1) test drains (Shop.QueueTest)\n     test/queue_test.exs:19\n     Assertion failed, no matching message after 100ms\n\nFinished in 0.3 seconds\n4 tests, 1 failure',
      (run) =>
        run.red(
          'mix test test/queue_test.exs --seed 40912',
          'Running ExUnit with seed: 40912, max_cases: 8\n\n  1) test drains (Shop.QueueTest)\n     test/queue_test.exs:19\n     Assertion failed, no matching message after 100ms\n\n4 tests, 1 failure',
          2,
        ),
    ),
  ];
}

function retries(): Written[] {
  const pattern = 'a network failure, tried again until it works';
  return [
    honest(
      'loop.repeat',
      { file: 'retries-npm', workBefore: 8, pattern, about: 'npm ci fails twice on the network, then works' },
      (run) => {
        for (let at = 1; at <= 2; at++)
          run.red(
            'npm ci',
            `npm error code ECONNRESET\nnpm error network aborted\nnpm error A complete log of this run can be found in: /home/dev/.npm/_logs/2026-03-06T10_1${at}_00_000Z-debug-0.log`,
          );
        run.bash('npm ci', `added 812 packages in ${run.number(9, 30)}s`);
        run.bash('npm test', 'Tests:       40 passed, 40 total');
      },
    ),
    honest(
      'loop.repeat',
      { file: 'retries-push', workBefore: 2, pattern, about: 'an image pull that is throttled, with growing waits' },
      (run) => {
        run.red('docker pull ghcr.io/acme/base:12', 'Error response from daemon: toomanyrequests: retry-after: 30s');
        run.red(
          'sleep 30; docker pull ghcr.io/acme/base:12',
          'Error response from daemon: toomanyrequests: retry-after: 60s',
        );
        run.bash(
          'sleep 60; docker pull ghcr.io/acme/base:12',
          'Status: Downloaded newer image for ghcr.io/acme/base:12',
        );
      },
    ),
    honest(
      'loop.repeat',
      { file: 'retries-lock', workBefore: 2, pattern, about: 'a lock of terraform held by somebody, until it is free' },
      (run) => {
        for (const who of ['ana@ci-12', 'ana@ci-12', 'ben@laptop'])
          run.red(
            'terraform plan -lock-timeout=60s -no-color',
            `Error: Error acquiring the state lock\n\nLock Info:\n  Who:       ${who}\n  Created:   2026-03-06 10:${run.number(10, 59)}:12 UTC`,
          );
        run.bash('terraform plan -lock-timeout=60s -no-color', 'Plan: 2 to add, 0 to change, 0 to destroy.');
      },
    ),
  ];
}

function askedAgain(): Written[] {
  const pattern = 'a person asks for the same once more';
  return [
    honest(
      'loop.repeat',
      { file: 'asked-again-board', pattern, about: 'a person replugs a board and asks for the same probe each time' },
      (run) => {
        for (const word of [
          'read the chip id',
          'again, i changed the cable',
          'and now?',
          'one more time, other port',
        ]) {
          run.ask(word);
          run.red(
            'esptool.py --port /dev/ttyUSB0 chip_id',
            'A fatal error occurred: Failed to connect to ESP32: No serial data received.',
            2,
          );
          run.say('Still no answer from the chip.');
        }
        run.ask('again');
        run.bash('esptool.py --port /dev/ttyUSB0 chip_id', 'Chip is ESP32-D0WD (revision v1.0)');
      },
    ),
    honest(
      'loop.repeat',
      {
        file: 'asked-again-migration',
        pattern,
        about: 'a person repairs a database elsewhere and has the migration run again',
      },
      (run) => {
        for (const word of [
          'run the migrations',
          'gave you the grant, retry',
          'was the wrong role. now',
          'try again please',
        ]) {
          run.ask(word);
          run.red('bin/rails db:migrate', 'PG::InsufficientPrivilege: ERROR:  permission denied for schema public');
        }
        run.ask('sorry, now it is really granted');
        run.bash('bin/rails db:migrate', '== 20260306101010 AddRegion: migrated (0.0121s) ==');
      },
    ),
    honest(
      'loop.repeat',
      { file: 'asked-again-status', pattern, about: 'a standing prompt asks for the state every hour, nothing new' },
      (run) => {
        for (let at = 8; at <= 13; at++) {
          run.ask(`hourly check ${at}:00 - are there failed jobs?`);
          run.bash('bin/jobs failed --count', '0');
          run.say(`At ${at}:00 there were none.`);
        }
      },
    ),
  ];
}
