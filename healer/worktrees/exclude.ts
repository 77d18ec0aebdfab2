/** One line of ours in `.git/info/exclude`, so that the worktrees do not show up in the user's `git status`. */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../context/repository.ts';
import { holdingFileLock } from '../../store/file-lock.ts';

/**
 * Adds `/<folder>/` unless it is there. The file is only ever added to, by one at a time: rewritten, it would be empty for a
 * moment, in which another one would take away what a person has in it.
 */
export async function excludeFolder(repository: Repository, folder: string): Promise<void> {
  const file = join(repository.gitDir, 'info', 'exclude');
  const line = `/${folder.replace(/[\\*?[\]!# ]/g, '\\$&')}/`;
  if (hasLine(await textOf(file), line)) return;
  await mkdir(join(repository.gitDir, 'info'), { recursive: true });
  await mkdir(repository.home, { recursive: true });
  await holdingFileLock(join(repository.home, 'exclude.lock'), async () => {
    const text = await textOf(file);
    if (hasLine(text, line)) return;
    await appendFile(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
  });
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function hasLine(text: string, line: string): boolean {
  return text.split(/\r?\n/).includes(line);
}
