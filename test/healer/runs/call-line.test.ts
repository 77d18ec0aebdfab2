import { expect, it } from 'vitest';
import { callDetail } from '../../../healer/runs/call-line.ts';

const HOME = '/home/ada/my shop/.worktrees/hotfix/auto-6f02fe01b1eff11d';

it.each([
  [{ command: `cd '${HOME}' && node --test test/a.test.js`, description: 'x' }, 'node --test test/a.test.js'],
  [{ command: 'cd /srv/shop/.worktrees/hotfix/auto-6f02fe01b1eff11d-2; git status' }, 'git status'],
  [{ command: 'cat /srv/shop/.worktrees/hotfix/auto-6f02fe01b1eff11d/src/a.js >b' }, 'cat src/a.js >b'],
  [{ file_path: `${HOME}/src/tenant context.js`, content: 'x' }, 'src/tenant context.js'],
  [{ command: "cd '/srv/other' && npm test" }, "cd '/srv/other' && npm test"],
  [{ file_path: '/etc/passwd' }, '/etc/passwd'],
  [{ command: 'one\n\u001b[2Jtwo' }, 'one [2Jtwo'],
  [{ command: `echo ${'x'.repeat(9000)}` }, `echo ${'x'.repeat(194)}…`],
  [{ todos: [] }, ''],
])('tells %j as %j', (input, told) => {
  expect(callDetail(input)).toBe(told);
});
