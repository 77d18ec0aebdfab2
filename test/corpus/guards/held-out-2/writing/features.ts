/** Honest work: features with their tests, and mistakes mended in a few rounds. */
import { billing, crm, ledger, type Project, parser, shop, stock } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const thrash = 'loop.thrash';

export function features(): Scene[] {
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
