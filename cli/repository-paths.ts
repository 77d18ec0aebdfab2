/** File arguments as people type them, from any folder of a checkout, as repository-relative paths. */
import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { git } from '../context/git.ts';
import { UserError } from '../events/errors.ts';

/** The checkout that `cwd` lies in: the main one or a linked worktree. */
export async function checkoutRoot(cwd: string): Promise<string> {
  const top = await git(['rev-parse', '--path-format=absolute', '--show-toplevel'], { cwd });
  return realpath(top.replace(/\n$/, ''));
}

/** The files need not exist. Throws UserError for one outside of the checkout. */
export async function repositoryPaths(cwd: string, files: readonly string[]): Promise<string[]> {
  const root = await checkoutRoot(cwd);
  return Promise.all(
    files.map(async (file) => {
      const path = relative(root, await realOrSame(resolve(cwd, file)));
      if (path !== '' && path !== '..' && !path.startsWith(`..${sep}`)) return path.split(sep).join('/');
      throw new UserError(
        path === '' ? `${file} is the whole repository.` : `${file} is outside the repository ${root}.`,
        'Give files of the repository.',
      );
    }),
  );
}

/** With links in the folders resolved, also for a file that is not there. */
async function realOrSame(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const folder = dirname(path);
  return folder === path ? path : join(await realOrSame(folder), path.slice(folder.length).replace(/^[/\\]/, ''));
}
