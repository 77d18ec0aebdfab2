/** Runs that go in circles behind other words: new probes, new searches, new guesses, new errands. */
import { circle, type Written } from './kit.ts';

export function circlingWords(): Written[] {
  return [...scripts(), ...searches(), ...guesses(), ...delegated()];
}

function scripts(): Written[] {
  const pattern = 'ever new probes that print the same';
  return [
    circle(
      'loop.similar',
      { file: 'probe-scripts-python', pattern, about: 'a new debug script each time, the same KeyError printed' },
      (run) => {
        run.ask('import of the vendor file loses the SKU column');
        for (let times = 1; times <= 8; times++) {
          const body = [
            'import csv',
            `rows = list(csv.DictReader(open("vendor.csv")))  # attempt ${times}`,
            `print(rows[${times}]["sku"])`,
          ].join('\n');
          run.write(`/tmp/debug_${['a', 'sku', 'final', 'rows', 'check', 'v2', 'simple', 'min'][times - 1]}.py`, body);
          run.red(
            `python /tmp/debug_${['a', 'sku', 'final', 'rows', 'check', 'v2', 'simple', 'min'][times - 1]}.py`,
            `Traceback (most recent call last):\n  File "/tmp/debug_${['a', 'sku', 'final', 'rows', 'check', 'v2', 'simple', 'min'][times - 1]}.py", line 3, in <module>\n    print(rows[${times}]["sku"])\n          ~~~~~~~^^^^^^^\nKeyError: 'sku'`,
          );
          run.mark(times, 3, 6);
        }
      },
    ),
    circle(
      'loop.similar',
      { file: 'probe-scripts-node', pattern, about: 'one-liners against the same module that cannot be loaded' },
      (run) => {
        const tries = [
          "require('sharp')",
          "const s = require('sharp'); s.cache(false)",
          "import('sharp').then(console.log)",
          "try { require('sharp') } catch (e) { throw e }",
          "console.log(require('sharp').versions)",
          "process.env.X = 1; require('sharp')",
          "console.log(!!require('sharp'))",
        ];
        for (const [at, code] of tries.entries()) {
          run.red(
            `node -e "${code}"`,
            `Error: Could not load the "sharp" module using the linux-x64 runtime\nPossible solutions:\n- Ensure optional dependencies can be installed\n- Ensure your package manager supports multi-platform installation\n    at Object.<anonymous> (/home/dev/app/node_modules/sharp/lib/sharp.js:${113 + (at % 2)}:9)\nNode.js v22.11.0`,
          );
          run.mark(at + 1, 3, 6);
        }
      },
    ),
    circle(
      'loop.similar',
      {
        file: 'probe-scripts-sql',
        workBefore: 7,
        pattern,
        about: 'eight queries through an MCP server, each refused for the same missing grant',
      },
      (run) => {
        run.ask('How many refunds were there in March?');
        const queries = [
          'SELECT count(*) FROM billing.refunds',
          'SELECT * FROM billing.refunds LIMIT 1',
          "SELECT count(id) FROM billing.refunds WHERE created_at >= '2026-03-01'",
          'WITH r AS (SELECT * FROM billing.refunds) SELECT count(*) FROM r',
          'SELECT 1 FROM billing.refunds',
          'SELECT max(created_at) FROM billing.refunds',
          'SELECT r.id FROM billing.refunds r',
          'TABLE billing.refunds',
        ];
        for (const [at, sql] of queries.entries()) {
          run.failed('mcp__postgres__query', { sql }, 'ERROR: permission denied for schema billing\nSQLSTATE: 42501');
          run.mark(at + 1, 3, 6);
        }
      },
    ),
    circle(
      'loop.similar',
      {
        file: 'probe-scripts-notebook',
        pattern,
        about: 'a notebook cell rewritten and executed, the same shape error',
      },
      (run) => {
        const cells = [
          'model.fit(X, y)',
          'model.fit(np.array(X), y)',
          'model.fit(X.values, y.values)',
          'model.fit(X.to_numpy(), np.ravel(y))',
          'model.fit(X[:], y[:])',
          'model.fit(list(X.values), list(y))',
          'model.fit(X.copy(), y.copy())',
        ];
        for (const [at, code] of cells.entries()) {
          run.call(
            'NotebookEdit',
            { notebook_path: '/home/dev/app/train.ipynb', cell_id: 'c14', new_source: code },
            `Updated cell c14 with ${code}`,
          );
          run.red(
            'jupyter nbconvert --to notebook --execute train.ipynb --stdout 2>&1 | tail -4',
            'ValueError: Found input variables with inconsistent numbers of samples: [1797, 1437]\nnbclient.exceptions.CellExecutionError: An error occurred while executing cell 14',
          );
          run.mark(at + 1, 3, 6);
        }
      },
    ),
  ];
}

function searches(): Written[] {
  const pattern = 'the same question in other words, with the same empty answer';
  return [
    circle(
      'loop.similar',
      {
        file: 'search-words-grep',
        workBefore: 6,
        pattern,
        about: 'nine spellings of a setting that is not in the repository',
      },
      (run) => {
        run.ask('turn on strict mode of the importer');
        for (const [at, word] of [
          'strictMode',
          'strict_mode',
          'STRICT_MODE',
          'strict-mode',
          'isStrict',
          'strict:',
          '[sS]trict.?[mM]ode',
          'importer.*strict',
          'strict.*import',
        ].entries()) {
          run.grep(word, 'No matches found', { path: '/home/dev/app' });
          run.mark(at + 1, 3, 6);
        }
      },
    ),
    circle(
      'loop.similar',
      {
        file: 'search-words-web',
        pattern,
        about: 'web searches around one error, each answered by the same four links',
      },
      (run) => {
        const words = [
          'bazel sandbox error missing input file',
          'bazel missing input file sandbox fix',
          'fix for bazel "missing input file"',
          'bazel 8 missing input file error',
          'bazel sandbox "missing input" solution',
          'how to solve bazel missing input file',
          'bazel missing input file stack overflow',
        ];
        for (const [at, query] of words.entries()) {
          run.call(
            'WebSearch',
            { query },
            `Web search results for query: "${query}"\n\nLinks: [{"title":"Sandboxing","url":"https://bazel.build/docs/sandboxing"},{"title":"Build errors","url":"https://bazel.build/reference"},{"title":"FAQ","url":"https://bazel.build/about/faq"},{"title":"Rules","url":"https://bazel.build/extending/rules"}]\n\nThe results explain sandboxing in general and do not name this error.`,
          );
          run.mark(at + 1, 3, 6);
          if (at === 3) run.say('Let me phrase it differently.');
        }
      },
    ),
    circle(
      'loop.similar',
      { file: 'search-words-curl', pattern, about: 'one endpoint with ever other headers, always the same 401' },
      (run) => {
        run.ask('fetch the report of yesterday from the metrics service');
        for (const [at, flags] of [
          '',
          '-H "Accept: application/json"',
          '-H "Authorization: Bearer $TOKEN"',
          '-u admin:',
          '-H "X-Api-Key: $TOKEN"',
          '-H "Authorization: Token $TOKEN"',
          '--cookie "t=$TOKEN"',
          '-k',
        ].entries()) {
          run.bash(
            `curl -s ${flags} https://metrics.example.test/v2/reports/daily`,
            `{"error":"unauthorized","message":"no tenant given","trace":"${run.hex(16)}"}`,
          );
          run.mark(at + 1, 3, 6);
        }
      },
    ),
  ];
}

function guesses(): Written[] {
  const pattern = 'an edit that never matches, guessed at again';
  const refused = (text: string) =>
    `<tool_use_error>String to replace not found in file.\nString: ${text}</tool_use_error>`;
  return [
    circle(
      'loop.similar',
      { file: 'edit-guess-indent', pattern, about: 'other indentation at every try, the file is not read' },
      (run) => {
        for (let times = 1; times <= 8; times++) {
          const from = `${' '.repeat(times * 2)}def call(conn, _opts), do: conn`;
          run.failed(
            'Edit',
            {
              file_path: '/home/dev/app/lib/plug.ex',
              old_string: from,
              new_string: from.replace('conn', 'halt(conn)'),
            },
            refused(from),
          );
          run.mark(times, 3, 6);
        }
      },
    ),
    circle(
      'loop.repeat',
      { file: 'edit-guess-same', pattern, about: 'the very same edit refused seven times' },
      (run) => {
        run.ask('rename the field total to amount in the proto');
        for (let times = 1; times <= 7; times++) {
          run.failed(
            'Edit',
            {
              file_path: '/home/dev/app/proto/order.proto',
              old_string: '  int64 total = 4;',
              new_string: '  int64 amount = 4;',
            },
            refused('  int64 total = 4;'),
          );
          run.mark(times, 3, 5);
          if (times === 2) run.say('I will apply the edit now.');
        }
      },
    ),
    circle(
      'loop.cycle',
      { file: 'edit-guess-read', pattern, about: 'read, refused edit, read, refused edit, without a change' },
      (run) => {
        const text =
          '<?php\nfinal class Cart\n{\n\tpublic function total(): int\n\t{\n\t\treturn array_sum($this->lines);\n\t}\n}';
        for (let times = 1; times <= 6; times++) {
          run.read('src/Cart.php', text);
          run.failed(
            'Edit',
            {
              file_path: '/home/dev/app/src/Cart.php',
              old_string: '        return array_sum($this->lines);',
              new_string: '        return $this->lines->sum();',
            },
            refused('        return array_sum($this->lines);'),
          );
          run.mark(times, 2, 4);
        }
      },
    ),
  ];
}

function delegated(): Written[] {
  const pattern = 'the same errand for one subagent after the other';
  return [
    circle(
      'loop.similar',
      {
        file: 'delegated-search',
        pattern,
        about: 'seven subagents are sent to find the rate limiter, all say the same',
      },
      (run) => {
        for (let times = 1; times <= 7; times++) {
          run.call(
            'Task',
            {
              subagent_type: 'Explore',
              description: `Find rate limiter ${times}`,
              prompt: `${['Find', 'Locate', 'Look for', 'Search', 'Track down', 'Hunt for', 'Identify'][times - 1]} where requests are rate limited in this repository. Report files.`,
            },
            'I searched the repository for rate limiting. There is no rate limiter in the code; limits seem to be set at the load balancer, which is configured elsewhere.',
          );
          run.mark(times, 3, 6);
        }
      },
    ),
    circle(
      'loop.similar',
      {
        file: 'delegated-review',
        pattern,
        about: 'review asked for again without any change, nearly the same findings',
      },
      (run) => {
        run.ask('get this reviewed until there is nothing left');
        for (let times = 1; times <= 7; times++) {
          run.call(
            'Task',
            {
              subagent_type: 'reviewer',
              description: 'Review',
              prompt: `Review round ${times}: look at the diff of this branch for bugs.`,
            },
            `Findings:\n1. src/pool.cc:88 the lock is released before the vector is copied.\n2. src/pool.cc:131 size is read without the lock.\nNothing else found. (${run.number(18, 60)} tool uses)`,
          );
          run.mark(times, 3, 6);
        }
      },
    ),
  ];
}
