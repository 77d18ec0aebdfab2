/** Runs in circles: a short round of calls, again and again. */
import { again } from './again.ts';
import { billing, board, crm, forum, ledger, shop, svc } from './projects.ts';
import { circling, type Scene } from './scene.ts';
import { start } from './start.ts';

export function cycling(): Scene[] {
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
