/** Long honest sessions: forty to a hundred and twenty steps. */
import { billing, board, crm, ledger, shop, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const similar = 'loop.similar';

export function honestLong(): Scene[] {
  return [
    honest(
      'port-test-files',
      'test files are ported one by one',
      similar,
      { about: 'Twenty files: read, edit, run that file, sometimes a second round.', in: shop, cwd: true },
      (run) => {
        start(run, 'port our tests from mocha to jest, file by file', 'package.json');
        for (let at = 0; at < 20; at++) {
          const file = `test/unit/${['cart', 'tax', 'mail', 'user', 'order'][at % 5]}${at}.test.ts`;
          run.read(
            file,
            `import { expect } from 'chai';\ndescribe('${at}', () => { before(() => {}); it('works', () => expect(${at}).to.equal(${at})); });`,
          );
          run.edit(file, `expect(${at}).to.equal(${at})`, `expect(${at}).toBe(${at})`);
          if (at % 3 === 1) {
            run.red([[`${at} › works`, 'ReferenceError: before is not defined']], 2, `npx jest ${file}`);
            run.edit(file, 'before(() => {});', 'beforeAll(() => {});');
          }
          run.green(3 + (at % 4), `npx jest ${file}`);
        }
        run.green(84);
        run.sh('npm uninstall mocha chai', 'removed 78 packages');
      },
    ),
    honest(
      'js-to-ts',
      'a code base gets types',
      'loop.thrash',
      { about: 'Files are renamed and typed; the number of errors falls, sometimes rises.', in: board },
      (run) => {
        start(run, 'move src/lib from js to ts', 'package.json');
        let errors = 3;
        for (let at = 0; at < 16; at++) {
          run.sh(`git mv src/lib/part${at}.js src/lib/part${at}.ts`);
          run.read(`src/lib/part${at}.ts`, `export function part${at}(input) {\n  return input.value${at};\n}`);
          errors = Math.max(1, errors + (at % 3 === 0 ? 3 : -2));
          run.fail(
            'npx tsc --noEmit',
            `${Array.from({ length: errors }, (_, n) => `src/lib/part${at}.ts(${n + 1},${n + 9}): error TS7006: Parameter '${['input', 'card', 'next', 'event', 'column', 'user', 'tag'][n % 7]}' implicitly has an 'any' type.`).join('\n')}`,
            2,
          );
          run.edit(`src/lib/part${at}.ts`, '(input)', `(input: Part${at})`);
        }
        run.sh('npx tsc --noEmit');
        run.green(41);
      },
    ),
    honest(
      'incident',
      'a fault in production is searched for',
      similar,
      { about: 'Dashboards, logs, pods, queries; at last a missing index.', in: billing },
      (run) => {
        run.ask('invoices are slow since this morning, find out why');
        run.sh(
          'kubectl -n prod get pods -l app=billing',
          'billing-0   1/1   Running   0   3d\nbilling-1   1/1   Running   0   3d',
        );
        for (const pod of ['billing-0', 'billing-1']) {
          run.sh(
            `kubectl -n prod top pod ${pod}`,
            `${pod}   ${run.noise.int(200, 400)}m   ${run.noise.int(700, 900)}Mi`,
          );
          run.sh(`kubectl -n prod logs ${pod} --since 10m | grep -c Timeout`, `${run.noise.int(20, 60)}`);
          run.sh(
            `kubectl -n prod logs ${pod} --since 10m | grep Timeout | tail -n 2`,
            `${run.noise.now()} WARN HikariPool-1 - Connection is not available, request timed out after 30000ms\n${run.noise.now()} WARN HikariPool-1 - Connection is not available, request timed out after 30000ms`,
          );
        }
        run.read('src/main/resources/application.yml');
        for (const [query, answer] of [
          ['select count(*) from pg_stat_activity', '98'],
          ['select state, count(*) from pg_stat_activity group by 1', 'active | 91\nidle | 7'],
          [
            "select left(query,60), count(*) from pg_stat_activity where state='active' group by 1",
            'select * from reminder where invoice_id = $1 | 88',
          ],
          ['explain select * from reminder where invoice_id = 1', 'Seq Scan on reminder  (cost=0.00..91022.10)'],
          ["select indexname from pg_indexes where tablename='reminder'", 'reminder_pkey'],
          ['select max(created_at) from reminder', '2026-05-12 09:01:00'],
        ] as const)
          run.sh(`psql prod -Atc "${query}"`, answer);
        run.sh('git log --oneline -5 -- src/main/resources/db', 'c1d2e3f Drop unused indexes\nb2c3d4e Add reminders');
        run.sh('git show c1d2e3f', 'drop index reminder_invoice_id_idx;');
        run.write(
          'src/main/resources/db/V32__reminder_index.sql',
          'create index concurrently reminder_invoice_id_idx on reminder (invoice_id);',
        );
        run.green(50);
        run.say('An index was dropped yesterday; the migration brings it back.');
      },
    ),
    honest(
      'whole-feature',
      'a feature through all layers, with a person',
      'loop.thrash',
      { about: 'Labels for jobs: store, handlers, docs, review remarks; 90 steps.', in: svc, trees: true },
      (run) => {
        start(run, 'jobs get labels: store, api, docs', 'internal/core/queue.go', 'cmd/api/main.go');
        for (const [at, part] of ['table', 'store', 'filter', 'handler', 'json', 'docs', 'metrics', 'cli'].entries()) {
          if (at % 3 === 2) run.ask(`looks good so far, go on with ${part}`);
          run.grep(part, `internal/${part}/${part}.go:3:package ${part}`);
          run.read(`internal/${part}/${part}.go`, `package ${part}\n\nfunc New() {}`);
          run.write(`internal/${part}/labels.go`, `package ${part}\n\nfunc Labels() []string { return nil }`);
          run.write(`internal/${part}/labels_test.go`, `package ${part}\n\nfunc TestLabels(t *testing.T) {}`);
          run.red([[`TestLabels${at}`, `labels_test.go:${at + 9}: ${part}: no labels given`]], 0);
          run.edit(`internal/${part}/labels.go`, 'return nil', `return read("${part}")`);
          if (at % 2 === 0) {
            run.red([[`TestLabels${at}`, `labels_test.go:${at + 14}: ${part}: labels are not sorted`]], 0);
            run.edit(`internal/${part}/labels.go`, `return read("${part}")`, `return slices.Sorted(read("${part}"))`);
          }
          run.green(0);
          run.sh('gofmt -l .');
          run.sh(`git add -A && git commit -qm "Labels: ${part}"`);
        }
      },
    ),
    honest(
      'data-cleaning',
      'many files of data are cleaned',
      similar,
      { about: 'Month after month: look, clean, check.', in: ledger },
      (run) => {
        start(run, 'clean the twelve csv files of 2025, they differ in format', 'pyproject.toml');
        for (let month = 1; month <= 12; month++) {
          const file = `data/2025-${String(month).padStart(2, '0')}.csv`;
          run.sh(
            `head -n 2 ${file}`,
            `date${month % 2 === 0 ? ';' : ','}amount\n2025-${month}-01${month % 2 === 0 ? ';' : ','}${run.noise.int(10, 900)}.00`,
          );
          run.sh(
            `python scripts/clean.py ${file}`,
            `${file}: ${run.noise.int(800, 4000)} rows kept, ${run.noise.int(0, 30)} dropped`,
          );
          if (month % 5 === 0)
            run.edit('scripts/clean.py', `# formats ${month}`, `FORMATS.append("%d.%m.%y")\n# formats ${month + 5}`);
          run.sh(`python scripts/check.py ${file}`, 'ok');
        }
      },
    ),
    honest(
      'endpoints-many',
      'one endpoint after the other is moved',
      similar,
      { about: 'Thirteen controllers: read, write, test that controller.', in: crm },
      (run) => {
        start(run, 'move the controllers to invokable classes', 'routes/api.php');
        for (const name of [
          'Contact',
          'Company',
          'Deal',
          'Note',
          'Task',
          'Mail',
          'Call',
          'Tag',
          'File',
          'User',
          'Team',
          'Role',
          'Report',
        ]) {
          run.read(
            `app/Http/Controllers/${name}Controller.php`,
            `class ${name}Controller\n{\n    public function index() { return ${name}::all(); }\n}`,
          );
          run.write(
            `app/Http/${name}/List${name}.php`,
            `final class List${name}\n{\n    public function __invoke() { return ${name}::all(); }\n}`,
          );
          run.edit('routes/api.php', `[${name}Controller::class, 'index']`, `List${name}::class`);
          run.green(4, `vendor/bin/phpunit --filter ${name}`);
        }
        run.green(88);
      },
    ),
  ];
}
