/** Honest work: scripts over data, notebooks, SQL. */
import { billing, crm, forum, ledger, shop, stock } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const similar = 'loop.similar';

const cycle = 'loop.cycle';

export function data(): Scene[] {
  const rows = (seed: number) =>
    Array.from({ length: 4 }, (_, at) => `${at}  2026-0${at + 1}  ${(seed * 37 + at * 113) % 991}.${at}0`).join('\n');
  return [
    honest(
      'pandas-script',
      'a script over data, run as it grows',
      similar,
      { about: 'A script is extended and run; each table is another.', in: ledger },
      (run) => {
        start(run, 'sum up data/2025.csv by month and customer', 'pyproject.toml');
        run.sh('head -3 data/2025.csv', 'date,customer,amount\n2025-01-02,7,10.00\n2025-01-02,9,4.50');
        run.write('scripts/sum.py', 'import pandas as pd\nprint(pd.read_csv("data/2025.csv").head())');
        for (let at = 1; at < 6; at++) {
          run.sh('python scripts/sum.py', `   month  amount\n${rows(at)}`);
          run.edit('scripts/sum.py', `# step ${at}`, `frame = frame.groupby(KEYS[${at}]).sum()\n# step ${at + 1}`);
        }
        run.sh('python scripts/sum.py', `   month  customer  amount\n${rows(9)}\nwritten to out.csv`);
      },
    ),
    honest(
      'pandas-errors',
      'a script over data, run as it grows',
      similar,
      { about: 'Encoding, then a date, then memory; then it works.', in: crm },
      (run) => {
        start(run, 'import this old export with a python script');
        run.write('import.py', 'import pandas as pd\nframe = pd.read_csv("export.csv")');
        for (const [what, old, now] of [
          [
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xfc in position 11",
            '"export.csv"',
            '"export.csv", encoding="cp1252"',
          ],
          ['pandas.errors.ParserError: Expected 7 fields in line 212, saw 9', 'encoding=', 'sep=";", encoding='],
          ['ValueError: time data "31.02.2019" does not match format', 'frame =', 'frame = clean('],
        ] as const) {
          run.fail(
            'python import.py',
            `Traceback (most recent call last):\n  File "import.py", line 2, in <module>\n${what}`,
          );
          run.edit('import.py', old, now);
        }
        run.sh('python import.py', '18233 rows');
      },
    ),
    honest(
      'notebook-cells',
      'a notebook is worked on',
      similar,
      { about: 'Cells are changed, the notebook is executed.', in: ledger },
      (run) => {
        start(run, 'clean up analysis.ipynb and make it run from top to bottom');
        run.call(
          'Read',
          { file_path: '/srv/ledger/analysis.ipynb' },
          '<cell id="c1">import pandas as pd</cell id="c1">\n<cell id="c2">frame = load()</cell id="c2">',
        );
        for (const [at, error] of [
          "NameError: name 'load' is not defined",
          "KeyError: 'amount'",
          'ModuleNotFoundError: No module named seaborn',
          '',
        ].entries()) {
          run.call(
            'NotebookEdit',
            { notebook_path: '/srv/ledger/analysis.ipynb', cell_id: `c${at + 1}`, new_source: `step_${at}()` },
            `Updated cell c${at + 1} with step_${at}()`,
          );
          if (error === '')
            run.sh(
              'jupyter nbconvert --to notebook --execute analysis.ipynb',
              '[NbConvertApp] Writing 48211 bytes to analysis.nbconvert.ipynb',
            );
          else
            run.fail(
              'jupyter nbconvert --to notebook --execute analysis.ipynb',
              `nbclient.exceptions.CellExecutionError: An error occurred while executing the following cell:\nstep_${at + 1}()\n\n${error}`,
            );
        }
      },
    ),
    honest(
      'sql-slow',
      'a query is made faster',
      similar,
      { about: 'explain, index, explain; plans change.', in: billing },
      (run) => {
        start(run, 'the invoice list takes 8 seconds', 'src/main/resources/application.yml');
        const plan =
          'psql billing -c "explain analyze select * from invoice join line using (invoice_id) where customer = 7 order by closed_at"';
        for (const [how, time, index] of [
          ['Seq Scan on invoice  (rows=91022)', '8121.4', 'create index on invoice (customer)'],
          ['Bitmap Heap Scan on invoice  (rows=1312)', '2410.9', 'create index on line (invoice_id)'],
          [
            'Nested Loop  (rows=1312)\n  Index Scan using line_invoice_id_idx',
            '310.2',
            'create index on invoice (customer, closed_at)',
          ],
          ['Nested Loop  (rows=1312)\n  Index Scan using invoice_customer_closed_at_idx', '12.7', ''],
        ] as const) {
          run.sh(plan, ` ${how}\n Planning Time: 0.${run.noise.int(100, 900)} ms\n Execution Time: ${time} ms`);
          if (index !== '') run.sh(`psql billing -c "${index}"`, 'CREATE INDEX');
        }
      },
    ),
    honest(
      'sql-migrations',
      'migrations up and down',
      cycle,
      { about: 'A migration is applied, rolled back, changed and applied again, as one does.', in: forum },
      (run) => {
        start(run, 'add a slug to posts', 'app/models/post.rb');
        run.sh(
          'bin/rails g migration AddSlugToPosts slug:string',
          '      create    db/migrate/20260512_add_slug_to_posts.rb',
        );
        for (const now of ['add_column :posts, :slug, :string, null: false', 'add_column :posts, :slug, :string', '']) {
          if (now === '') run.sh('bin/rails db:migrate', '== AddSlugToPosts: migrated (0.0131s)');
          else {
            run.edit('db/migrate/20260512_add_slug_to_posts.rb', '# change', now);
            if (now.includes('null'))
              run.fail(
                'bin/rails db:migrate',
                'PG::NotNullViolation: ERROR:  column "slug" of relation "posts" contains null values',
              );
            else run.sh('bin/rails db:migrate', '== AddSlugToPosts: migrated (0.0090s)');
            run.sh('bin/rails db:rollback', '== AddSlugToPosts: reverted (0.0041s)');
          }
        }
        run.green(45);
      },
    ),
    honest(
      'curl-endpoints',
      'an interface is tried out',
      similar,
      { about: 'Nine requests, answers alike but of different things.', in: stock },
      (run) => {
        start(run, 'smoke-test the api, all endpoints', 'Api/Program.cs');
        for (const [at, path] of [
          'stock/a1',
          'stock/a2',
          'stock/b7',
          'orders',
          'orders/1',
          'orders/2',
          'health',
          'version',
        ].entries())
          run.sh(
            `curl -s -w "%{http_code} %{time_total}\\n" localhost:5000/${path}`,
            `{"path":"${path}","count":${at * 3}}200 0.0${run.noise.int(10, 99)}`,
          );
      },
    ),
    honest(
      'regex-tries',
      'an expression is tried out',
      similar,
      { about: 'A regex against samples until it fits.', in: shop },
      (run) => {
        start(run, 'a regex for our order numbers, samples are in orders.txt');
        for (const [pattern, hits] of [
          ['^[A-Z]{2}[0-9]+$', 211],
          ['^[A-Z]{2}-?[0-9]+$', 340],
          ['^[A-Z]{2,3}-?[0-9]{4,8}$', 388],
          ['^[A-Z]{2,3}[-/]?[0-9]{4,8}[a-z]?$', 402],
        ] as const) {
          run.sh(`grep -cE '${pattern}' orders.txt`, `${hits}`);
          run.sh(`grep -vE '${pattern}' orders.txt | head -2`, hits === 402 ? '' : `AB/${hits}x\nQ-${hits * 3}`);
        }
      },
    ),
  ];
}
