/** Honest work that looks stuck for a while: slow progress, measuring, comparing, looking for a cause. */
import { billing, board, crm, forum, ledger, type Project, parser, raster, shop, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';
const similar = 'loop.similar';
const thrash = 'loop.thrash';
const revisit = 'loop.revisit';

function causes(): Scene[] {
  const printing = (
    file: string,
    project: Project,
    path: string,
    name: string,
    failure: string,
    prints: readonly (readonly [string, string])[],
    fix: readonly [string, string],
  ) =>
    honest(
      file,
      'output for debugging goes in and out',
      thrash,
      {
        about: 'The test stays red while prints tell more; then the cause is mended.',
        in: project,
        trees: prints.length === 3,
      },
      (run) => {
        start(run, `${name} fails and I do not see why`, path);
        run.red([[name, failure]], 20);
        for (const [print, seen] of prints) {
          run.edit(path, '// here', `${print}\n// here`);
          run.red([[name, `${seen}\n${failure}`]], 20);
        }
        for (const [print] of prints.toReversed()) run.edit(path, `${print}\n// here`, '// here');
        run.edit(path, ...fix);
        run.green(21);
      },
    );
  const takenBack = (
    file: string,
    project: Project,
    path: string,
    idea: readonly [string, string],
    better: readonly [string, string],
    first: readonly [string, string],
    worse: readonly [string, string],
  ) =>
    honest(
      file,
      'an idea is taken back for another',
      revisit,
      { about: 'The first idea makes it worse and is taken back; the second one works.', in: project, trees: true },
      (run) => {
        start(run, 'please fix the red test', path);
        run.red([first], 20);
        run.edit(path, ...idea);
        run.red([first, worse], 19);
        run.edit(path, idea[1], idea[0]);
        run.red([first], 20);
        run.edit(path, ...better);
        run.green(21);
      },
    );
  const smaller = (
    file: string,
    project: Project,
    command: string,
    crash: string,
    pieces: readonly string[],
    path: string,
  ) =>
    honest(
      file,
      'a failing input is made smaller',
      thrash,
      { about: 'The crash is meant to stay while the input shrinks.', in: project },
      (run) => {
        start(run, 'find the smallest input that still crashes', Object.keys(project.files)[1] ?? '');
        run.fail(command, crash, 134);
        for (const [at, piece] of pieces.entries()) {
          run.write(path, piece);
          if (at === 2) {
            run.sh(command, 'ok');
            run.write(path, `${piece}\n${pieces[at - 1]?.slice(0, 9)}`);
          }
          run.fail(command, crash, 134);
        }
        run.say(`The smallest input is in ${path}.`);
      },
    );
  return [
    printing(
      'prints-jest',
      shop,
      'src/cart.ts',
      'total › adds tax',
      'Expected: 119\nReceived: NaN',
      [
        ['console.log(lines);', "console.log\n  [ { price: '100', count: 1 } ]"],
        ['console.log(typeof net);', 'console.log\n  string'],
      ],
      ['line.price * line.count', 'Number(line.price) * line.count'],
    ),
    printing(
      'prints-go',
      svc,
      'internal/core/queue.go',
      'TestQueueOrder',
      'queue_test.go:31: got b, want a',
      [
        ['fmt.Println(q.jobs)', '[{b} {a}]'],
        ['fmt.Println("push", job)', 'push {a}\npush {b}'],
        ['fmt.Println(cap(q.jobs))', '[2 2]'],
      ],
      ['append([]Job{job}, q.jobs...)', 'append(q.jobs, job)'],
    ),
    printing(
      'prints-py',
      ledger,
      'ledger/report.py',
      'test_report.py::test_monthly',
      'E   AssertionError: assert {} == {1: 10}',
      [
        ['print(list(entries))', '[]'],
        ['print(type(entries))', "<class 'generator'>"],
        ['breakpoint_info()', 'consumed in len()'],
      ],
      ['for entry in entries', 'for entry in list(entries)'],
    ),
    takenBack(
      'taken-back-java',
      billing,
      'src/main/java/org/example/billing/InvoiceService.java',
      ['repository.save(invoice)', 'repository.saveAndFlush(invoice)'],
      ['@Service', '@Service\n@Transactional'],
      ['InvoiceServiceTest.rollsBack:60', 'expected: <0> but was: <1>'],
      ['InvoiceServiceTest.batches:71', 'expected one flush but there were many'],
    ),
    takenBack(
      'taken-back-tsx',
      board,
      'src/useCards.ts',
      ['load().then(setCards);', 'flushSync(() => load().then(setCards));'],
      ['useEffect(() => {', 'useEffect(() => {\n    let live = true;'],
      ['useCards > ignores late answers', 'expected [ old ] to deeply equal []'],
      ['App > renders', 'flushSync was called from inside a lifecycle method'],
    ),
    smaller(
      'smaller-json',
      parser,
      'target/debug/parse case.txt',
      "thread 'main' panicked at src/tree.rs:118:30:\nindex out of bounds: the len is 3 but the index is 3",
      ['{"a": [1, 2, {"b": "c"}], "d": 4}', '{"a": [1, 2, {"b": 1}]}', '{"a": [1, 2]}', '[{"b":1}]', '[{}]'],
      'case.txt',
    ),
    smaller(
      'smaller-image',
      raster,
      './build/blur case.pgm',
      'AddressSanitizer: heap-buffer-overflow on address 0x602000000114\n    #0 in Image::at(int, int) src/image.h:4',
      ['P2 64 64 255', 'P2 8 8 255', 'P2 4 4 255', 'P2 3 1 255'],
      'case.pgm',
    ),
    honest(
      'fix-proved',
      'a fix is taken out to see the test fail',
      revisit,
      { about: 'Red, fix, green, without the fix red, with it green.', in: stock, trees: true },
      (run) => {
        start(run, 'fix the overselling and prove that the test covers it', 'Core/Warehouse.cs');
        const failing = [['WarehouseTests.Never_oversells', 'Expected: Refused\n   Actual:   Reserved']] as const;
        run.red(failing, 12);
        run.edit('Core/Warehouse.cs', 'await store.Decrement(sku, count)', 'await store.TryDecrement(sku, count)');
        run.green(13);
        run.edit('Core/Warehouse.cs', 'await store.TryDecrement(sku, count)', 'await store.Decrement(sku, count)');
        run.red(failing, 12);
        run.edit('Core/Warehouse.cs', 'await store.Decrement(sku, count)', 'await store.TryDecrement(sku, count)');
        run.green(13);
      },
    ),
    honest(
      'fix-proved-stash',
      'a fix is taken out to see the test fail',
      revisit,
      { about: 'The same with git stash.', in: crm, trees: false },
      (run) => {
        start(run, 'does the new test really fail without my change?');
        run.green(20);
        run.sh('git stash push app/Services/Importer.php', 'Saved working directory and index state WIP on main');
        run.red([['ImporterTest::testImports', 'Failed asserting that 1 matches expected 2.']], 19);
        run.sh('git stash pop', 'Dropped refs/stash@{0}');
        run.green(20);
      },
    ),
    honest(
      'network-places',
      'the same fault is asked for from many places',
      similar,
      { about: 'Where does the connection stop? From five pods the same timeout, from the sixth not.', in: svc },
      (run) => {
        start(run, 'api cannot reach the database on staging');
        for (const pod of ['api-0', 'api-1', 'worker-0', 'cron-0', 'web-0'])
          run.fail(
            `kubectl -n staging exec ${pod} -- nc -zvw3 db 5432`,
            'nc: connect to db (10.2.0.14) port 5432 (tcp) timed out: Operation in progress\ncommand terminated with exit code 1',
          );
        run.sh(
          'kubectl -n data exec admin-0 -- nc -zvw3 db 5432',
          'Connection to db (10.2.0.14) 5432 port [tcp/postgresql] succeeded!',
        );
        run.sh(
          'kubectl -n data get networkpolicy -o yaml | grep -A3 from',
          'from:\n- namespaceSelector: {matchLabels: {team: data}}',
        );
        run.edit('deploy/policy.yaml', 'team: data', 'db-client: "true"');
        run.sh('kubectl apply -f deploy/policy.yaml', 'networkpolicy.networking.k8s.io/db configured');
      },
    ),
  ];
}

function progress(): Scene[] {
  const measured = (
    file: string,
    about: string,
    project: Project,
    wish: string,
    command: string,
    path: string,
    ideas: readonly string[],
    report: (at: number, run: { noise: { int(a: number, b: number): number } }) => string,
  ) =>
    honest(file, 'speed is improved bit by bit', similar, { about, in: project, cwd: true }, (run) => {
      start(run, wish, path);
      run.sh(command, report(0, run));
      for (const [at, idea] of ideas.entries()) {
        run.edit(path, `// ${at}`, `${idea}\n// ${at + 1}`);
        run.sh(command, report(at + 1, run));
      }
      run.green(9);
    });
  const golden = (
    file: string,
    project: Project,
    wish: string,
    path: string,
    name: string,
    failures: readonly string[],
  ) =>
    honest(
      file,
      'one test, one difference after the other',
      thrash,
      { about: 'A large comparison fails further on each time.', in: project },
      (run) => {
        start(run, wish, path);
        for (const [at, failure] of failures.entries()) {
          run.red([[name, failure]], 35);
          run.edit(path, `// case ${at}`, `handles_${at}();\n// case ${at + 1}`);
          if (at % 3 === 2) run.read(path);
        }
        run.green(36);
      },
    );
  const coverage = (
    file: string,
    project: Project,
    path: (name: string) => string,
    steps: readonly (readonly [string, number])[],
    limit: number,
  ) =>
    honest(
      file,
      'coverage rises to a limit',
      similar,
      { about: 'Tests are added until the limit is met.', in: project },
      (run) => {
        start(run, `coverage must reach ${limit} %`);
        for (const [name, percent] of steps) {
          run.write(path(name), `tests of ${name}`);
          const table = `All files | ${percent}.${run.noise.int(10, 99)} |\n ${name} | 100 |`;
          if (percent < limit)
            run.fail(
              `${project.test} --coverage`,
              `${table}\nERROR: Coverage for lines (${percent}%) does not meet global threshold (${limit}%)`,
            );
          else run.sh(`${project.test} --coverage`, table);
        }
      },
    );
  return [
    measured(
      'speed-cpp',
      'A benchmark in C++, 41 to 12 ms.',
      raster,
      'make blur faster',
      './build/bench blur',
      'src/blur.cpp',
      ['separable passes', 'row pointers', 'no bounds checks', 'running sums', 'tiles of 64'],
      (at) =>
        `Benchmark        Time             CPU   Iterations\nblur/1024   ${[41.2, 28.9, 24.1, 22.8, 14.0, 12.3][at]} ms   ${[41.0, 28.7, 24.0, 22.6, 13.9, 12.2][at]} ms   ${[17, 24, 29, 31, 50, 57][at]}`,
    ),
    measured(
      'speed-rust',
      'A benchmark in Rust, small steps.',
      parser,
      'speed up the lexer',
      'cargo bench --bench lexer',
      'src/lexer.rs',
      ['memchr for quotes', 'bytes instead of chars', 'reserve', 'no clone of rest'],
      (at, { noise }) =>
        `lexer/large  time: [${[9.81, 7.02, 6.11, 5.98, 4.4][at]} ms ${[9.9, 7.11, 6.2, 6.05, 4.47][at]} ms]\n  change: [-${noise.int(2, 30)}.${noise.int(1, 9)}%] (p = 0.00 < 0.05)\n  Performance has improved.`,
    ),
    measured(
      'speed-bundle',
      'The size of a bundle goes down.',
      board,
      'get the bundle below 200 kB',
      'npm run build | grep index',
      'vite.config.ts',
      ['lazy routes', 'no moment', 'lodash-es', 'preact alias'],
      (at) =>
        `dist/assets/index-${'abcde'[at]}41f.js  ${[412, 331, 262, 241, 188][at]}.40 kB │ gzip: ${[130, 101, 84, 77, 59][at]}.02 kB`,
    ),
    golden('golden-words', parser, 'make the golden test for the printer pass', 'src/lib.rs', 'printer::golden', [
      'src/printer.rs:20:9:\nfirst difference: `let` printed without its type',
      'src/printer.rs:20:9:\nfirst difference: comment after `match` is lost',
      'src/printer.rs:20:9:\nfirst difference: trailing comma in a tuple',
      'src/printer.rs:20:9:\nfirst difference: blank line between functions',
    ]),
    golden(
      'golden-lines',
      forum,
      'the rendered page must equal the fixture',
      'app/models/post.rb',
      'PostPage renders as the fixture',
      [
        'expected "<nav>" to be at line 4, was at line 9',
        'expected "<h2>" to be at line 31, was missing',
        'expected attribute rel="nofollow" at line 58',
        'expected "&amp;" at line 77, got "&"',
        'expected "</footer>" at line 90, got end of file',
      ],
    ),
    golden(
      'golden-migration',
      ledger,
      'port the report to polars, the numbers must stay',
      'ledger/report.py',
      'test_report.py::test_same_as_before',
      [
        'E   AttributeError: DataFrame object has no attribute groupby',
        'E   polars.exceptions.ColumnNotFoundError: month',
        'E   AssertionError: dtypes differ: Decimal(38, 2) vs Float64',
        'E   AssertionError: row order differs in column customer',
      ],
    ),
    coverage(
      'coverage-vitest',
      board,
      (name) => `src/${name}.test.ts`,
      [
        ['filter', 71],
        ['useCards', 76],
        ['dates', 80],
        ['drag', 83],
        ['api', 86],
      ],
      85,
    ),
    coverage(
      'coverage-pytest',
      ledger,
      (name) => `tests/test_${name}.py`,
      [
        ['rules', 64],
        ['models', 69],
        ['importer', 78],
        ['totals', 81],
      ],
      80,
    ),
    honest(
      'many-layers',
      'a change through many layers, tested now and then',
      thrash,
      { about: 'The test stays red until the last layer hands the value on.', in: billing },
      (run) => {
        start(
          run,
          'carry the currency from the request to the pdf',
          'src/main/java/org/example/billing/InvoiceService.java',
        );
        const failing = [['PdfTest.showsCurrency:22', 'expected: <CHF> but was: <EUR>']] as const;
        run.red(failing, 50);
        for (const layer of ['Request', 'Mapper', 'Invoice', 'Entity'])
          run.edit(
            `src/main/java/org/example/billing/${layer}.java`,
            'BigDecimal amount',
            'BigDecimal amount, Currency currency',
          );
        run.red(failing, 50);
        for (const layer of ['Repository', 'Service', 'PdfModel', 'PdfWriter'])
          run.edit(`src/main/java/org/example/billing/${layer}.java`, 'amount()', 'amount(), currency()');
        run.green(51);
      },
    ),
  ];
}

function comparing(): Scene[] {
  const inTurn = (
    file: string,
    about: string,
    project: Project,
    wish: string,
    path: string,
    a: string,
    b: string,
    command: string,
    report: (isA: boolean, noise: { int(a: number, b: number): number }) => string,
  ) =>
    honest(file, 'two settings are measured in turn', 'loop.undo', { about, in: project }, (run) => {
      start(run, wish);
      for (let at = 0; at < 3; at++) {
        run.sh(command, report(true, run.noise));
        run.edit(path, a, b);
        run.sh(command, report(false, run.noise));
        run.edit(path, b, a);
      }
      run.say('The second setting is faster in all three rounds.');
    });
  const flaky = (file: string, project: Project, wish: string, results: string, failure: readonly [string, string]) =>
    honest(
      file,
      'a test that fails now and then is run often',
      repeat,
      { about: 'How often does it fail? The same command on the same files.', in: project, trees: true },
      (run) => {
        start(run, wish, Object.keys(project.files)[1] ?? '');
        for (const result of results)
          if (result === '+') run.green(30);
          else run.red([failure], 29);
        run.edit(Object.keys(project.files)[1] ?? '', 'of(now)', 'of(clock)');
        for (let at = 0; at < 3; at++) run.green(30);
      },
    );
  const asked = (file: string, project: Project, wish: string, command: string, output: (at: number) => string) =>
    honest(
      file,
      'a person asks for the same again',
      repeat,
      { about: 'Each time a person says so.', in: project },
      (run) => {
        start(run, wish);
        for (const [at, word] of [
          '',
          'again please',
          'I changed something on the server, once more',
          'and again',
          'one last time',
        ].entries()) {
          if (word !== '') run.ask(word);
          run.sh(command, output(at));
          run.say('The same as before.');
        }
      },
    );
  return [
    inTurn(
      'in-turn-pool',
      'A pool of 10 and of 50 connections, three rounds.',
      svc,
      'is a pool of 50 better than 10? measure three times each',
      'config.yaml',
      'pool: 10',
      'pool: 50',
      'hey -n 2000 localhost:8080/jobs | grep -E "Requests|99%"',
      (isA, noise) =>
        `  Requests/sec:\t${isA ? 11 : 19}${noise.int(10, 99)}.20\n  99% in 0.0${isA ? 9 : 4}${noise.int(1, 9)} secs`,
    ),
    inTurn(
      'in-turn-batch',
      'Batches of 100 and 1000 rows, three rounds.',
      crm,
      'compare batch sizes 100 and 1000, three times each',
      'config/import.php',
      "'batch' => 100",
      "'batch' => 1000",
      'php artisan import:bench',
      (isA, noise) => `rows 50000, time ${isA ? 21 : 13}.${noise.int(10, 99)} s, memory ${isA ? 34 : 61} MB`,
    ),
    flaky('flaky-jest', shop, 'mailer.test.ts is flaky, run it until you see why', '++-+-+', [
      'mailer › retries later',
      'Expected: "09:00"\nReceived: "08:59"',
    ]),
    flaky('flaky-rspec', forum, 'CI says post_spec is flaky; run it a few times', '+-++-', [
      'Post sorts by date',
      'expected: ["b", "a"]\n     got: ["a", "b"]',
    ]),
    asked('asked-curl', stock, 'call /version', 'curl -s localhost:5000/version', () => '{"version":"1.9.2"}'),
    asked(
      'asked-test',
      parser,
      'run the tests',
      'cargo test -q',
      () => 'running 36 tests\n....................................\ntest result: ok. 36 passed; 0 failed',
    ),
    honest(
      'asked-back-and-forth',
      'a person changes their mind',
      'loop.undo',
      { about: 'Blue, green, blue again, as the person wishes.', in: board },
      (run) => {
        start(run, 'make the button green');
        run.edit('src/board.css', 'color: blue', 'color: green');
        run.ask('hm, no. blue again');
        run.edit('src/board.css', 'color: green', 'color: blue');
        run.ask('sorry, marketing insists on green');
        run.edit('src/board.css', 'color: blue', 'color: green');
        run.ask('and make it blue on hover');
        run.edit('src/board.css', 'color: green', 'color: green;\n}\n.button:hover {\n  color: blue');
      },
    ),
  ];
}

function obstacles(): Scene[] {
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

export const honestNear = (): Scene[] => [...causes(), ...progress(), ...comparing(), ...obstacles()];
