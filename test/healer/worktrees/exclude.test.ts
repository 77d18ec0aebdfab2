/** The one file of the person's `.git` that is written: what they have in it stays, however many write at once. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { git } from '../../../context/git.ts';
import { openRepository } from '../../../context/repository.ts';
import { excludeFolder } from '../../../healer/worktrees/exclude.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'exclude-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('adds its line once and keeps every other one, for thirty at the same time', async () => {
  await git(['init', '-q'], { cwd: root });
  const repository = { ...(await openRepository(root)), home: join(root, 'home') };
  const file = join(root, '.git', 'info', 'exclude');
  // Large enough that who reads it while it is rewritten would see a part of it.
  const own = `${Array.from({ length: 5000 }, (_, at) => `/of-the-person-${at}/`).join('\n')}\nno end of line`;
  for (let round = 0; round < 10; round++) {
    writeFileSync(file, own);
    await Promise.all(Array.from({ length: 30 }, () => excludeFolder(repository, '.worktrees')));
    expect(readFileSync(file, 'utf8')).toBe(`${own}\n/.worktrees/\n`);
  }
});
