/** A worktree on disk with one diagnosed file, for judging commands in it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeCommand } from '../../hooks/commands.ts';
import type { Role } from '../../hooks/role.ts';
import { type FixScope, judgeRead, judgeWrite } from '../../hooks/scope.ts';

export interface CommandWorktree {
  root: string;
  worktree: string;
  /** The rule that denies the command, or `allowed`. */
  rule(command: string, role?: Role): string;
  judge(command: string, role?: Role): ReturnType<typeof judgeCommand>;
  remove(): void;
}

const FILES = ['src/a.js', 'src/b.js', 'src/util.js', 'test/a.test.js', 'test/b.test.js', 'package.json', 'README.md'];

/** `src/a.js` is diagnosed, `test/` holds tests, `secrets/` is forbidden, `src/out` leads out of the worktree. */
export function commandWorktree(): CommandWorktree {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'guard-')));
  const worktree = join(root, '.worktrees/hotfix/auto-x');
  for (const folder of ['src/secrets', 'test/fixtures', 'packages/api/test', 'web'])
    mkdirSync(join(worktree, folder), { recursive: true });
  for (const file of FILES) writeFileSync(join(worktree, file), '');
  writeFileSync(join(root, 'main.txt'), '');
  symlinkSync(root, join(worktree, 'src/out'));
  const scope: FixScope = {
    incident: 'INC-0000000000000000',
    worktree,
    protectedFolders: [root],
    affectedFiles: ['src/a.js'],
    forbiddenBy: (path) => (path.includes('secrets/') ? '**/secrets/**' : undefined),
    isTest: (path) => /^(packages\/api\/)?test(\/|$)/.test(path),
  };
  const judge = (command: string, role: Role = 'fixer') =>
    judgeCommand(
      command,
      { role, worktree, judgeWrite: (path) => judgeWrite(scope, path), judgeRead: (path) => judgeRead(scope, path) },
      worktree,
    );
  return {
    root,
    worktree,
    judge,
    rule(command, role) {
      const judged = judge(command, role);
      return judged.allowed ? 'allowed' : judged.rule;
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}
