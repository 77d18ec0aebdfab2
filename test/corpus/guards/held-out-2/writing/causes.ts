/** Honest work that looks stuck: searching for a cause. */
import { billing, board, crm, ledger, type Project, parser, raster, shop, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const similar = 'loop.similar';

const thrash = 'loop.thrash';

const revisit = 'loop.revisit';

export function causes(): Scene[] {
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
