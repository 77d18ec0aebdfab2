/** Honest routines: large edits, clicking through, looks at the state, rebases, subagents. */
import { honest, type Written } from './kit.ts';

export function honestRoutines(): Written[] {
  return [...large(), ...clicking(), ...looking(), ...rebasing(), ...agents()];
}

function large(): Written[] {
  const pattern = 'many edits before the next check';
  return [
    honest(
      'loop.thrash',
      { file: 'large-rename', pattern, about: 'eighteen edits over files while the check stays red, known and wanted' },
      (run) => {
        run.ask('rename Account to Tenant everywhere, then make it compile');
        run.edit('lib/account.ex', 'defmodule Shop.Account do', 'defmodule Shop.Tenant do');
        run.red('mix compile --warnings-as-errors', 'warning: Shop.Account.__struct__/0 is undefined (18 places)', 1);
        for (let at = 1; at <= 18; at++) run.edit(`lib/shop/part${at}.ex`, '%Account{}', '%Tenant{}');
        run.bash('mix compile --warnings-as-errors', 'Compiling 19 files (.ex)\nGenerated shop app');
      },
    ),
    honest(
      'loop.undo',
      { file: 'large-swap', workBefore: 2, pattern, about: 'two names exchanged with a third name in between' },
      (run) => {
        run.edit('src/grid.php', '$row', '$swap');
        run.edit('src/grid.php', '$col', '$row');
        run.edit('src/grid.php', '$swap', '$col');
        run.bash('vendor/bin/phpunit tests/GridTest.php', 'OK (12 tests, 40 assertions)');
      },
    ),
  ];
}

function clicking(): Written[] {
  const pattern = 'a form or a list, clicked through step by step';
  return [
    honest(
      'loop.cycle',
      { file: 'clicking-wizard', pattern, about: 'click next and snapshot, seven pages of a wizard' },
      (run) => {
        for (let at = 1; at <= 7; at++) {
          run.call(
            'mcp__playwright__browser_snapshot',
            {},
            `- heading "Step ${at} of 7" [level=2] [ref=e4]\n- textbox "${['Name', 'Street', 'City', 'Phone', 'Mail', 'Card', 'Voucher'][at - 1]}" [ref=e9]\n- button "Next" [ref=e12]`,
          );
          run.call(
            'mcp__playwright__browser_type',
            { element: 'field', ref: 'e9', text: `value ${at}` },
            `await page.getByRole('textbox').fill('value ${at}');`,
          );
          run.call(
            'mcp__playwright__browser_click',
            { element: 'Next', ref: 'e12' },
            "await page.getByRole('button', { name: 'Next' }).click();",
          );
        }
      },
    ),
    honest(
      'loop.cycle',
      {
        file: 'clicking-pages',
        workBefore: 7,
        pattern,
        about: 'next page and snapshot of a table, only rows and the page number differ',
      },
      (run) => {
        for (let at = 1; at <= 9; at++) {
          run.call(
            'mcp__playwright__browser_click',
            { element: 'Next page', ref: 'e77' },
            "await page.getByLabel('Next page').click();",
          );
          run.call(
            'mcp__playwright__browser_snapshot',
            {},
            `- table [ref=e40]:\n${Array.from({ length: 10 }, (_, row) => `  - row "${at * 10 + row} ${['Lamp', 'Chair', 'Desk', 'Sofa', 'Shelf'][(at * 3 + row) % 5]} ${run.seconds(5, 90)}"`).join('\n')}\n- text: page ${at + 1} of 10`,
          );
        }
      },
    ),
  ];
}

function looking(): Written[] {
  const pattern = 'a look at the state between steps of work';
  return [
    honest(
      'loop.repeat',
      {
        file: 'looking-git-status',
        workBefore: 5,
        pattern,
        about: 'git status before every commit, clean after it each time',
      },
      (run) => {
        for (let at = 1; at <= 6; at++) {
          run.bash('git status --short', '');
          run.edit(`docs/page${at}.md`, 'teh', 'the');
          run.bash(`git commit -qam "Correct page ${at}"`, '');
        }
      },
    ),
    honest(
      'loop.repeat',
      {
        file: 'looking-reread',
        pattern,
        about: 'the same file read after each change that a formatter made elsewhere',
      },
      (run) => {
        for (let at = 1; at <= 5; at++) {
          run.read('src/theme.scss', `$gap: ${at * 2}px;\n.card { margin: $gap; }`);
          run.bash(`sed -i 's/gap: ${at * 2}px/gap: ${at * 2 + 2}px/' src/theme.scss`, '');
          run.bash('npx stylelint src/theme.scss', '');
        }
      },
    ),
    honest(
      'loop.cycle',
      { file: 'looking-deploy', pattern, about: 'per service: deploy, health, logs; all healthy' },
      (run) => {
        for (const name of ['api', 'web', 'mail', 'cron', 'edge']) {
          run.bash(
            `flyctl deploy -c ${name}.toml --strategy rolling`,
            `Watch your deployment\n✓ Machine ${run.hex(14)} is in a good state`,
          );
          run.bash(`curl -s https://${name}.example.test/health`, '{"status":"ok"}');
          run.bash(`flyctl logs -a ${name} --no-tail | grep -c ERROR`, '0');
        }
      },
    ),
  ];
}

function rebasing(): Written[] {
  const pattern = 'a rebase, conflict after conflict';
  const story = (file: string, about: string, path: (at: number) => string, rounds: number, check?: string) =>
    honest('loop.cycle', { file, pattern, about }, (run) => {
      run.red(
        'git rebase main',
        `CONFLICT (content): Merge conflict in ${path(1)}\nerror: could not apply ${run.hex(7)}... Part 1`,
      );
      for (let at = 1; at <= rounds; at++) {
        run.bash('git diff --name-only --diff-filter=U', path(at));
        run.edit(path(at), `<<<<<<< HEAD ${at}`, `merged ${at}`);
        if (check !== undefined) run.bash(check, '');
        if (at < rounds)
          run.red(
            `git add -A && GIT_EDITOR=true git rebase --continue`,
            `Auto-merging ${path(at + 1)}\nCONFLICT (content): Merge conflict in ${path(at + 1)}\nerror: could not apply ${run.hex(7)}... Part ${at + 1}`,
          );
        else
          run.bash(
            'git add -A && GIT_EDITOR=true git rebase --continue',
            'Successfully rebased and updated refs/heads/tenant.',
          );
      }
    });
  return [
    story('rebasing-one-file', 'six commits, always a conflict in the same file', () => 'CHANGELOG.md', 6),
    story(
      'rebasing-many',
      'five commits with other files and a check each',
      (at) => `lib/part${at}.rb`,
      5,
      'bundle exec rubocop -q',
    ),
  ];
}

function agents(): Written[] {
  const pattern = 'several subagents with errands of their own';
  return [
    honest(
      'loop.similar',
      { file: 'agents-parallel', pattern, about: 'the same question for six services at once, similar answers' },
      (run) => {
        run.ask('check every service for the header bug');
        for (const name of ['orders', 'stock', 'users', 'mail', 'search', 'media'])
          run.call(
            'Task',
            {
              subagent_type: 'Explore',
              description: `Check ${name}`,
              prompt: `Does services/${name} forward the tenant header?`,
            },
            `services/${name} forwards the header in its client. No change is needed there.`,
          );
      },
    ),
    honest(
      'loop.similar',
      { file: 'agents-review-rounds', pattern, about: 'review, repair, review: the findings get fewer' },
      (run) => {
        const all = [
          'the lock is released too early',
          'size is read without the lock',
          'the error is swallowed',
          'a test is missing',
        ];
        for (let at = 0; at < all.length; at++) {
          run.call(
            'Task',
            { subagent_type: 'reviewer', description: 'Review', prompt: 'Review the diff of this branch.' },
            `Findings:\n${all
              .slice(at)
              .map((text, row) => `${row + 1}. ${text}`)
              .join('\n')}`,
          );
          run.edit('src/pool.cc', `// ${all[at]}`, `fixed${at}();`);
        }
        run.call(
          'Task',
          { subagent_type: 'reviewer', description: 'Review', prompt: 'Review the diff of this branch.' },
          'No findings.',
        );
      },
    ),
  ];
}
