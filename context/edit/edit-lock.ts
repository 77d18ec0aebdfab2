/** One machine edit at a time in one checkout, whichever process makes it. People's editors know nothing of it. */
import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { holdingFileLock } from '../../store/file-lock.ts';

export function withEditLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return holdingFileLock(lockOf(folder), work);
}

/**
 * In the git directory of the checkout, where it is seen by no status. Where that cannot be written (in a sandbox), among
 * the temporary files: never in the checkout, whose tree it would become a part of after a kill.
 */
function lockOf(folder: string): string {
  const gitDir = gitDirOf(folder);
  if (gitDir !== undefined) return join(gitDir, 'self-healing-edit.lock');
  const key = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 16);
  return join(tmpdir(), `self-healing-edit-${key}.lock`);
}

function gitDirOf(folder: string): string | undefined {
  const path = join(folder, '.git');
  try {
    // Of a linked worktree it is a file: `gitdir: <path>`.
    const gitDir = statSync(path).isDirectory()
      ? path
      : resolve(
          folder,
          readFileSync(path, 'utf8')
            .replace(/^gitdir: /, '')
            .trim(),
        );
    accessSync(gitDir, constants.W_OK);
    return gitDir;
  } catch {
    return undefined;
  }
}
