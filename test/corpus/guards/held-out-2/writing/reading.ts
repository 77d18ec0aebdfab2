/** Honest work: logs, reviews, searches, reading again. */
import { board, crm, forum, ledger, type Project, parser, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';

const similar = 'loop.similar';

export function reading(): Scene[] {
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
