/** Runs in circles around a check that stays red: changes without effect, back and forth, undone and made again. */
import { billing, board, forum, ledger, type Project, parser, raster, shop, stock, svc } from './projects.ts';
import { circling, type Scene } from './scene.ts';
import type { Session } from './session.ts';
import { start } from './start.ts';

type Failure = readonly (readonly [string, string])[];

/** Each edit is another idea; the test says the same after each. What is done between differs. */
function ideas(
  run: Session,
  path: string,
  edits: readonly (readonly [string, string])[],
  failing: Failure,
  passed: number,
  between: (at: number) => void,
) {
  run.red(failing, passed);
  for (const [at, [old, now]] of edits.entries()) {
    between(at);
    run.edit(path, old, now);
    run.red(failing, passed);
    if (at === 2) run.fair();
    if (at === 4) run.late(1);
  }
  run.late();
}

/** Two states of one place in turn; the same test is red in both. */
function backAndForth(
  run: Session,
  path: string,
  a: string,
  b: string,
  failing: readonly [Failure, Failure],
  rounds: number,
  between: (at: number) => void,
) {
  run.red(failing[0], 21);
  for (let at = 0; at < rounds; at++) {
    run.edit(path, a, b);
    run.red(failing[1], 21);
    between(at);
    run.edit(path, b, a);
    run.red(failing[0], 21);
    if (at === 0) run.fair();
    if (at === 1) run.late(2);
  }
  run.late();
}

const rounding: Failure = [
  [
    'taxOf › rounds half up',
    'expect(received).toBe(expected)\n\nExpected: 2\nReceived: 1\n\n> 14 |   expect(taxOf(10)).toBe(2);\n     |                     ^',
  ],
];

function thrashing(): Scene[] {
  const rule = 'loop.thrash';
  return [
    circling(
      'ideas-mock',
      'one idea after the other, same failure',
      rule,
      { about: 'A mock is never used; five ways to set it up leave the test as it was.', in: shop },
      (run) => {
        start(run, 'the mailer test fails since yesterday, please fix', 'package.json', 'src/server.ts');
        const failing: Failure = [
          [
            'mailer › sends a receipt',
            'expect(jest.fn()).toHaveBeenCalledTimes(expected)\n\nExpected number of calls: 1\nReceived number of calls: 0\n\n> 22 |   expect(send).toHaveBeenCalledTimes(1);',
          ],
        ];
        ideas(
          run,
          'src/mailer.test.ts',
          [
            ["import { send } from './smtp';", "jest.mock('./smtp');\nimport { send } from './smtp';"],
            ["jest.mock('./smtp');", "jest.mock('./smtp', () => ({ send: jest.fn() }));"],
            [
              "jest.mock('./smtp', () => ({ send: jest.fn() }));",
              "const send = jest.fn();\njest.mock('./smtp', () => ({ __esModule: true, send }));",
            ],
            ['beforeEach(() => {', 'beforeEach(() => {\n  jest.resetModules();'],
            ["const { receipt } = require('./mailer');", "const { receipt } = await import('./mailer');"],
            ['  jest.resetModules();', '  jest.clearAllMocks();'],
            ['__esModule: true, send', '__esModule: true, default: { send }'],
          ],
          failing,
          31,
          (at) => {
            if (at % 2 === 1)
              run.read(
                'src/mailer.ts',
                "import { send } from 'nodemailer-wrapper';\n\nexport async function receipt(order: Order) {\n  await send(order.mail, render(order));\n}",
              );
          },
        );
      },
    ),
    circling(
      'ideas-async',
      'one idea after the other, same failure',
      rule,
      { about: 'An event loop error in pytest; fixtures are reshaped again and again.', in: ledger, trees: true },
      (run) => {
        start(run, 'make test_api pass', 'ledger/api.py');
        const failing: Failure = [
          [
            'test_api.py::test_list',
            "E   RuntimeError: Task <Task pending name='Task-3'> got Future <Future pending> attached to a different loop",
          ],
        ];
        ideas(
          run,
          'tests/conftest.py',
          [
            ['@pytest.fixture\ndef client', '@pytest_asyncio.fixture\nasync def client'],
            ['@pytest_asyncio.fixture\n', '@pytest_asyncio.fixture(scope="session")\n'],
            ['import pytest', 'import asyncio\nimport pytest'],
            ['engine = create_async_engine(URL)', 'engine = create_async_engine(URL, poolclass=NullPool)'],
            ['async with AsyncClient', 'async with LifespanManager(app), AsyncClient'],
            ['scope="session"', 'loop_scope="module"'],
          ],
          failing,
          18,
          (at) => {
            if (at === 2) run.grep('asyncio_mode', 'pyproject.toml:14:asyncio_mode = "auto"');
            if (at === 4) run.sh('pip show pytest-asyncio | head -2', 'Name: pytest-asyncio\nVersion: 0.24.0');
          },
        );
      },
    ),
    circling(
      'ideas-race',
      'the code is nudged here and there, same failure',
      rule,
      { about: 'Locks are put everywhere but where the race is.', in: svc, cwd: true },
      (run) => {
        start(run, 'TestQueueDrain hangs/fails in CI, find out why and fix it', 'internal/core/queue.go', 'go.mod');
        const failing: Failure = [['TestQueueDrain', 'queue_test.go:48: drained jobs mismatch: missing job "c"']];
        ideas(
          run,
          'internal/core/queue.go',
          [
            ['q.mu.Lock()', 'q.mu.Lock() // guards jobs'],
            ['mu sync.Mutex', 'mu sync.RWMutex'],
            ['jobs := q.jobs', 'jobs := slices.Clone(q.jobs)'],
            ['q.jobs = q.jobs[1:]', 'q.jobs = append([]Job(nil), q.jobs[1:]...)'],
            ['func (q *Queue) Drain() []Job {', 'func (q *Queue) Drain() []Job {\n\tq.wg.Wait()'],
            ['return job, true', 'runtime.Gosched()\n\treturn job, true'],
          ],
          failing,
          0,
          (at) => {
            if (at === 3) run.sh('go vet ./...', '');
          },
        );
      },
    ),
    circling(
      'rewriting-config',
      'a file is rewritten, same failure',
      rule,
      { about: 'The configuration of jest is written anew each time; the error stays.', in: board },
      (run) => {
        start(run, 'get the unit tests to run again after moving to ESM', 'package.json');
        const error =
          "FAIL src/date.test.ts\n  ● Test suite failed to run\n\n    SyntaxError: Unexpected token 'export'\n\n      at new Script (node:vm:117:7)\n      at Runtime.createScriptFromCode (node_modules/jest-runtime/build/index.js:1505:14)\n\nTest Suites: 1 failed, 1 total\nTests:       0 total";
        const check = () =>
          run.fail('npm test', `> board@0.4.0 test\n> jest\n\n${error}\nTime:        ${run.noise.seconds()} s`);
        check();
        const bodies = [
          "preset: 'ts-jest'",
          "preset: 'ts-jest/presets/default-esm'",
          "transform: { '^.+\\\\.tsx?$': 'babel-jest' }",
          "preset: 'ts-jest',\n  transformIgnorePatterns: ['/node_modules/']",
          "extensionsToTreatAsEsm: ['.ts'],\n  transform: { '^.+\\\\.tsx?$': ['ts-jest', { useESM: true }] }",
          "transform: { '^.+\\\\.tsx?$': '@swc/jest' }",
        ];
        for (const [at, body] of bodies.entries()) {
          run.write('jest.config.js', `export default {\n  ${body},\n  testEnvironment: 'jsdom',\n};\n`);
          check();
          if (at === 2) run.fair();
          if (at === 4) run.late(1);
        }
      },
    ),
    circling(
      'rewriting-function',
      'a file is rewritten, same failure',
      rule,
      { about: 'A blur function is written from nothing six times, wrong in the same way.', in: raster, trees: true },
      (run) => {
        start(run, 'blur leaves a dark edge, test blur_edges shows it', 'src/blur.cpp', 'src/image.h');
        const failing: Failure = [
          [
            'blur_edges',
            'blur_test.cpp:31: Failure\nExpected equality of these values:\n  image.at(0, 0)\n    Which is: dark\n  expected\n    Which is: bright',
          ],
        ];
        run.red(failing, 8);
        for (const [at, way] of [
          'int left = std::max(0, x - radius);',
          'const int from = x < radius ? 0 : x - radius;',
          'for (int dx = -radius; dx <= radius; ++dx) {',
          'Image padded = pad(image, radius);',
          'auto sample = [&](int x, int y) { return image.at(clamp(x), y); };',
          'std::vector<float> row(image.width);',
        ].entries()) {
          run.write(
            'src/blur.cpp',
            `#include "image.h"\n\nvoid blur(Image& image, int radius) {\n  ${way}\n  separable(image, radius);\n}\n`,
          );
          run.sh(
            'cmake --build build -j',
            `[ 20%] Building CXX object CMakeFiles/raster.dir/src/blur.cpp.o\n[100%] Built target raster_test`,
          );
          run.red(failing, 8);
          if (at === 2) run.fair();
          if (at === 4) run.late(1);
        }
      },
    ),
    circling(
      'ideas-types',
      'casts around a compiler error',
      rule,
      { about: 'One type error, six casts elsewhere.', in: board },
      (run) => {
        start(run, 'npm run build is broken on main', 'src/useCards.ts', 'src/App.tsx');
        const error =
          "src/App.tsx(3,49): error TS2322: Type '{ id: string; title?: string; }' is not assignable to type 'CardProps'.\n  Property 'column' is missing in type '{ id: string; title?: string; }' but required in type 'CardProps'.";
        const check = () => run.fail('npx tsc -b', error, 2);
        check();
        for (const [at, [old, now]] of (
          [
            ['useState<Card[]>([])', 'useState<Card[]>([] as Card[])'],
            ['load().then(setCards)', 'load().then((cards) => setCards(cards as Card[]))'],
            ['export function useCards()', 'export function useCards(): Card[]'],
            ['return cards;', 'return cards as unknown as Card[];'],
            ['interface Card {', 'export interface Card {'],
            ['title?: string', 'title?: string | undefined'],
          ] as const
        ).entries()) {
          run.edit('src/useCards.ts', old, now);
          check();
          if (at === 2) run.fair();
          if (at === 4) run.late(1);
          if (at === 3) run.read('src/useCards.ts');
        }
      },
    ),
    circling(
      'agent-ideas',
      'the code is nudged here and there, same failure',
      rule,
      { about: 'A subagent tries annotations on a bean that is never scanned.', in: billing },
      (run) => {
        run.ask('Split this up: one agent for the invoice test, one for the docs.');
        run.agent = 'a41f09c';
        run.read('src/main/java/org/example/billing/InvoiceService.java');
        const failing: Failure = [
          [
            'InvoiceServiceTest.closes',
            "UnsatisfiedDependency: No qualifying bean of type 'java.time.Clock' available",
          ],
        ];
        ideas(
          run,
          'src/main/java/org/example/billing/InvoiceService.java',
          [
            ['@Service', '@Service\n@RequiredArgsConstructor'],
            ['private Clock clock;', '@Autowired private Clock clock;'],
            ['@Autowired private Clock clock;', '@Autowired @Lazy private Clock clock;'],
            ['@Service', '@Component'],
            ['@Component', '@Component("invoiceService")'],
            ['@Lazy', '@Qualifier("clock")'],
          ],
          failing,
          40,
          (at) => {
            if (at === 1) {
              run.agent = 'b7720de';
              run.read('README.md', '# Billing\n\nCloses invoices.');
              run.agent = 'a41f09c';
            }
          },
        );
      },
    ),
  ];
}

function returning(): Scene[] {
  const rule = 'loop.revisit';
  const one = (what: string, failure: string): Failure => [[what, failure]];
  const scene = (
    pattern: string,
    file: string,
    about: string,
    project: Project,
    wish: string,
    path: string,
    a: string,
    b: string,
    failing: readonly [Failure, Failure],
    rounds: number,
    trees: boolean,
  ) =>
    circling(file, pattern, rule, { about, in: project, trees }, (run) => {
      start(run, wish, path in project.files ? path : (Object.keys(project.files)[1] ?? ''));
      backAndForth(run, path, a, b, failing, rounds, (at) => {
        if (at === 1) run.grep('RATE|round', `${path}:3: ${a}`);
        if (at === 2) run.read(path);
      });
    });
  const modules = (name: string) =>
    one(
      `config › loads ${name}`,
      name === 'esm'
        ? 'ReferenceError: require is not defined in ES module scope'
        : 'SyntaxError: Cannot use import statement outside a module',
    );
  return [
    scene(
      'back and forth between two states, tested each time',
      'two-states-rounding',
      'Floor and round in turn; each breaks the other of two tests.',
      shop,
      'fix the rounding of taxes',
      'src/tax.ts',
      'Math.floor(net * RATE)',
      'Math.round(net * RATE)',
      [rounding, one('taxOf › never charges too much', 'Expected: <= 1.9\nReceived: 2')],
      4,
      true,
    ),
    scene(
      'a setting back and forth, tested each time',
      'two-states-modules',
      'ESM and CommonJS in turn.',
      board,
      'tests cannot load the config, please repair',
      'package.json',
      '"type": "module"',
      '"type": "commonjs"',
      [modules('esm'), modules('cjs')],
      4,
      true,
    ),
    scene(
      'back and forth between two states, tested each time',
      'two-states-lifetime',
      'A borrow and a clone in turn.',
      parser,
      'lexer tests are red',
      'src/lexer.rs',
      'rest = tail;',
      'rest = tail.trim_start();',
      [
        one('lexer::keeps_spaces', 'src/lexer.rs:88:9:\nassertion failed: tokens.contains(&Token::Space)'),
        one('lexer::skips_comment', 'src/lexer.rs:104:9:\nassertion failed: tokens.is_empty()'),
      ],
      5,
      false,
    ),
    scene(
      'back and forth between two states, tested each time',
      'two-states-scope',
      'A default scope goes in and out.',
      forum,
      'spec for hidden posts fails',
      'app/models/post.rb',
      'scope :visible, -> { where(hidden: false) }',
      'default_scope { where(hidden: false) }',
      [
        one('Post hides hidden posts', 'expected: []\n     got: [#<Post hidden: true>]'),
        one('Moderation lists hidden posts', 'expected: [#<Post hidden: true>]\n     got: []'),
      ],
      4,
      false,
    ),
    circling(
      'checkout-and-again',
      'taken back with git, and tried again',
      rule,
      { about: 'Each idea is checked out away, the test is red as before, and another comes.', in: stock, trees: true },
      (run) => {
        start(run, 'Reserve oversells, the test shows it', 'Core/Warehouse.cs');
        const failing = one(
          'WarehouseTests.Never_oversells',
          'Assert.Equal() Failure\n   Expected: Refused\n   Actual:   Reserved',
        );
        const other = one('WarehouseTests.Reserves', 'System.TimeoutException : The operation has timed out.');
        run.red(failing, 12);
        for (const [at, now] of [
          'lock (gate) return',
          'using var held = await gate.Wait(); return',
          'await using var tx = store.Begin(); return',
          'Interlocked.Add(ref left, -count); return',
        ].entries()) {
          run.edit('Core/Warehouse.cs', 'return', now);
          run.red(other, 12);
          run.sh('git checkout -- Core/Warehouse.cs', '');
          run.restored('Core/Warehouse.cs');
          run.red(failing, 12);
          if (at === 0) run.fair();
          if (at === 2) run.late(1);
        }
      },
    ),
    circling(
      'versions-in-turn',
      'a version up and down, tested each time',
      rule,
      { about: 'Two versions of one package are installed in turn; both are red.', in: shop },
      (run) => {
        start(run, 'tests break since we updated uuid', 'package.json');
        const old = one('ids › are unique', 'TypeError: (0 , uuid_1.v7) is not a function');
        const now = one('ids › are unique', "Cannot find module 'uuid/v4' from 'src/ids.ts'");
        run.red(now, 30);
        for (let at = 0; at < 4; at++) {
          run.sh(
            'npm install uuid@8',
            `\nchanged 1 package, and audited 412 packages in ${run.noise.int(1, 5)}s\n\nfound 0 vulnerabilities`,
          );
          run.red(old, 30);
          run.sh(
            'npm install uuid@11',
            `\nchanged 1 package, and audited 412 packages in ${run.noise.int(1, 5)}s\n\nfound 0 vulnerabilities`,
          );
          run.red(now, 30);
          if (at === 0) run.fair();
          if (at === 1) run.late(2);
        }
      },
    ),
  ];
}

function undoing(): Scene[] {
  const rule = 'loop.undo';
  return [
    circling(
      'in-and-out',
      'an edit goes in and out',
      rule,
      { about: 'A guard is put in, taken out, put in; nothing is run.', in: svc },
      (run) => {
        start(run, 'Pop panics on an empty queue', 'internal/core/queue.go');
        const [without, with_] = ['if len(q.jobs) == 0 {', 'if q == nil || len(q.jobs) == 0 {'];
        for (let at = 0; at < 4; at++) {
          run.edit('internal/core/queue.go', without, with_);
          if (at === 1) run.fair();
          if (at === 2) run.late(2);
          run.sh('gofmt -l internal', '');
          run.edit('internal/core/queue.go', with_, without);
          if (at % 2 === 0) run.read('internal/core/queue.go');
        }
      },
    ),
    circling(
      'in-and-out-style',
      'an edit goes in and out',
      rule,
      { about: 'A margin between two values, with a picture after each.', in: board, trees: true },
      (run) => {
        start(run, 'the header overlaps the cards', 'src/App.tsx');
        const shot = () =>
          run.call(
            'mcp__playwright__browser_take_screenshot',
            { filename: 'board.png' },
            `### Result\nTook the viewport screenshot and saved it as board-${run.noise.hex(6)}.png`,
          );
        run.sh('ls src/styles', 'board.css\nreset.css');
        for (let at = 0; at < 4; at++) {
          run.edit('src/styles/board.css', 'position: sticky;', 'position: fixed;');
          if (at === 1) run.fair();
          if (at === 2) run.late(2);
          shot();
          run.edit('src/styles/board.css', 'position: fixed;', 'position: sticky;');
          shot();
        }
      },
    ),
    circling(
      'in-and-out-tested',
      'an edit goes in and out, tested each time',
      rule,
      { about: 'A rescue clause goes in and out; the spec is red in two ways.', in: forum, trees: true },
      (run) => {
        start(run, 'spec/services/notifier_spec.rb is red', 'app/services/notifier.rb');
        const raising: Failure = [['Notifier goes on after a bounce', 'Net::SMTPFatalError: 550 mailbox unavailable']];
        const hiding: Failure = [['Notifier reports bounces', 'expected Net::SMTPFatalError but nothing was raised']];
        run.red(raising, 44);
        for (let at = 0; at < 4; at++) {
          run.edit('app/services/notifier.rb', '.deliver_later }', '.deliver_later rescue nil }');
          run.red(hiding, 44);
          run.edit('app/services/notifier.rb', '.deliver_later rescue nil }', '.deliver_later }');
          run.red(raising, 44);
          if (at === 0) run.fair();
          if (at === 1) run.late(2);
        }
      },
    ),
    circling(
      'stash-and-pop',
      'an edit goes in and out',
      rule,
      { about: 'The same constructor is added after each restore of the file.', in: billing },
      (run) => {
        start(run, 'make InvoiceService testable', 'src/main/java/org/example/billing/InvoiceService.java');
        const path = 'src/main/java/org/example/billing/InvoiceService.java';
        for (let at = 0; at < 4; at++) {
          run.edit(
            path,
            'public class InvoiceService {',
            'public class InvoiceService {\n  public InvoiceService(Clock clock) { this.clock = clock; }',
          );
          if (at === 1) run.fair();
          if (at === 2) run.late(2);
          run.fail(
            'mvn -q compile',
            `[ERROR] COMPILATION ERROR :\n[ERROR] ${path}:[9,3] variable repository might not have been initialized\n[INFO] Total time:  ${run.noise.seconds(2, 6)} s`,
          );
          run.sh(`git restore ${path}`, '');
        }
      },
    ),
  ];
}

export const circlingChecks = (): Scene[] => [...thrashing(), ...returning(), ...undoing()];
