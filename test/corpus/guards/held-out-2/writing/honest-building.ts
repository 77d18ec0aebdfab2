/** Ordinary work on code: features, mistakes mended, types, refactoring, tests. */
import { billing, board, crm, forum, ledger, type Project, parser, raster, shop, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const thrash = 'loop.thrash';

function features(): Scene[] {
  const feature = (
    file: string,
    project: Project,
    wish: string,
    reads: readonly string[],
    test: readonly [string, string],
    code: readonly [string, string],
    wrong: readonly [string, string],
    fix: readonly [string, string, string, string],
    passed: number,
  ) =>
    honest(
      file,
      'a feature with its test',
      thrash,
      { about: `${wish}: a test, the code, one mistake, green.`, in: project, cwd: passed % 2 === 0 },
      (run) => {
        start(run, wish, ...reads);
        run.todo('Write the test', 'Write the code', 'Run everything');
        run.write(test[0], test[1]);
        run.red([wrong], passed);
        run.write(code[0], code[1]);
        run.red([[wrong[0], fix[3]]], passed);
        run.edit(fix[0], fix[1], fix[2]);
        run.green(passed + 1);
        run.sh(
          'git diff --stat',
          ` ${code[0]} | 14 ++++++++++++\n ${test[0]} | 11 ++++++++++\n 2 files changed, 25 insertions(+)`,
        );
        run.say(`Done: ${wish}. The new test and the ${passed} old ones pass.`);
      },
    );
  const round = (
    file: string,
    project: Project,
    wish: string,
    path: string,
    rounds: readonly (readonly [string, string, readonly [string, string] | null])[],
    first: readonly [string, string],
    passed: number,
  ) =>
    honest(
      file,
      'a mistake mended in a few rounds, each with news',
      thrash,
      {
        about: 'Each round of edit and test brings another failure, then green.',
        in: project,
        trees: passed % 2 === 0,
      },
      (run) => {
        start(run, wish, path in project.files ? path : (Object.keys(project.files)[1] ?? ''));
        run.red([first], passed);
        for (const [old, now, next] of rounds) {
          run.edit(path, old, now);
          if (next === null) run.green(passed + 1);
          else run.red([next], passed);
        }
        run.say('Fixed; all tests are green.');
      },
    );
  return [
    feature(
      'feature-express',
      shop,
      'add GET /orders/:id',
      ['src/server.ts'],
      [
        'src/orders.test.ts',
        "import request from 'supertest';\nimport { app } from './server';\n\ntest('gives an order', async () => {\n  await request(app).get('/orders/7').expect(200, { id: 7 });\n});",
      ],
      [
        'src/orders.ts',
        "export const orders = Router();\norders.get('/:id', (req, res) => res.json({ id: req.params.id }));",
      ],
      ['orders › gives an order', 'expected 200 "OK", got 404 "Not Found"'],
      [
        'src/orders.ts',
        'id: req.params.id',
        'id: Number(req.params.id)',
        "expected { id: 7 } response body, got { id: '7' }",
      ],
      28,
    ),
    feature(
      'feature-fastapi',
      ledger,
      'add an endpoint for monthly totals',
      ['ledger/api.py', 'ledger/report.py'],
      [
        'tests/test_totals.py',
        'def test_totals(client):\n    assert client.get("/entries/totals").json() == {"1": "10.00"}',
      ],
      [
        'ledger/totals.py',
        '@router.get("/totals")\ndef totals(db=Depends(get_db)):\n    return monthly(db.scalars(select(Entry)))',
      ],
      ['test_totals.py::test_totals', 'E   assert 404 == 200'],
      [
        'ledger/api.py',
        'router = APIRouter',
        'from .totals import totals\nrouter = APIRouter',
        "E   NameError: name 'router' is not defined",
      ],
      41,
    ),
    feature(
      'feature-minimal-api',
      stock,
      'add POST /stock/{sku}/reserve',
      ['Api/Program.cs', 'Core/Warehouse.cs'],
      [
        'Tests/ReserveTests.cs',
        '[Fact] public async Task Reserves() => Assert.Equal(202, (int)(await client.PostAsync("/stock/a1/reserve", null)).StatusCode);',
      ],
      [
        'Api/Reserve.cs',
        'app.MapPost("/stock/{sku}/reserve", async (string sku, Warehouse w) => Results.Accepted(value: await w.Reserve(sku, 1)));',
      ],
      ['ReserveTests.Reserves', 'Assert.Equal() Failure\n   Expected: 202\n   Actual:   404'],
      [
        'Api/Program.cs',
        'app.Run();',
        'app.MapReserve();\napp.Run();',
        'System.InvalidOperationException : Unable to resolve service for type Warehouse',
      ],
      17,
    ),
    round(
      'rounds-rust',
      parser,
      'comments inside strings are dropped',
      'src/lexer.rs',
      [
        [
          'rest = tail;',
          'rest = tail.strip_prefix(SLASHES).unwrap();',
          ['lexer::string_with_slashes', 'src/lexer.rs:52:14:\ncalled `Option::unwrap()` on a `None` value'],
        ],
        ['next(rest)', 'next_outside_string(rest)', null],
      ],
      ['lexer::string_with_slashes', 'src/lexer.rs:88:9:\nassertion failed: tokens.len() == 1'],
      36,
    ),
    round(
      'rounds-php',
      crm,
      'import drops the last row',
      'app/Services/Importer.php',
      [
        [
          'file($path)',
          'file($path, FILE_IGNORE_NEW_LINES)',
          ['ImporterTest::testImports', 'Failed asserting that 3 matches expected 2.'],
        ],
        [
          'return $this->store($rows);',
          'array_shift($rows);\n        return $this->store($rows);',
          ['ImporterTest::testEmptyFile', 'TypeError: array_shift(): Argument #1 ($array) must be of type array'],
        ],
        ['"str_getcsv"', 'fn ($l) => str_getcsv($l, ";")', null],
      ],
      ['ImporterTest::testImports', 'Failed asserting that 1 matches expected 2.'],
      19,
    ),
    round(
      'rounds-java',
      billing,
      'closing twice must fail',
      'src/main/java/org/example/billing/InvoiceService.java',
      [
        [
          'invoice.setClosedAt(clock.instant());',
          'if (invoice.isClosed()) throw new IllegalStateException();\n    invoice.setClosedAt(clock.instant());',
          [
            'InvoiceServiceTest.closesOnce:40',
            'NullPointer Cannot invoke "Instant.isAfter" because "closedAt" is null',
          ],
        ],
        ['invoice.isClosed()', 'invoice.getClosedAt() != null', null],
      ],
      [
        'InvoiceServiceTest.closesOnce:40',
        'Expected java.lang.IllegalStateException to be thrown, but nothing was thrown.',
      ],
      50,
    ),
  ];
}

function types(): Scene[] {
  const shrinking = (
    file: string,
    project: Project,
    command: string,
    errors: readonly string[],
    last: (left: number) => string,
    path: (at: number) => string,
  ) =>
    honest(
      file,
      'errors of a compiler, fewer each time',
      'loop.similar',
      { about: 'The list of errors shrinks from check to check.', in: project },
      (run) => {
        start(run, `make ${command} pass`, Object.keys(project.files)[0] ?? '');
        for (let left = errors.length; left > 0; left -= run.noise.int(1, 2)) {
          run.fail(command, `${errors.slice(0, left).join('\n')}\n${last(left)}`, 2);
          run.edit(path(left), `value${left}`, `value${left} ?? null`);
        }
        run.sh(command, last(0));
      },
    );
  const list = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => line(at));
  return [
    shrinking(
      'errors-tsc',
      board,
      'npx tsc -b',
      list(
        9,
        (at) => `src/panels/Panel${at}.tsx(${at * 7 + 3},11): error TS18048: 'card.column' is possibly 'undefined'.`,
      ),
      () => '',
      (at) => `src/panels/Panel${at}.tsx`,
    ),
    shrinking(
      'errors-mypy',
      ledger,
      'mypy ledger',
      list(
        8,
        (at) =>
          `ledger/rules/r${at}.py:${at * 5 + 9}: error: Item "None" of "Entry | None" has no attribute "amount"  [union-attr]`,
      ),
      (left) =>
        left > 0
          ? `Found ${left} errors in ${left} files (checked 31 source files)`
          : 'Success: no issues found in 31 source files',
      (at) => `ledger/rules/r${at}.py`,
    ),
    shrinking(
      'errors-rubocop',
      forum,
      'bundle exec rubocop',
      list(
        7,
        (at) =>
          `app/models/m${at}.rb:${at + 4}:5: C: Style/GuardClause: Use a guard clause (return unless record) instead of wrapping the code inside a conditional expression.`,
      ),
      (left) => `88 files inspected, ${left > 0 ? left : 'no'} offenses detected`,
      (at) => `app/models/m${at}.rb`,
    ),
  ];
}

function refactoring(): Scene[] {
  const rename = (file: string, project: Project, old: string, now: string, paths: readonly string[], passed: number) =>
    honest(
      file,
      'a name is changed in many files',
      'loop.repeat',
      { about: `${old} becomes ${now} in ${paths.length} files, by hand.`, in: project, trees: passed % 3 === 0 },
      (run) => {
        start(run, `rename ${old} to ${now} everywhere`);
        run.grep(old, paths.map((path, at) => `${path}:${at * 3 + 2}:  ${old}(`).join('\n'));
        for (const [at, path] of paths.entries()) {
          if (at % 3 === 0) run.read(path, `// ${path}\n${old}(input)`);
          run.edit(path, `${old}(`, `${now}(`);
        }
        run.green(passed);
        run.grep(old, 'No matches found');
      },
    );
  const safe = (
    file: string,
    project: Project,
    steps: readonly (readonly [string, string, string])[],
    passed: number,
  ) =>
    honest(
      file,
      'refactoring with a green test after each step',
      'loop.repeat',
      { about: 'Every small step ends in the same green report.', in: project },
      (run) => {
        start(run, 'split this up, run the tests after each step', Object.keys(project.files)[1] ?? '');
        run.green(passed);
        for (const [path, old, now] of steps) {
          run.edit(path, old, now);
          run.green(passed);
        }
        run.sh('git commit -qam "Split it up"');
      },
    );
  const names = (folder: string, ext: string, words: string) =>
    words.split(' ').map((word) => `${folder}/${word}.${ext}`);
  return [
    rename(
      'rename-ts',
      board,
      'fetchCards',
      'loadCards',
      names('src/views', 'tsx', 'Board Column Card Filter Search Archive Trash Header Settings Import Export Print'),
      41,
    ),
    rename(
      'rename-go',
      svc,
      'NewJob',
      'MakeJob',
      names(
        'internal',
        'go',
        'core/queue core/retry api/jobs api/admin store/pg store/mem cmd/seed worker/run worker/pool',
      ),
      0,
    ),
    rename(
      'rename-java',
      billing,
      'getTotal',
      'getGross',
      names('src/main/java/org/example', 'java', 'A Invoice Offer Reminder Credit Export Mail Pdf Job Line'),
      50,
    ),
    safe(
      'steps-green-ruby',
      forum,
      [
        ['app/services/notifier.rb', 'def call(post)', 'def call(post, mailer: PostMailer)'],
        ['app/services/notifier.rb', 'PostMailer.new_reply', 'mailer.new_reply'],
        ['app/services/notifier.rb', 'post.watchers.each', 'recipients(post).each'],
        ['app/models/post.rb', 'belongs_to :author', 'belongs_to :author, optional: false'],
        [
          'app/services/notifier.rb',
          'end\nend',
          'end\n\n  private\n\n  def recipients(post) = post.watchers - [post.author]\nend',
        ],
      ],
      44,
    ),
    safe(
      'steps-green-python',
      ledger,
      Array.from({ length: 7 }, (_, at) => ['ledger/report.py', `def part${at}(`, `def _part${at}(`] as const),
      42,
    ),
    safe(
      'steps-green-cpp',
      raster,
      Array.from(
        { length: 6 },
        (_, at) => [`src/filter${at}.cpp`, 'image.pixels[y * image.width + x]', 'image.at(x, y)'] as const,
      ),
      9,
    ),
  ];
}

function tests(): Scene[] {
  const covering = (
    file: string,
    project: Project,
    modules: readonly string[],
    from: number,
    path: (name: string) => string,
  ) =>
    honest(
      file,
      'tests for one module after the other',
      'loop.similar',
      { about: 'A new test file per module, each run green.', in: project },
      (run) => {
        start(run, 'these modules have no tests, please write some', Object.keys(project.files)[0] ?? '');
        for (const [at, name] of modules.entries()) {
          run.read(`src/${name}`, `// ${name}\nexport function ${name}(input) { return input; }`);
          run.write(path(name), `test ${name}: ${'x'.repeat(at + 3)}`);
          run.green(from + (at + 1) * 3);
        }
      },
    );
  const tdd = (
    file: string,
    project: Project,
    wishes: readonly (readonly [string, string])[],
    path: string,
    passed: number,
  ) =>
    honest(
      file,
      'red, green, red, green',
      'loop.revisit',
      { about: 'One test, its code, the next test, its code.', in: project, trees: true },
      (run) => {
        start(run, 'do this test first, please', Object.keys(project.files)[1] ?? '');
        for (const [at, [name, what]] of wishes.entries()) {
          run.edit(`${path}.test`, `// next ${at}`, `${name}\n// next ${at + 1}`);
          run.red([[name, what]], passed + at);
          run.edit(path, `// code ${at}`, `handles ${name}\n// code ${at + 1}`);
          run.green(passed + at + 1);
        }
      },
    );
  const shrink = (file: string, project: Project, failures: readonly (readonly [string, string])[], passed: number) =>
    honest(
      file,
      'one failing test after the other is mended',
      'loop.thrash',
      { about: 'A suite with many failures gets one fewer each time.', in: project },
      (run) => {
        start(run, 'main is red, fix the suite');
        for (let at = 0; at < failures.length; at++) {
          run.red(failures.slice(at), passed + at);
          run.edit(`src/part${at}.${project.root.endsWith('svc') ? 'go' : 'ts'}`, `broken${at}`, `mended${at}`);
        }
        run.green(passed + failures.length);
      },
    );
  const wide = (what: string) =>
    Array.from(
      { length: 6 },
      (_, at) => [`${what} ${'abcdef'[at]}`, `expected ${'uvwxyz'[at]} to be defined`] as const,
    );
  return [
    covering(
      'covering-js',
      shop,
      ['cart', 'tax', 'orders', 'mailer', 'ids', 'coupons'],
      28,
      (name) => `src/${name}.test.ts`,
    ),
    covering(
      'covering-py',
      ledger,
      ['models', 'report', 'rules', 'totals', 'importer'],
      40,
      (name) => `tests/test_${name}.py`,
    ),
    tdd(
      'tdd-rust',
      parser,
      [
        ['lexer::numbers', 'src/lexer.rs:60:9:\nassertion failed'],
        ['lexer::floats', 'src/lexer.rs:66:9:\nassertion `left == right` failed'],
        ['lexer::exponents', 'src/lexer.rs:71:9:\nnot yet implemented'],
        ['lexer::hex', 'src/lexer.rs:80:9:\nunexpected char'],
      ],
      'src/lexer.rs',
      30,
    ),
    tdd(
      'tdd-vitest',
      board,
      [
        ['filter > by word', 'TypeError: filter is not a function'],
        ['filter > ignores case', "expected [] to deeply equal [ 'A' ]"],
        ['filter > by label', "expected undefined to be 'red'"],
      ],
      'src/filter.ts',
      40,
    ),
    shrink('suite-jest', shop, wide('cart ›'), 22),
    shrink('suite-dotnet', stock, wide('WarehouseTests.'), 30),
    shrink('suite-go', svc, wide('TestStore/'), 0),
  ];
}

function deeper(): Scene[] {
  const stages = (
    file: string,
    about: string,
    project: Project,
    wish: string,
    near: 'loop.thrash' | 'loop.similar',
    command: string,
    steps: readonly (readonly [path: string, old: string, now: string, output: string])[],
    first: string,
    last: string,
  ) =>
    honest(file, 'each error gives way to the next', near, { about, in: project, cwd: true }, (run) => {
      start(run, wish, Object.keys(project.files)[0] ?? '');
      run.fail(command, first);
      for (const [path, old, now, output] of steps) {
        run.edit(path, old, now);
        if (output === '') run.sh(command, last);
        else run.fail(command, output);
      }
    });
  const docker = (step: number, what: string) =>
    `#${step + 4} [${step}/7] ${what}\nERROR: failed to solve: process "/bin/sh -c ${what}" did not complete successfully: exit code: 1`;
  return [
    stages(
      'stages-docker',
      'A Dockerfile gets one step further each time.',
      ledger,
      'write a Dockerfile for this',
      'loop.similar',
      'docker build -t ledger .',
      [
        [
          'Dockerfile',
          'FROM python:3.12-slim',
          'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq-dev',
          docker(3, 'pip install psycopg2'),
        ],
        ['Dockerfile', 'libpq-dev', 'libpq-dev gcc', docker(4, 'pip install -r requirements.txt')],
        ['Dockerfile', 'COPY requirements.txt .', 'COPY pyproject.toml .', docker(5, 'pip install .')],
        ['Dockerfile', 'COPY pyproject.toml .', 'COPY . .', docker(6, 'python -m ledger.migrate')],
        ['Dockerfile', 'RUN python -m ledger.migrate', '', ''],
      ],
      docker(2, 'pip install psycopg2'),
      '#12 naming to docker.io/library/ledger done',
    ),
    stages(
      'stages-cmake',
      'A build in C++ from one missing thing to the next.',
      raster,
      'build with gcc 14',
      'loop.thrash',
      'cmake --build build',
      [
        [
          'src/image.h',
          '#include <vector>',
          '#include <cstdint>\n#include <vector>',
          "src/blur.cpp:14:10: error: 'clamp' is not a member of 'std'",
        ],
        [
          'src/blur.cpp',
          '#include "image.h"',
          '#include <algorithm>\n#include "image.h"',
          "src/main.cpp:9:3: error: ignoring return value of 'bool save(const Image&)', declared with attribute 'nodiscard' [-Werror=unused-result]",
        ],
        [
          'src/main.cpp',
          'save(image);',
          'if (!save(image)) return 1;',
          "/usr/bin/ld: CMakeFiles/raster.dir/src/main.cpp.o: undefined reference to `png_create_write_struct'",
        ],
        ['CMakeLists.txt', 'project(raster CXX)', 'project(raster CXX)\nfind_package(PNG REQUIRED)', ''],
      ],
      "src/image.h:7:3: error: 'uint8_t' does not name a type",
      '[100%] Built target raster',
    ),
    stages(
      'stages-terraform',
      'A plan complains about one attribute after the other.',
      svc,
      'terraform for a bucket and a queue',
      'loop.thrash',
      'terraform plan -no-color',
      [
        [
          'main.tf',
          'acl = "private"',
          '',
          'Error: Missing required argument\n\n  on main.tf line 12, in resource "aws_sqs_queue_policy" "jobs":\nThe argument "policy" is required, but no definition was found.',
        ],
        [
          'main.tf',
          'queue_url = aws_sqs_queue.jobs.id',
          'queue_url = aws_sqs_queue.jobs.id\n  policy = data.aws_iam_policy_document.jobs.json',
          'Error: Reference to undeclared resource\n\n  on main.tf line 14: A data resource "aws_iam_policy_document" "jobs" has not been declared',
        ],
        [
          'main.tf',
          'resource "aws_sqs_queue_policy"',
          'data "aws_iam_policy_document" "jobs" {}\nresource "aws_sqs_queue_policy"',
          '',
        ],
      ],
      'Error: Unsupported argument\n\n  on main.tf line 4, in resource "aws_s3_bucket" "files":\nAn argument named "acl" is not expected here.',
      'Plan: 4 to add, 0 to change, 0 to destroy.',
    ),
  ];
}

export const honestBuilding = (): Scene[] => [...features(), ...types(), ...refactoring(), ...tests(), ...deeper()];
