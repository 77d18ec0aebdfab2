/** Honest work: tests written, tests first, suites mended. */
import { board, ledger, type Project, parser, shop, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

export function tests(): Scene[] {
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
