/** Honest work: bisecting, rebasing, committing in parts. */
import { billing, board, forum, ledger, type Project, parser, shop, stock } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';

const similar = 'loop.similar';

const cycle = 'loop.cycle';

export function git(): Scene[] {
  const bisect = (file: string, project: Project, verdicts: string) =>
    honest(
      file,
      'bisecting by hand',
      cycle,
      { about: 'good and bad in turn until the commit is found.', in: project },
      (run) => {
        start(run, 'find the commit that broke this');
        run.sh('git bisect start HEAD v1.4.0', 'Bisecting: 62 revisions left to test after this (roughly 6 steps)');
        for (const [at, verdict] of [...verdicts].entries()) {
          if (verdict === 'g') run.green(30);
          else run.red([['total › adds tax', 'Expected: 119\nReceived: 100']], 29);
          run.sh(
            `git bisect ${verdict === 'g' ? 'good' : 'bad'}`,
            at === verdicts.length - 1
              ? `${run.noise.hex(40)} is the first bad commit`
              : `Bisecting: ${2 ** (verdicts.length - at - 1)} revisions left to test after this\n[${run.noise.hex(40)}] Change ${run.noise.int(100, 999)}`,
          );
        }
        run.sh('git bisect reset', "Switched to branch 'main'");
      },
    );
  const rebase = (file: string, project: Project, paths: readonly string[]) =>
    honest(
      file,
      'a rebase with many conflicts',
      repeat,
      { about: 'Conflict by conflict, another file each time.', in: project },
      (run) => {
        start(run, 'rebase this branch onto main');
        run.fail(
          'git rebase main',
          `CONFLICT (content): Merge conflict in ${paths[0]}\nerror: could not apply ${run.noise.hex(7)}... part 0`,
        );
        for (const [at, path] of paths.entries()) {
          run.read(path, '<<<<<<< HEAD\nold\n=======\nnew\n>>>>>>> part');
          run.edit(path, '<<<<<<< HEAD\nold\n=======\nnew\n>>>>>>> part', 'new');
          run.sh(`git add ${path}`);
          const next = paths[at + 1];
          if (next === undefined)
            run.sh(
              'GIT_EDITOR=true git rebase --continue',
              'Successfully rebased and updated refs/heads/feature/next.',
            );
          else
            run.fail(
              'GIT_EDITOR=true git rebase --continue',
              `CONFLICT (content): Merge conflict in ${next}\nerror: could not apply ${run.noise.hex(7)}... part ${at + 1}`,
            );
        }
        run.green(40);
      },
    );
  const commits = (file: string, project: Project, parts: readonly string[]) =>
    honest(
      file,
      'work is committed in parts',
      cycle,
      { about: 'status, add, commit, again for each part.', in: project },
      (run) => {
        start(run, 'commit this in sensible parts');
        for (const [at, part] of parts.entries()) {
          run.sh(
            'git status --short',
            parts
              .slice(at)
              .map((path) => ` M ${path}`)
              .join('\n'),
          );
          run.sh(`git diff ${part}`, `diff --git a/${part} b/${part}\n@@ -1,3 +1,4 @@\n+${part} does more`);
          run.sh(`git add ${part} && git commit -qm "Let ${part.split('/').at(-1)} do more"`);
        }
        run.sh('git status --short');
      },
    );
  return [
    bisect('bisect-jest', shop, 'gbbgbg'),
    bisect('bisect-mostly-good', parser, 'gggbgg'),
    rebase('rebase-ruby', forum, [
      'app/models/post.rb',
      'app/services/notifier.rb',
      'db/schema.rb',
      'spec/models/post_spec.rb',
    ]),
    rebase('rebase-vite', board, ['package.json', 'src/App.tsx', 'src/App.tsx', 'vite.config.ts', 'src/useCards.ts']),
    commits('commits-py', ledger, ['ledger/models.py', 'ledger/api.py', 'ledger/report.py', 'README.md']),
    commits('commits-cs', stock, ['Core/Warehouse.cs', 'Api/Program.cs', 'Tests/WarehouseTests.cs']),
    honest(
      'cherry-picks',
      'fixes are picked to a release branch',
      similar,
      { about: 'Six picks, one conflict.', in: billing },
      (run) => {
        start(run, 'pick the six fixes to release/3.2');
        run.sh('git switch release/3.2', "Switched to branch 'release/3.2'");
        for (let at = 0; at < 6; at++) {
          const id = run.noise.hex(7);
          if (at === 3) {
            run.fail(`git cherry-pick ${id}`, 'CONFLICT (content): Merge conflict in pom.xml');
            run.edit('pom.xml', '<<<<<<< HEAD\n3.2.1\n=======\n3.3.0\n>>>>>>> x', '3.2.1');
            run.sh(
              'git add pom.xml && git cherry-pick --continue --no-edit',
              `[release/3.2 ${run.noise.hex(7)}] Fix 3`,
            );
          } else
            run.sh(
              `git cherry-pick ${id}`,
              `[release/3.2 ${run.noise.hex(7)}] Fix ${at}\n Date: ${run.noise.now()}\n 1 file changed, ${at + 1} insertions(+)`,
            );
        }
        run.green(50);
      },
    ),
  ];
}
