/** Runs in circles: the same call with the same answer. */
import { again } from './again.ts';
import { billing, board, crm, ledger, parser, shop, stock, svc } from './projects.ts';
import { circling, type Scene } from './scene.ts';
import { start } from './start.ts';

export function repeating(): Scene[] {
  const rule = 'loop.repeat';
  return [
    circling(
      'same-test-jest',
      'the same failing command again',
      rule,
      { about: 'The suite is run again and again, nothing is changed.', in: shop },
      (run) => {
        start(run, 'tests are red, fix them please', 'package.json', 'src/cart.ts');
        again(run, 6, 3, 5, (at) => {
          run.red(
            [['total › adds tax', 'expect(received).toBe(expected)\n\nExpected: 119\nReceived: NaN']],
            28,
            'npm test',
          );
          if (at === 2) run.todo('Fix total()', 'Run tests');
        });
      },
    ),
    circling(
      'same-build-cargo',
      'the same failing command again',
      rule,
      { about: 'A linker is missing; the build is started again, other looks between.', in: parser, trees: true },
      (run) => {
        start(run, 'build the release binary', 'Cargo.toml');
        again(run, 6, 3, 5, (at) => {
          run.fail(
            'cargo build --release',
            `   Compiling libz-sys v1.1.20\nerror: failed to run custom build command for \`libz-sys v1.1.20\`\n\nCaused by:\n  process didn't exit successfully: \`/home/jo/parser/target/release/build/libz-sys-${run.noise.hex(16)}/build-script-build\` (exit status: 1)\n  --- stderr\n  cmake not found`,
            101,
          );
          if (at === 1) run.read('src/lib.rs');
          if (at === 3) run.sh('rustc --version', 'rustc 1.82.0 (f6e511eec 2024-10-15)');
        });
      },
    ),
    circling(
      'dead-health',
      'a dead thing is polled',
      rule,
      { about: 'A server that crashed is asked whether it is healthy.', in: svc },
      (run) => {
        start(run, 'start the api and check /jobs', 'cmd/api/main.go');
        run.sh('go run ./cmd/api > /tmp/api.log 2>&1 &', '[1] 48213');
        again(run, 8, 3, 5, () =>
          run.fail(
            'sleep 5; curl -sS localhost:8080/health',
            'curl: (7) Failed to connect to localhost port 8080 after 0 ms: Could not connect to server',
            7,
          ),
        );
      },
    ),
    circling(
      'dead-shell',
      'a shell that ended is asked on',
      rule,
      { about: 'The output of a background shell that ended long ago.', in: board },
      (run) => {
        start(run, 'run the e2e suite and tell me when it is through', 'package.json');
        run.call(
          'Bash',
          { command: 'npx playwright test', run_in_background: true },
          'Command running in background with ID: bash_4',
        );
        run.call(
          'BashOutput',
          { bash_id: 'bash_4' },
          `<status>running</status>\n\n<stdout>\nRunning 34 tests using 2 workers\n</stdout>\n\n<timestamp>${run.noise.now()}</timestamp>`,
        );
        again(run, 9, 3, 5, () =>
          run.call(
            'BashOutput',
            { bash_id: 'bash_4' },
            `<status>failed</status>\n\n<exit_code>137</exit_code>\n\n<timestamp>${run.noise.now()}</timestamp>`,
          ),
        );
      },
    ),
    circling(
      'dead-log',
      'a dead thing is polled',
      rule,
      { about: 'The tail of a log to which nothing is written any more, every half minute.', in: ledger, cwd: true },
      (run) => {
        start(run, 'run the import and watch it', 'pyproject.toml');
        run.sh('nohup python -m ledger.importer data/2025.csv > import.log 2>&1 &', '');
        run.sh('tail -n 3 import.log', '2026-05-12 09:15:01 INFO  read 12000 rows');
        again(run, 8, 3, 5, () =>
          run.sh(
            'sleep 30 && tail -n 3 import.log',
            '2026-05-12 09:15:44 INFO  read 48000 rows\n2026-05-12 09:15:46 ERROR worker died: MemoryError\nKilled',
          ),
        );
      },
    ),
    circling(
      'edit-that-misses',
      'the same edit that does not apply',
      rule,
      { about: 'Tabs against spaces: the edit never applies.', in: svc },
      (run) => {
        start(run, 'add a timeout to the server', 'cmd/api/main.go');
        again(run, 6, 3, 5, (at) => {
          run.editFails(
            'cmd/api/main.go',
            '    log.Fatal(http.ListenAndServe(":8080", mux))',
            '    srv := &http.Server{Addr: ":8080", Handler: mux, ReadTimeout: 5 * time.Second}\n    log.Fatal(srv.ListenAndServe())',
          );
          if (at % 2 === 0) run.read('cmd/api/main.go');
        });
      },
    ),
    circling(
      'reading-one-file',
      'the same file is read again',
      rule,
      { about: 'One file is read over and over, with a word in between.', in: crm },
      (run) => {
        start(run, 'why does the import count one row too many?', 'composer.json');
        again(run, 6, 3, 5, () => run.read('app/Services/Importer.php'));
      },
    ),
    circling(
      'search-again',
      'the same search again',
      rule,
      { about: 'A function that does not exist is looked for with the same words.', in: billing },
      (run) => {
        start(run, 'where do we compute the dunning fee?', 'pom.xml');
        again(run, 6, 3, 5, (at) => {
          run.grep('computeDunningFee', 'No matches found');
          if (at === 2) run.glob('**/*Dunning*', []);
        });
      },
    ),
    circling(
      'agent-polls',
      'a dead thing is polled',
      rule,
      { about: 'A subagent asks for a workflow that nobody picks up.', in: stock },
      (run) => {
        run.ask('Have an agent watch CI for this branch.');
        run.agent = 'c90aa12';
        run.sh(
          'gh run list --branch feature/next --limit 1',
          'queued\t\tAdd reservations\tCI\tfeature/next\tpush\t11873420991\t2m\t2026-05-12',
        );
        again(run, 9, 3, 5, () =>
          run.fail(
            'gh run view 11873420991 --json status',
            'failed to get run: HTTP 404: Not Found (https://api.github.com/repos/ole/stock/actions/runs/11873420991?exclude_pull_requests=true)',
          ),
        );
      },
    ),
  ];
}
