/** Honest work that looks stuck: networks, refusals, checks without words. */
import { board, forum, ledger, parser, shop, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';

const similar = 'loop.similar';

export function obstacles(): Scene[] {
  return [
    honest(
      'network-retries',
      'a network that comes and goes',
      repeat,
      { about: 'Two resets, then the install goes through.', in: board },
      (run) => {
        start(run, 'install and build', 'package.json');
        for (let at = 0; at < 2; at++)
          run.fail(
            'npm ci',
            `npm error code ECONNRESET\nnpm error network read ECONNRESET\nnpm error A complete log of this run can be found in: /home/mia/.npm/_logs/${run.noise.now().replaceAll(':', '_')}-debug-0.log`,
          );
        run.sh('npm ci', `added 412 packages in ${run.noise.int(8, 20)}s`);
        run.sh('npm run build', `✓ built in ${run.noise.seconds(2, 5)}s`);
      },
    ),
    honest(
      'rate-limit',
      'a network that comes and goes',
      similar,
      { about: 'An interface limits its rate; the wait grows shorter.', in: ledger },
      (run) => {
        start(run, 'fetch all rates of exchange for 2025');
        for (const left of [48, 31, 12])
          run.fail(
            'sleep 15; python scripts/rates.py',
            `fetched ${120 - left} of 365\nrequests.exceptions.HTTPError: 429 Client Error: Too Many Requests, retry after ${left} s`,
          );
        run.sh('sleep 15; python scripts/rates.py', 'fetched 365 of 365');
      },
    ),
    honest(
      'person-refuses',
      'a person refuses calls and says how',
      repeat,
      { about: 'Three edits are refused, each with a wish.', in: shop },
      (run) => {
        start(run, 'shorten total()', 'src/cart.ts');
        for (const [now, wish] of [
          ['const net = sum(lines);', 'no new helper please'],
          ['let net = 0;', 'keep reduce'],
          ['const net = lines.reduce(add, 0);', 'inline it'],
        ] as const) {
          run.callFails(
            'Edit',
            { file_path: '/home/mia/shop/src/cart.ts', old_string: 'const net', new_string: now },
            "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file).",
          );
          run.ask(wish);
        }
        run.edit('src/cart.ts', 'return net + taxOf(net);', 'return net + taxOf(net); // net is a sum of lines');
        run.green(29);
      },
    ),
    honest(
      'read-before-edit',
      'a file is read before each edit of it',
      repeat,
      { about: 'One long file, six edits, read anew each time.', in: svc },
      (run) => {
        start(run, 'add validation to every handler in cmd/api/main.go');
        for (let at = 0; at < 6; at++) {
          run.read(
            'cmd/api/main.go',
            `func handler${at}(w http.ResponseWriter, r *http.Request) {\n\t// validated: ${at}\n}`,
          );
          run.edit('cmd/api/main.go', `func handler${at}(`, `func validated${at}(`);
          run.sh('go build ./...');
        }
        run.green(0);
      },
    ),
    honest(
      'silent-checks',
      'a check without words after each edit',
      repeat,
      { about: 'tsc says nothing, ten times, after ten edits.', in: shop },
      (run) => {
        start(run, 'make these functions return Result instead of throwing');
        for (let at = 0; at < 10; at++) {
          run.edit(`src/service${at}.ts`, 'throw new Error(', 'return failure(');
          run.sh('npx tsc --noEmit');
        }
        run.green(28);
      },
    ),
    honest(
      'review-rounds',
      'reviewers look again after each round',
      similar,
      { about: 'A subagent reviews three times, finding less each time.', in: stock },
      (run) => {
        start(run, 'implement reservations and let a reviewer look until there is nothing left', 'Core/Warehouse.cs');
        for (const [at, found] of [
          '1. Reserve is not atomic.\n2. No test for zero.\n3. Names differ from the API.',
          '1. Cancel leaks the lock.',
          'Nothing left to remark.',
        ].entries()) {
          run.edit('Core/Warehouse.cs', `// v${at}`, `// v${at + 1}`);
          run.green(13 + at);
          run.call(
            'Task',
            {
              description: 'Review reservations',
              subagent_type: 'reviewer',
              prompt: 'Review the diff of Core/ for mistakes.',
            },
            found,
          );
        }
      },
    ),
    honest(
      'stress-seeds',
      'a stress test with other seeds',
      similar,
      { about: 'Eight seeds, all fine: that is the result.', in: parser },
      (run) => {
        start(run, 'fuzz the lexer with a few seeds');
        for (let at = 1; at <= 8; at++)
          run.sh(
            `cargo run -q --bin stress -- --seed ${at}`,
            `seed ${at}: ${run.noise.int(90, 99)}${run.noise.int(100, 999)} inputs, no crash (${run.noise.seconds(3, 9)}s)`,
          );
        run.say('No seed finds a crash.');
      },
    ),
    honest(
      'long-day',
      'many small wishes in one session',
      repeat,
      { about: 'Twelve wishes; edit, test, green, commit.', in: forum, trees: true },
      (run) => {
        for (let at = 0; at < 12; at++) {
          run.ask(`${['rename', 'hide', 'sort', 'group'][at % 4]} the ${['posts', 'users', 'mails'][at % 3]} (${at})`);
          run.read('app/models/post.rb');
          run.edit('app/models/post.rb', `# ${at}`, `scope :wish${at}, -> { order(:id) }\n# ${at + 1}`);
          run.green(44);
          run.sh(`git commit -qam "Wish ${at}"`);
          run.sh('git status --short');
        }
      },
    ),
  ];
}
