/** Honest work that looks stuck: progress in small steps. */
import { billing, board, forum, ledger, type Project, parser, raster } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const similar = 'loop.similar';

const thrash = 'loop.thrash';

export function progress(): Scene[] {
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
