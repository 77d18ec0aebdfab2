/** Honest work: errors of a compiler that become fewer. */
import { board, forum, ledger, type Project } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

export function types(): Scene[] {
  const shrinking = (
    file: string,
    project: Project,
    command: string,
    errors: readonly string[],
    last: (left: number) => string,
    path: (at: number) => string,
  ) =>
    honest(
      file,
      'errors of a compiler, fewer each time',
      'loop.similar',
      { about: 'The list of errors shrinks from check to check.', in: project },
      (run) => {
        start(run, `make ${command} pass`, Object.keys(project.files)[0] ?? '');
        for (let left = errors.length; left > 0; left -= run.noise.int(1, 2)) {
          run.fail(command, `${errors.slice(0, left).join('\n')}\n${last(left)}`, 2);
          run.edit(path(left), `value${left}`, `value${left} ?? null`);
        }
        run.sh(command, last(0));
      },
    );
  const list = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => line(at));
  return [
    shrinking(
      'errors-tsc',
      board,
      'npx tsc -b',
      list(
        9,
        (at) => `src/panels/Panel${at}.tsx(${at * 7 + 3},11): error TS18048: 'card.column' is possibly 'undefined'.`,
      ),
      () => '',
      (at) => `src/panels/Panel${at}.tsx`,
    ),
    shrinking(
      'errors-mypy',
      ledger,
      'mypy ledger',
      list(
        8,
        (at) =>
          `ledger/rules/r${at}.py:${at * 5 + 9}: error: Item "None" of "Entry | None" has no attribute "amount"  [union-attr]`,
      ),
      (left) =>
        left > 0
          ? `Found ${left} errors in ${left} files (checked 31 source files)`
          : 'Success: no issues found in 31 source files',
      (at) => `ledger/rules/r${at}.py`,
    ),
    shrinking(
      'errors-rubocop',
      forum,
      'bundle exec rubocop',
      list(
        7,
        (at) =>
          `app/models/m${at}.rb:${at + 4}:5: C: Style/GuardClause: Use a guard clause (return unless record) instead of wrapping the code inside a conditional expression.`,
      ),
      (left) => `88 files inspected, ${left > 0 ? left : 'no'} offenses detected`,
      (at) => `app/models/m${at}.rb`,
    ),
  ];
}
