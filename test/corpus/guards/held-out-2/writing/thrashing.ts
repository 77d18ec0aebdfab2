/** Runs in circles: changes that leave a check red in the same way. */
import { billing, board, ledger, raster, shop, svc } from './projects.ts';
import { circling, type Scene } from './scene.ts';
import type { Failure, Session } from './session.ts';
import { start } from './start.ts';

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

export function thrashing(): Scene[] {
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
