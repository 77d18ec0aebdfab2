import { expect, it } from 'vitest';
import { readShellEdit } from '../../../hooks/loop/shell-edits.ts';

it.each([
  ['git checkout -- src/a.ts', { does: 'restore', paths: ['src/a.ts'] }],
  ['git checkout HEAD -- a.ts b.ts', { does: 'restore', paths: ['a.ts', 'b.ts'] }],
  ['git restore .', { does: 'restore', paths: 'all' }],
  ['git reset --hard', { does: 'restore', paths: 'all' }],
  ['git stash push -m "wip"', { does: 'stash' }],
  ['git stash', { does: 'stash' }],
  ['git stash pop', { does: 'unstash' }],
  ["sed -i 's/a\\.b/c|d/g' 'my file.ts'", { does: 'substitute', path: 'my file.ts', from: 'a.b', to: 'c|d' }],
  ['sed -i "s|x|y|" a.ts', { does: 'substitute', path: 'a.ts', from: 'x', to: 'y' }],
])('reads %s', (command, edit) => {
  expect(readShellEdit(command)).toEqual(edit);
});

it.each([
  'git checkout main',
  'git restore --source HEAD~2 a.ts',
  'git reset --hard HEAD~1',
  'git stash list',
  'git stash pop && npm test',
  "sed 's/a/b/' a.ts",
  "sed -i 's/a/b/' a.ts b.ts",
  'sed -i "s/$A/b/" a.ts',
  "sed -i '3d' a.ts",
  'rm a.ts',
])('leaves %s unknown', (command) => {
  expect(readShellEdit(command)).toBeNull();
});
