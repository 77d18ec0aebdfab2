/** One machine edit at a time in one checkout, whichever process makes it. People's editors know nothing of it. */
import { accessSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { holdingFileLock } from '../../store/file-lock.ts';
import { LAW_FOLDER } from '../law/files.ts';

export function withEditLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return holdingFileLock(lockOf(folder), work);
}

/** In the git directory of the checkout, where it is seen by no status; where that cannot be written, beside the state. */
function lockOf(folder: string): string {
  const gitDir = gitDirOf(folder);
  if (gitDir !== undefined) return join(gitDir, 'self-healing-edit.lock');
  mkdirSync(join(folder, LAW_FOLDER), { recursive: true });
  return join(folder, LAW_FOLDER, 'state.db-edit.lock');
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
