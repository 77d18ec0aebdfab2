/** Honest work of one kind on many things. */
import { honest, type Written } from './kit.ts';

export function honestBatches(): Written[] {
  return [...newFiles(), ...codemods(), ...eachFile(), ...records()];
}

function newFiles(): Written[] {
  const pattern = 'many new files after one model';
  const story = (
    file: string,
    about: string,
    names: string[],
    path: (name: string) => string,
    text: (name: string) => string,
    check?: string,
  ) =>
    honest('loop.similar', { file, pattern, about }, (run) => {
      run.read(path(names[0] ?? ''), text(names[0] ?? ''));
      for (const name of names.slice(1)) {
        run.write(path(name), text(name));
        if (check !== undefined) run.bash(check.replace('FILE', path(name)), '');
      }
    });
  const names = [
    'Order',
    'Customer',
    'Invoice',
    'Refund',
    'Voucher',
    'Parcel',
    'Carrier',
    'Supplier',
    'Shelf',
    'Return',
    'Basket',
    'Price',
  ];
  return [
    story(
      'new-files-elixir',
      'eleven Ecto schemas',
      names,
      (name) => `lib/shop/${name.toLowerCase()}.ex`,
      (name) =>
        `defmodule Shop.${name} do\n  use Ecto.Schema\n  schema "${name.toLowerCase()}s" do\n    timestamps()\n  end\nend\n`,
    ),
    story(
      'new-files-manifests',
      'a manifest per service, each checked by a command that prints nothing',
      names.slice(0, 9),
      (name) => `deploy/${name.toLowerCase()}.yaml`,
      (name) =>
        `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name.toLowerCase()}\nspec:\n  ports: [{ port: 80 }]\n`,
      'yamllint -d relaxed FILE',
    ),
    story(
      'new-files-dbt',
      'staging models of a warehouse',
      names.slice(2),
      (name) => `models/staging/stg_${name.toLowerCase()}.sql`,
      (name) => `select id, updated_at from {{ source('shop', '${name.toLowerCase()}') }}\n`,
    ),
  ];
}

function codemods(): Written[] {
  const pattern = 'the same change by hand in many places';
  return [
    honest('loop.similar', { file: 'codemod-logger', pattern, about: 'the same edit in fourteen PHP files' }, (run) => {
      run.grep('use Monolog', '14 files', { output_mode: 'files_with_matches' });
      for (let at = 1; at <= 14; at++)
        run.edit(`src/Handler/H${at}.php`, 'use Monolog\\Logger;', 'use Psr\\Log\\LoggerInterface;');
      run.bash('vendor/bin/phpunit', 'OK (88 tests, 201 assertions)');
    }),
    honest(
      'loop.cycle',
      { file: 'codemod-read-edit', pattern, about: 'read, edit, check per file, nine files, the same answers' },
      (run) => {
        for (let at = 1; at <= 9; at++) {
          run.read(`ui/Cell${at}.swift`, 'import UIKit\n\nfinal class Cell: UITableViewCell {}');
          run.edit(
            `ui/Cell${at}.swift`,
            'final class Cell: UITableViewCell {}',
            '@MainActor\nfinal class Cell: UITableViewCell {}',
          );
          run.bash(`swiftc -parse ui/Cell${at}.swift`, '');
        }
      },
    ),
    honest(
      'loop.repeat',
      { file: 'codemod-one-file', pattern, about: 'one file, the next occurrence found by the same grep' },
      (run) => {
        for (let at = 0; at < 8; at++) {
          run.bash(
            'grep -n -m1 "Thread.sleep" src/test/java/PollTest.java',
            `${31 + at * 14}:        Thread.sleep(500);`,
          );
          run.edit('src/test/java/PollTest.java', `Thread.sleep(500); // ${at}`, `await().until(done${at});`);
        }
        run.red('grep -n -m1 "Thread.sleep" src/test/java/PollTest.java', '');
      },
    ),
  ];
}

function eachFile(): Written[] {
  const pattern = 'the same check for one thing after the other';
  return [
    honest(
      'loop.similar',
      { file: 'each-file-php-lint', pattern, about: 'php -l for sixteen files, no errors' },
      (run) => {
        for (let at = 1; at <= 16; at++)
          run.bash(`php -l src/Rule${at}.php`, `No syntax errors detected in src/Rule${at}.php`);
      },
    ),
    honest(
      'loop.similar',
      {
        file: 'each-symbol-dead',
        pattern,
        about: 'nine names searched before they are deleted as dead code, none found',
      },
      (run) => {
        run.ask('remove the functions that nobody calls any more, but check each of them');
        for (const name of [
          'encodeV1',
          'decodeV1',
          'legacyHash',
          'oldTotal',
          'toWireV1',
          'fromWireV1',
          'migrate2019',
          'shimFetch',
          'polyfillAt',
        ])
          run.grep(`${name}\\(`, 'No matches found', { glob: '!src/legacy.ts' });
        run.edit('src/legacy.ts', 'export function encodeV1', '');
      },
    ),
    honest(
      'loop.similar',
      { file: 'each-environment', pattern, about: 'terraform plan in six environments, no changes anywhere' },
      (run) => {
        for (const name of ['dev', 'test', 'staging', 'prod-eu', 'prod-us', 'prod-ap'])
          run.bash(
            `terraform -chdir=env/${name} plan -no-color | tail -2`,
            'No changes. Your infrastructure matches the configuration.',
          );
      },
    ),
    honest(
      'loop.cycle',
      { file: 'each-package', pattern, about: 'build, test, pack for seven packages of a workspace' },
      (run) => {
        for (const name of ['core', 'http', 'auth', 'cli', 'ui', 'docs', 'testing']) {
          run.bash(`pnpm --filter @acme/${name} build`, '> tsup\n\nCLI Build success');
          run.bash(
            `pnpm --filter @acme/${name} test`,
            ` Test Files  ${run.number(2, 9)} passed\n   Duration  ${run.number(300, 900)}ms`,
          );
          run.bash(`pnpm --filter @acme/${name} pack`, `acme-${name}-1.4.0.tgz`);
        }
      },
    ),
    honest(
      'loop.similar',
      { file: 'each-host', workBefore: 5, pattern, about: 'one fact of eight hosts, nearly the same answer' },
      (run) => {
        for (let at = 1; at <= 8; at++)
          run.bash(
            `ssh web${at} "openssl version; uptime -p"`,
            `OpenSSL 3.0.13 30 Jan 2024 (Library: OpenSSL 3.0.13 30 Jan 2024)\nup ${run.number(2, 9)} weeks, ${run.number(1, 6)} days`,
          );
      },
    ),
  ];
}

function records(): Written[] {
  const pattern = 'many records of one shape';
  return [
    honest(
      'loop.similar',
      { file: 'records-orders', workBefore: 7, pattern, about: 'eight orders looked up by their numbers' },
      (run) => {
        run.ask('compare these eight orders with the ledger: 801 to 808');
        for (let id = 801; id <= 808; id++)
          run.call(
            'mcp__postgres__query',
            { sql: `select id, state, total, currency from orders where id = ${id}` },
            `[{"id":${id},"state":"paid","total":"${run.seconds(10, 90)}","currency":"EUR"}]`,
          );
      },
    ),
    honest(
      'loop.similar',
      { file: 'records-issues', pattern, about: 'issues of a tracker, two calls for each' },
      (run) => {
        for (const id of [41, 44, 47, 52, 58, 61]) {
          run.call(
            'mcp__github__get_issue',
            { owner: 'acme', repo: 'shop', issue_number: id },
            `{"number":${id},"state":"open","title":"Crash in step ${id % 7}","labels":["bug"],"comments":${id % 5}}`,
          );
          run.call(
            'mcp__github__get_issue_comments',
            { owner: 'acme', repo: 'shop', issue_number: id },
            `[{"user":"dev${id % 3}","body":"Seen with version 1.${id % 9}"}]`,
          );
        }
      },
    ),
    honest(
      'loop.similar',
      { file: 'records-pages', pattern, about: 'documentation pages fetched one by one, the same kind of summary' },
      (run) => {
        for (const name of ['queue', 'topic', 'bucket', 'table', 'stream', 'cache', 'gateway'])
          run.call(
            'WebFetch',
            { url: `https://registry.example.test/docs/resources/${name}`, prompt: 'Which arguments are required?' },
            `The ${name} resource requires the arguments name and region. All other arguments are optional and have defaults.`,
          );
      },
    ),
  ];
}
