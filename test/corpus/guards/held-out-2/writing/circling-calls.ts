/** Runs in circles of calls: the same again, a round of a few, the same kind with the same answer, words without deeds. */
import { billing, board, crm, forum, ledger, parser, raster, shop, stock, svc } from './projects.ts';
import { circling, type Scene } from './scene.ts';
import type { Session } from './session.ts';
import { start } from './start.ts';

/** `turn` again and again; fair from the end of turn `fair`, late after turn `late`. */
function again(run: Session, times: number, fair: number, late: number, turn: (at: number) => void): void {
  for (let at = 1; at <= times; at++) {
    turn(at);
    if (at === fair) run.fair();
    if (at === late) run.late(1);
  }
}

function repeating(): Scene[] {
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

function cycling(): Scene[] {
  const rule = 'loop.cycle';
  return [
    circling(
      'format-against-lint',
      'two tools undo each other',
      rule,
      { about: 'eslint --fix and prettier disagree about one line for ever.', in: shop },
      (run) => {
        start(run, 'make npm run lint pass', 'package.json');
        const lint = () =>
          run.fail(
            'npm run lint',
            '\n> shop@1.0.0 lint\n> eslint . && prettier --check .\n\nChecking formatting...\n[warn] src/cart.ts\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.',
          );
        const lint2 = () =>
          run.fail(
            'npm run lint',
            '\n> shop@1.0.0 lint\n> eslint . && prettier --check .\n\n/home/mia/shop/src/cart.ts\n  4:1  error  Expected indentation of 6 spaces but found 4  indent\n\n✖ 1 problem (1 error, 0 warnings)\n  1 error and 0 warnings potentially fixable with the `--fix` option.',
          );
        again(run, 5, 2, 3, () => {
          lint();
          run.sh('npx prettier --write src/cart.ts', `src/cart.ts ${run.noise.int(30, 60)}ms`);
          lint2();
          run.sh('npx eslint --fix src/cart.ts', '');
        });
      },
    ),
    circling(
      'up-and-logs',
      'two commands in turn',
      rule,
      { about: 'A container is started and its log read, always the same.', in: ledger },
      (run) => {
        start(run, 'docker compose up fails for me, fix', 'pyproject.toml');
        run.sh(
          'cat docker-compose.yml',
          'services:\n  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n  api:\n    build: .\n    depends_on: [db]',
        );
        again(run, 6, 2, 4, () => {
          run.sh('docker compose up -d db', ` Container ledger-db-1  Starting\n Container ledger-db-1  Started`);
          run.sh(
            'docker compose logs --tail 4 db',
            `db-1  | ${run.noise.now()} [1] FATAL:  database files are incompatible with server\ndb-1  | DETAIL:  The data directory was initialized by PostgreSQL version 15, which is not compatible with this version 17.4.`,
          );
        });
      },
    ),
    circling(
      'down-up-logs',
      'a round of restarts',
      rule,
      { about: 'Down, build, up, logs, and again.', in: crm, cwd: true },
      (run) => {
        start(run, 'the worker container keeps exiting', 'composer.json');
        again(run, 5, 2, 3, () => {
          run.sh(
            'docker compose down',
            ' Container crm-worker-1  Stopped\n Container crm-worker-1  Removed\n Network crm_default  Removed',
          );
          run.sh(
            'docker compose build worker',
            `#9 exporting to image\n#9 writing image sha256:${run.noise.hex(64)} done\n#9 DONE 0.${run.noise.int(1, 9)}s`,
          );
          run.sh('docker compose up -d worker', ' Network crm_default  Created\n Container crm-worker-1  Started');
          run.sh(
            'docker compose logs worker',
            'worker-1  | Could not open input file: artisan\nworker-1 exited with code 1',
          );
        });
      },
    ),
    circling(
      'pull-and-abort',
      'two commands in turn',
      rule,
      { about: 'Pull, conflict, abort, and pull again.', in: forum },
      (run) => {
        start(run, 'update my branch', 'Gemfile');
        again(run, 6, 2, 4, () => {
          run.fail(
            'git pull --no-rebase origin main',
            'From github.com:lea/forum\n * branch            main       -> FETCH_HEAD\nAuto-merging app/models/post.rb\nCONFLICT (content): Merge conflict in app/models/post.rb\nAutomatic merge failed; fix conflicts and then commit the result.',
          );
          run.sh('git merge --abort', '');
        });
      },
    ),
    circling(
      'reading-three-files',
      'the same files are read in turn',
      rule,
      { about: 'Three files, one after the other, again and again, no change.', in: billing },
      (run) => {
        start(run, 'closing an invoice fails with a validation error', 'pom.xml');
        again(run, 5, 2, 3, (at) => {
          run.read('src/main/java/org/example/billing/InvoiceService.java');
          run.read('src/main/resources/application.yml');
          run.read('pom.xml');
          if (at === 3) run.todo('Find the validation error');
        });
      },
    ),
    circling(
      'clicking-disabled',
      'a page that does not react',
      rule,
      { about: 'Snapshot, click on a disabled button, snapshot.', in: board },
      (run) => {
        start(run, 'log in on the dev server and check the board', 'vite.config.ts');
        run.call(
          'mcp__playwright__browser_navigate',
          { url: 'http://localhost:5173/login' },
          '### Page state\n- Page URL: http://localhost:5173/login\n- Page Title: Board',
        );
        again(run, 6, 2, 4, () => {
          run.call(
            'mcp__playwright__browser_click',
            { element: 'Sign in button', ref: 'e14' },
            `### Ran Playwright code\nawait page.getByRole('button', { name: 'Sign in' }).click();\n\nError: locator.click: Timeout 5000ms exceeded.\n  - element is not enabled`,
          );
          run.call(
            'mcp__playwright__browser_snapshot',
            {},
            '### Page state\n- Page URL: http://localhost:5173/login\n- textbox "Mail" [ref=e9]\n- textbox "Password" [ref=e11]\n- button "Sign in" [disabled] [ref=e14]',
          );
        });
      },
    ),
    circling(
      'kill-and-start',
      'a round of restarts',
      rule,
      { about: 'Kill, start, ask: the answer is the same.', in: svc, trees: true },
      (run) => {
        start(run, 'GET /jobs answers 404 since I changed the router', 'cmd/api/main.go');
        again(run, 5, 2, 3, (at) => {
          run.sh('kill $(lsof -ti :8080) 2>/dev/null; echo stopped', 'stopped');
          run.sh('./bin/api > /tmp/api.log 2>&1 & sleep 1; echo started', `started`);
          run.sh(
            'curl -s -i localhost:8080/jobs/',
            `HTTP/1.1 404 Not Found\nDate: Tue, 12 May 2026 ${run.noise.clock()} GMT\nContent-Length: 19\n\n404 page not found`,
          );
          if (at === 2) run.grep('HandleFunc', 'cmd/api/main.go:3:\tmux.HandleFunc("GET /jobs", listJobs)');
        });
      },
    ),
    circling(
      'snapshots-again',
      'two commands in turn',
      rule,
      { about: 'Snapshots hold the time: updated, red, updated, red.', in: board },
      (run) => {
        start(run, 'snapshot test of the footer is red', 'src/App.tsx');
        again(run, 6, 2, 4, () => {
          run.red(
            [
              [
                'Footer > renders',
                `Error: Snapshot \`Footer > renders 1\` mismatched\n- <time>${run.noise.clock()}</time>\n+ <time>${run.noise.clock()}</time>`,
              ],
            ],
            40,
          );
          run.sh(
            'npx vitest run -u',
            ` Snapshots  1 updated\n Test Files  7 passed (7)\n      Tests  41 passed (41)\n   Duration  ${run.noise.seconds(1, 3)}s`,
          );
        });
      },
    ),
  ];
}

function resembling(): Scene[] {
  const rule = 'loop.similar';
  const many = (run: Session, answers: number, attempt: (at: number) => void) =>
    again(run, answers, 3, 6, (at) => attempt(at - 1));
  return [
    circling(
      'ports',
      'one setting after the other, same answer',
      rule,
      { about: 'The server is started on port after port; the address is wrong, not the port.', in: shop },
      (run) => {
        start(run, 'start the dev server', 'package.json', 'src/server.ts');
        many(run, 8, (at) =>
          run.fail(
            `PORT=${[3000, 3001, 8080, 8000, 5000, 4000, 9000, 3333][at]} node dist/server.js`,
            `node:events:497\n      throw er; // Unhandled 'error' event\n      ^\n\nError: listen EADDRNOTAVAIL: address not available 10.0.3.7:${[3000, 3001, 8080, 8000, 5000, 4000, 9000, 3333][at]}\n    at Server.setupListenHandle [as _listen2] (node:net:1817:16)\n    at listenInCluster (node:net:1865:12)\n\nNode.js v22.11.0`,
          ),
        );
      },
    ),
    circling(
      'install-flags',
      'one flag after the other, same answer',
      rule,
      { about: 'npm install with every flag there is.', in: board },
      (run) => {
        start(run, 'npm install does not work', 'package.json');
        const flags = [
          '',
          ' --legacy-peer-deps',
          ' --force',
          ' --no-audit',
          ' --prefer-offline',
          ' --registry https://registry.npmjs.org',
          ' --verbose=false',
          ' --no-optional',
        ];
        many(run, 8, (at) =>
          run.fail(
            `npm install${flags[at] ?? ''}`,
            `npm error code EACCES\nnpm error syscall mkdir\nnpm error path /home/mia/board/node_modules/react\nnpm error errno -13\nnpm error Error: EACCES: permission denied, mkdir '/home/mia/board/node_modules/react'\nnpm error A complete log of this run can be found in: /home/mia/.npm/_logs/${run.noise.now().replaceAll(':', '_')}-debug-0.log`,
            243,
          ),
        );
      },
    ),
    circling(
      'sudo-and-friends',
      'one flag after the other, same answer',
      rule,
      { about: 'A device is full; the rights are changed again and again.', in: raster },
      (run) => {
        start(run, 'build and install raster', 'CMakeLists.txt');
        const tries = [
          'cmake --install build',
          'sudo cmake --install build',
          'sudo -E cmake --install build',
          'cmake --install build --prefix /usr/local',
          'sudo make -C build install',
          'sudo cmake --install build --strip',
          'su -c "cmake --install build"',
        ];
        many(run, 7, (at) =>
          run.fail(
            tries[at] ?? '',
            '-- Install configuration: "Release"\nCMake Error at cmake_install.cmake:46 (file):\n  file INSTALL cannot copy file "/home/noor/raster/build/libraster.a"\n  to "/usr/local/lib/libraster.a": No space left on device.',
          ),
        );
      },
    ),
    circling(
      'test-command',
      'the test command is mended, not the code',
      rule,
      { about: 'The test is called in seven ways, the failure is the same each time.', in: ledger },
      (run) => {
        start(run, 'test_monthly fails', 'ledger/report.py');
        const ways = [
          'pytest tests/test_report.py',
          'python -m pytest tests/test_report.py',
          'python3 -m pytest tests/test_report.py -x',
          'PYTHONPATH=. pytest tests/test_report.py',
          'poetry run pytest tests/test_report.py',
          'uv run pytest tests/test_report.py -p no:cacheprovider',
          '.venv/bin/pytest tests/test_report.py',
          'pytest tests/test_report.py --import-mode=importlib',
        ];
        many(run, 8, (at) =>
          run.red(
            [
              [
                'test_report.py::test_monthly',
                'E   AssertionError: assert {1: Decimal("10")} == {(2025, 1): Decimal("10")}',
              ],
            ],
            6,
            ways[at] ?? '',
          ),
        );
      },
    ),
    circling(
      'test-command-mvn',
      'the test command is mended, not the code',
      rule,
      { about: 'Maven with other switches, the same assertion.', in: billing, trees: true },
      (run) => {
        start(run, 'InvoiceServiceTest is red', 'src/main/java/org/example/billing/InvoiceService.java');
        const ways = [
          'mvn test -Dtest=InvoiceServiceTest',
          'mvn clean test -Dtest=InvoiceServiceTest',
          'mvn -U test -Dtest=InvoiceServiceTest',
          './mvnw test -Dtest=InvoiceServiceTest',
          'mvn test -Dtest=InvoiceServiceTest -DforkCount=0',
          'mvn -o test -Dtest=InvoiceServiceTest',
          'mvn test -Dtest="InvoiceServiceTest#closes"',
        ];
        many(run, 7, (at) =>
          run.red([['InvoiceServiceTest.closes:31', 'expected: <CLOSED> but was: <OPEN>']], 4, ways[at] ?? ''),
        );
      },
    ),
    circling(
      'image-again',
      'a build in other words, same answer',
      rule,
      { about: 'The image is built with and without cache, with other tags and builders.', in: svc },
      (run) => {
        start(run, 'docker build fails', 'go.mod');
        const ways = [
          'docker build .',
          'docker build --no-cache .',
          'docker build -t svc .',
          'DOCKER_BUILDKIT=0 docker build -t svc .',
          'docker buildx build -t svc .',
          'docker build --pull --no-cache -t svc:dev .',
          'docker build --network=host -t svc .',
        ];
        many(run, 7, (at) =>
          run.fail(
            ways[at] ?? '',
            `#7 [build 4/6] RUN go mod download\n#7 ${run.noise.seconds(0, 2)} go: errors parsing go.mod:\n#7 ${run.noise.seconds(0, 2)} /src/go.mod:3: invalid go version '1.23.0.1': must match format 1.23\n#7 ERROR: process "/bin/sh -c go mod download" did not complete successfully: exit code: 1\nERROR: failed to solve: process "/bin/sh -c go mod download" did not complete successfully: exit code: 1`,
          ),
        );
      },
    ),
    circling(
      'searching-words',
      'one word after the other, nothing found',
      rule,
      { about: 'An endpoint that is not in this repository is searched for in ever more words.', in: crm },
      (run) => {
        start(run, 'where is the code that sends the welcome SMS?', 'routes/api.php');
        const words = [
          'sendSms',
          'send_sms',
          'SmsService',
          'welcome.*sms',
          'twilio',
          'vonage',
          'SmsChannel',
          'sms_gateway',
        ];
        many(run, 8, (at) => run.grep(words[at] ?? '', 'No matches found'));
      },
    ),
    circling(
      'git-push-ways',
      'one flag after the other, same answer',
      rule,
      { about: 'A rejected key, and every way to push.', in: forum },
      (run) => {
        start(run, 'commit and push this', 'Gemfile');
        run.sh(
          'git commit -am "Hide hidden posts"',
          '[fix/totals 3b1c9e0] Hide hidden posts\n 1 file changed, 1 insertion(+)',
        );
        const ways = [
          'git push',
          'git push origin HEAD',
          'git push -u origin HEAD',
          'git push origin fix/totals',
          'GIT_SSH_COMMAND="ssh -v" git push -q',
          'git push --no-verify',
          'git push origin HEAD:fix/totals',
        ];
        many(run, 7, (at) =>
          run.fail(
            ways[at] ?? '',
            'git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
            128,
          ),
        );
      },
    ),
  ];
}

function talking(): Scene[] {
  const rule = 'loop.monologue';
  const words = (run: Session, texts: readonly string[]) =>
    again(run, texts.length, 3, 6, (at) => run.say(texts[at - 1] ?? ''));
  return [
    circling(
      'done-without-deed',
      'says it is done, does nothing',
      rule,
      { about: 'Seven times that all is done; no call.', in: shop },
      (run) => {
        start(run, 'add a discount code to the cart', 'src/cart.ts');
        words(run, [
          'I have added support for discount codes to the cart.',
          'The discount code is now applied in `total()` before tax.',
          'All changes are complete. The cart supports discount codes.',
          'To summarise: discount codes are validated and applied.',
          'The implementation is finished and ready for review.',
          'Everything is in place. Discount codes work as requested.',
          'The task is complete.',
          'Done.',
        ]);
      },
    ),
    circling(
      'planning-on',
      'plans, and plans again',
      rule,
      { about: 'One plan after the other, none is begun.', in: stock, trees: true },
      (run) => {
        start(run, 'move the api to minimal hosting', 'Api/Program.cs', 'Core/Warehouse.cs');
        words(run, [
          "I'll start by looking at how the application is hosted.",
          'Let me now plan the migration: first Program.cs, then the services.',
          'Before I begin, I want to think about the order of the steps.',
          'The plan: 1. Program.cs 2. Warehouse 3. tests. I will begin with Program.cs.',
          'Now I will begin with Program.cs.',
          "Let me begin. First, I'll open Program.cs.",
          "I'm going to edit Program.cs now.",
          'Next I will edit Program.cs as planned.',
        ]);
      },
    ),
    circling(
      'same-sentence',
      'the same sentence again',
      rule,
      { about: 'One sentence, again and again.', in: raster },
      (run) => {
        start(run, 'run the tests', 'CMakeLists.txt');
        run.red([['blur_edges', 'blur_test.cpp:31: Failure']], 8);
        words(
          run,
          Array.from({ length: 8 }, () => 'Let me run the tests to see whether everything passes.'),
        );
      },
    ),
  ];
}

export const circlingCalls = (): Scene[] => [...repeating(), ...cycling(), ...resembling(), ...talking()];
