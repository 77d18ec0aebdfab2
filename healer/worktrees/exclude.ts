/** One line of ours in `.git/info/exclude`, so that the worktrees do not show up in the user's `git status`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../context/repository.ts';

/** Adds `/<folder>/` unless it is there. Idempotent; everything else in the file stays byte for byte. */
export async function excludeFolder(repository: Repository, folder: string): Promise<void> {
  const file = join(repository.gitDir, 'info', 'exclude');
  const line = `/${folder.replace(/[\\*?[\]!# ]/g, '\\$&')}/`;
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.split(/\r?\n/).includes(line)) return;
  await mkdir(join(repository.gitDir, 'info'), { recursive: true });
  await writeFile(file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
}
