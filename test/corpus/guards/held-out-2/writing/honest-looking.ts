/** Ordinary work that mostly reads: exploring, reviewing, logs, data, documents, pages in a browser. */
import { billing, board, crm, forum, ledger, type Project, parser, raster, shop, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';
const similar = 'loop.similar';
const cycle = 'loop.cycle';

function exploring(): Scene[] {
  const explain = (
    file: string,
    project: Project,
    wish: string,
    searches: readonly (readonly [string, string])[],
    more: readonly string[],
    answer: string,
  ) =>
    honest(
      file,
      'a repository is explored',
      repeat,
      { about: 'Searches and reads, and an answer.', in: project },
      (run) => {
        start(run, wish, ...Object.keys(project.files).slice(0, 2));
        for (const [pattern, output] of searches) run.grep(pattern, output);
        for (const path of more)
          run.read(
            path,
            `// ${path}\n${path.length % 2 === 0 ? 'export function run() {}' : 'export class Runner {}'}`,
          );
        run.read(Object.keys(project.files)[1] ?? '');
        run.say(answer);
      },
    );
  const talk = (file: string, project: Project, turns: readonly (readonly [string, string])[]) =>
    honest(
      file,
      'questions and answers',
      'loop.monologue',
      { about: 'A person asks, the agent answers in words.', in: project },
      (run) => {
        for (const [question, answer] of turns) {
          run.ask(question);
          run.say(answer);
        }
        run.read(Object.keys(project.files)[1] ?? '');
      },
    );
  return [
    explain(
      'explore-auth',
      shop,
      'how does the login work here?',
      [
        ['login', 'src/auth/login.ts:4:export async function login('],
        ['session', 'src/auth/session.ts:9:const store = new Map()\nsrc/server.ts:12:app.use(session)'],
        ['cookie', 'src/auth/session.ts:21:res.cookie("sid", id)'],
      ],
      ['src/auth/login.ts', 'src/auth/session.ts', 'src/auth/password.ts', 'src/middleware/guard.ts'],
      'Login checks the password, makes a session in memory and sets a cookie.',
    ),
    explain(
      'explore-jobs',
      svc,
      'what happens to a job that fails three times?',
      [
        ['Retry', 'internal/core/retry.go:8:func Retry(job Job)'],
        ['MaxAttempts', 'internal/core/retry.go:5:const MaxAttempts = 3'],
        ['dead', 'No matches found'],
        ['Discard', 'internal/core/retry.go:19:q.Discard(job)'],
      ],
      ['internal/core/retry.go', 'internal/store/pg.go'],
      'It is discarded; there is no dead-letter queue.',
    ),
    explain(
      'explore-pixels',
      raster,
      'which parts could run on several threads?',
      [
        ['for \\(int y', 'src/blur.cpp:2\nsrc/sharpen.cpp:5\nsrc/resize.cpp:9'],
        ['static ', 'src/noise.cpp:3:static std::mt19937 engine;'],
      ],
      ['src/sharpen.cpp', 'src/resize.cpp', 'src/noise.cpp'],
      'All but noise, which keeps a generator for all.',
    ),
    talk('talk-design', ledger, [
      ['should amounts be Decimal or integers of cents?', 'Both work; with SQLite, integers are the safer choice.'],
      ['and with Postgres?', 'There numeric is exact, so Decimal is fine.'],
      ['what would a migration look like?', 'Add a column, fill it, switch reads, drop the old one.'],
      ['ok, and how long would it lock the table?', 'Adding a nullable column does not rewrite the table.'],
      ['good. show me the model', 'Let me look at it.'],
    ]),
    talk('talk-rust', parser, [
      ['why does the borrow checker complain about `rest`?', 'Because it is borrowed from `text`.'],
      ['can I use Cow?', 'Yes, where you sometimes change the text.'],
      ['would it be slower?', 'Barely.'],
      ['thanks, look at the lexer then', 'I will read it now.'],
    ]),
    honest(
      'agents-explore',
      'subagents explore at the same time',
      repeat,
      { about: 'Three agents read partly the same files.', in: billing, cwd: true },
      (run) => {
        run.ask('Find out how invoices, reminders and exports hang together; use agents.');
        for (let at = 0; at < 5; at++)
          for (const agent of ['a11', 'b22', 'c33']) {
            run.agent = agent;
            if (at === 0) run.read('src/main/java/org/example/billing/InvoiceService.java');
            else if (at === 1)
              run.grep(
                'Invoice',
                'src/main/java/org/example/billing/InvoiceService.java:2\nsrc/main/java/org/example/billing/Reminder.java:14',
              );
            else run.read(`src/main/java/org/example/billing/${agent}${at}.java`, `class Part${agent}${at} {}`);
          }
        run.agent = '';
        run.say('Here is how they hang together: reminders and exports both read closed invoices.');
      },
    ),
    honest(
      'agents-fix',
      'subagents work at the same time',
      'loop.thrash',
      { about: 'Two agents mend two suites; each needs two rounds.', in: shop, trees: true },
      (run) => {
        run.ask('Fix the cart tests and the mailer tests in parallel.');
        for (let at = 0; at < 3; at++)
          for (const [agent, what] of [
            ['d41', 'cart'],
            ['e52', 'mailer'],
          ] as const) {
            run.agent = agent;
            if (at < 2)
              run.red(
                [[`${what} › case ${'ab'[at]}`, `Expected: ${at === 0 ? 'a value' : 'no call'}\nReceived: undefined`]],
                12,
                `npx jest src/${what}`,
              );
            else run.green(13, `npx jest src/${what}`);
            if (at < 2) run.edit(`src/${what}.ts`, `old${at}`, `new${at}`);
          }
      },
    ),
    honest(
      'chunks-of-log',
      'a long file is read in pieces',
      similar,
      { about: 'Two thousand lines of a generated schema, in pieces of 250.', in: crm },
      (run) => {
        start(run, 'summarise schema.sql');
        for (let at = 0; at < 8; at++)
          run.read(
            'database/schema.sql',
            Array.from({ length: 12 }, (_, line) => `  \`column_${at}_${line}\` varchar(255) DEFAULT NULL,`).join('\n'),
            { offset: at * 250 + 1, limit: 250 },
          );
      },
    ),
  ];
}

function reading(): Scene[] {
  const log = (file: string, project: Project, path: string, questions: readonly (readonly [string, string])[]) =>
    honest(
      file,
      'a log is read with one-liners',
      similar,
      { about: 'awk, grep, sort, each with another question.', in: project },
      (run) => {
        start(run, `what is wrong in ${path}?`);
        for (const [command, output] of questions) run.sh(command.replaceAll('LOG', path), output);
        run.say('The errors come from one client that retries without waiting.');
      },
    );
  const review = (file: string, project: Project, paths: readonly string[]) =>
    honest(
      file,
      'a change is reviewed',
      repeat,
      { about: 'The diff, file by file, and remarks.', in: project },
      (run) => {
        run.ask('review the last commit / PR for bugs');
        run.sh(
          'git diff --stat main...HEAD',
          `${paths.map((path, at) => ` ${path} | ${at + 3} ++-`).join('\n')}\n ${paths.length} files changed`,
        );
        for (const [at, path] of paths.entries()) {
          run.sh(
            `git diff main...HEAD -- ${path}`,
            `@@ -${at + 3},4 +${at + 3},6 @@\n-  old ${at}\n+  new ${at}\n+  more ${at}`,
          );
          if (at % 2 === 0) run.read(path, `line of ${path}\nanother`);
        }
        run.say('Two remarks: the second file forgets to await, the fourth has no test.');
      },
    );
  return [
    log('log-nginx', crm, '/var/log/nginx/access.log', [
      ['wc -l LOG', '184022 LOG'],
      ["awk '{print $9}' LOG | sort | uniq -c | sort -rn", '170113 200\n  9120 499\n  4789 502'],
      ["awk '$9==502{print $7}' LOG | sort | uniq -c | sort -rn | head -3", '4610 /api/contacts\n 120 /api/import'],
      ["awk '$9==502{print $1}' LOG | sort | uniq -c | sort -rn | head -3", '4588 203.0.113.9\n  70 198.51.100.2'],
      [
        "grep 203.0.113.9 LOG | awk '{print $4}' | cut -c2-18 | uniq -c | tail -3",
        ' 301 12/May/2026:09:12\n 299 12/May/2026:09:13\n 305 12/May/2026:09:14',
      ],
    ]),
    log('log-json', svc, 'logs/api.jsonl', [
      ['jq -r .level LOG | sort | uniq -c', ' 9011 info\n  212 error'],
      ['jq -r \'select(.level=="error").msg\' LOG | sort | uniq -c', ' 190 context deadline exceeded\n  22 EOF'],
      [
        'jq -c \'select(.msg=="EOF")\' LOG | head -2',
        '{"level":"error","msg":"EOF","job":"a1"}\n{"level":"error","msg":"EOF","job":"a1"}',
      ],
      ['jq -r \'select(.job=="a1").ts\' LOG | head -3', '09:14:03\n09:14:03\n09:14:04'],
    ]),
    review('review-cs', stock, [
      'Core/Warehouse.cs',
      'Core/IStore.cs',
      'Api/Program.cs',
      'Tests/WarehouseTests.cs',
      'Api/Reserve.cs',
    ]),
    review('review-rb', forum, [
      'app/models/post.rb',
      'app/services/notifier.rb',
      'app/mailers/post_mailer.rb',
      'spec/models/post_spec.rb',
    ]),
    honest(
      'dead-code',
      'many things are searched that should not be there',
      similar,
      { about: 'Is each of seven exports used? None is.', in: board },
      (run) => {
        start(run, 'which exports of src/legacy.ts are unused?');
        run.read('src/legacy.ts', 'export const oldSort = 1;\nexport const oldFilter = 2;\nexport const oldMerge = 3;');
        for (const name of ['oldSort', 'oldFilter', 'oldMerge', 'oldSplit', 'oldJoin'])
          run.grep(`import .*${name}`, 'No matches found', 'src');
        run.sh('git rm -q src/legacy.ts');
        run.green(41);
      },
    ),
    honest(
      'web-research',
      'the web is searched',
      similar,
      { about: 'Searches and pages about a bug in a library.', in: parser },
      (run) => {
        start(run, 'is there a known bug with winnow and utf-8 spans?', 'Cargo.toml');
        for (const query of [
          'winnow span utf-8 byte offset',
          'winnow LocatingSlice char index issue',
          'rust parser byte vs char offset',
        ]) {
          run.call(
            'WebSearch',
            { query },
            `Web search results for query: "${query}"\n\nLinks: [{"title":"${query} · Issue","url":"https://github.com/winnow-rs/winnow/issues/${run.noise.int(100, 700)}"}]`,
          );
          run.call(
            'WebFetch',
            {
              url: `https://github.com/winnow-rs/winnow/issues/${run.noise.int(100, 700)}`,
              prompt: 'What is the answer?',
            },
            `The maintainers say about ${query}: offsets are in bytes.`,
          );
        }
        run.say('Yes, offsets are in bytes on purpose.');
      },
    ),
    honest(
      'compacted',
      'reading again after the conversation was shortened',
      repeat,
      { about: 'Two files are read, the conversation is shortened twice, they are read again.', in: ledger },
      (run) => {
        start(run, 'carry the currency through the whole report', 'ledger/models.py', 'ledger/report.py');
        for (let at = 0; at < 3; at++) {
          run.edit(`ledger/part${at}.py`, 'amount', 'amount, currency');
          run.green(42);
          run.compact();
          run.read('ledger/models.py');
          run.read('ledger/report.py');
        }
      },
    ),
    honest(
      'compacted-tests',
      'reading again after the conversation was shortened',
      repeat,
      { about: 'The tests are run to see where one was.', in: crm },
      (run) => {
        start(run, 'port the importer to streams', 'app/Services/Importer.php');
        for (const what of [
          'TypeError: fgetcsv(): Argument #1 must be of type resource',
          'Failed asserting that 0 matches expected 2.',
        ]) {
          run.red([['ImporterTest::testImports', what]], 19);
          run.compact();
          run.read('app/Services/Importer.php');
          run.red([['ImporterTest::testImports', what]], 19);
          run.edit('app/Services/Importer.php', what.slice(0, 6), 'fopen($path, "r")');
        }
        run.green(20);
      },
    ),
  ];
}

function data(): Scene[] {
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

function pages(): Scene[] {
  return [
    honest(
      'docs-links',
      'documents are written',
      repeat,
      { about: 'Pages are written, a link checker mends the rest.', in: parser },
      (run) => {
        start(run, 'write docs for the lexer', 'src/lexer.rs', 'src/lib.rs');
        for (const page of ['index', 'tokens', 'errors', 'spans'])
          run.write(`docs/${page}.md`, `# ${page}\n\nSee [lexer](lexer.md).`);
        run.fail('npx markdown-link-check docs/*.md', '  [✖] lexer.md → Status: 400', 1);
        for (const page of ['index', 'tokens', 'errors', 'spans'])
          run.edit(`docs/${page}.md`, '[lexer](lexer.md)', '[tokens](tokens.md)');
        run.sh('npx markdown-link-check docs/*.md', '  [✓] tokens.md');
      },
    ),
    honest(
      'docs-translations',
      'the same edit in many files',
      similar,
      { about: 'One key in nine languages.', in: board },
      (run) => {
        start(run, 'add the text "Archive" in all languages');
        run.glob('src/locales/*.json', ['src/locales/de.json', 'src/locales/fr.json']);
        for (const [lang, word] of [
          ['de', 'Archiv'],
          ['fr', 'Archives'],
          ['es', 'Archivo'],
          ['it', 'Archivio'],
          ['nl', 'Archief'],
          ['sv', 'Arkiv'],
          ['pl', 'Archiwum'],
          ['pt', 'Arquivo'],
        ] as const)
          run.edit(`src/locales/${lang}.json`, '"board":', `"archive": "${word}",\n  "board":`);
        run.sh('node scripts/check-locales.js', 'all locales complete');
      },
    ),
    honest(
      'licence-headers',
      'the same edit in many files',
      similar,
      { about: 'A header over fourteen files, read and edited in turn.', in: raster },
      (run) => {
        start(run, 'put the SPDX header on top of every source file');
        for (let at = 0; at < 14; at++) {
          run.read(`src/filter${at}.cpp`, `#include "filter${at}.h"`, { offset: 1, limit: 3 });
          run.edit(
            `src/filter${at}.cpp`,
            `#include "filter${at}.h"`,
            `// SPDX-License-Identifier: MIT\n#include "filter${at}.h"`,
          );
        }
        run.green(9);
      },
    ),
    honest(
      'new-files',
      'many new files of one kind',
      similar,
      { about: 'Ten new stories for ten components.', in: board },
      (run) => {
        start(run, 'a storybook story for each component', 'package.json');
        for (const name of ['Card', 'Column', 'Header', 'Avatar', 'Badge', 'Dialog', 'Menu', 'Toast', 'Tabs'])
          run.write(
            `src/${name}.stories.tsx`,
            `import { ${name} } from './${name}';\n\nexport default { component: ${name} };\nexport const Plain = {};`,
          );
        run.sh('npx storybook build -o /tmp/sb', 'info => Output directory: /tmp/sb');
      },
    ),
    honest(
      'playwright-walk',
      'pages are walked through',
      similar,
      { about: 'Navigate, look, click, look, over six pages.', in: board },
      (run) => {
        start(run, 'click through the app and report what is broken', 'src/App.tsx');
        for (const [at, page] of ['login', 'boards', 'board/1', 'settings', 'profile', 'archive'].entries()) {
          run.call(
            'mcp__playwright__browser_navigate',
            { url: `http://localhost:5173/${page}` },
            `### Page state\n- Page URL: http://localhost:5173/${page}\n- Page Title: Board`,
          );
          run.call(
            'mcp__playwright__browser_snapshot',
            {},
            `### Page state\n- heading "${page}" [ref=e${at + 2}]\n- button "Action ${at}" [ref=e${at + 9}]`,
          );
          if (at % 2 === 0)
            run.call(
              'mcp__playwright__browser_click',
              { element: `Action ${at}`, ref: `e${at + 9}` },
              `### Ran Playwright code\nawait page.getByRole('button', { name: 'Action ${at}' }).click();`,
            );
        }
      },
    ),
    honest(
      'playwright-style',
      'a style is set by eye',
      'loop.undo',
      { about: 'A margin goes 8, 16, 12, with a picture each time.', in: board },
      (run) => {
        start(run, 'the cards stick too close together, make it look good');
        for (const [old, now] of [
          ['gap: 4px', 'gap: 8px'],
          ['gap: 8px', 'gap: 16px'],
          ['gap: 16px', 'gap: 12px'],
          ['padding: 4px', 'padding: 6px'],
        ] as const) {
          run.edit('src/board.css', old, now);
          run.call(
            'mcp__playwright__browser_take_screenshot',
            {},
            `### Result\nTook the viewport screenshot and saved it as page-${run.noise.hex(8)}.png`,
          );
        }
        run.say('12 px looks balanced.');
      },
    ),
    honest(
      'vite-config',
      'a bundler is set up',
      'loop.thrash',
      { about: 'Four settings, four other complaints, then a build.', in: board },
      (run) => {
        start(run, 'split vendor code and use the proxy', 'vite.config.ts');
        for (const [old, now, out] of [
          [
            'plugins: [react()]',
            'plugins: [react()], build: { rollupOptions: { output: { manualChunks: split } } }',
            '[vite] ReferenceError: split is not defined',
          ],
          [
            'export default',
            'const split = (id: string) => id.includes("node_modules") && "vendor";\nexport default',
            "error during build: RollupError: Could not resolve './legacy' from src/App.tsx",
          ],
          [
            "import './legacy';",
            '',
            '(!) Some chunks are larger than 500 kB\nerror during build: chunk limit exceeded',
          ],
        ] as const) {
          run.edit('vite.config.ts', old, now);
          run.fail('npm run build', `> board@0.4.0 build\nvite v6.0.1 building for production...\n${out}`);
        }
        run.edit('vite.config.ts', '"vendor"', 'nameOf(id)');
        run.sh('npm run build', `✓ 312 modules transformed.\n✓ built in ${run.noise.seconds(2, 5)}s`);
      },
    ),
    honest(
      'todo-list',
      'a list is ticked off',
      repeat,
      { about: 'The list is written after each of six parts.', in: svc },
      (run) => {
        const parts = [
          'add the table',
          'write the store',
          'write the handler',
          'wire it up',
          'write tests',
          'update docs',
        ];
        start(run, 'jobs need labels', 'internal/core/queue.go');
        for (let at = 0; at < parts.length; at++) {
          run.todo(...parts.slice(at));
          run.write(`internal/labels/part${at}.go`, `package labels // ${parts[at]}`);
          run.sh('go build ./...');
        }
        run.green(0);
      },
    ),
  ];
}

export const honestLooking = (): Scene[] => [...exploring(), ...reading(), ...data(), ...pages()];
