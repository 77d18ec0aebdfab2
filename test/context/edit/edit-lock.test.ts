import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withEditLock } from '../../../context/edit/edit-lock.ts';
import { git, repositoryWith, temporaryFolder } from '../temporary.ts';

it('is held in the git directory of the very checkout, seen by no status', async () => {
  const { folder } = repositoryWith({ a: '' });
  const worktree = join(folder, 'linked');
  git(folder, 'worktree', 'add', '-q', worktree);
  const own = join(folder, '.git/self-healing-edit.lock');
  const linked = join(folder, '.git/worktrees/linked/self-healing-edit.lock');
  await withEditLock(folder, async () => {
    expect([existsSync(own), existsSync(linked)]).toEqual([true, false]);
    // Another checkout is another lock.
    await withEditLock(worktree, async () => expect(existsSync(linked)).toBe(true));
    expect(git(worktree, 'status', '--porcelain')).toBe('');
  });
  expect([existsSync(own), existsSync(linked)]).toEqual([false, false]);
});

it('leaves nothing in a folder without a git directory', async () => {
  const folder = temporaryFolder();
  expect(await withEditLock(folder, async () => readdirSync(folder))).toEqual([]);
});
