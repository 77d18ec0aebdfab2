/**
 * The repository that is being healed, found from any folder inside it (also from a linked worktree): where its main
 * checkout is, where its objects are, and which folder outside of it belongs to the product.
 */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../events/errors.ts';
import { git, tryGit } from './git.ts';

export interface Repository {
  /** Real path of the main checkout. */
  root: string;
  /** Real path of the common git directory (`.git` of the main checkout). */
  gitDir: string;
  /** Folder outside the repository that belongs to the product; may not exist yet. */
  home: string;
}

/** `$SELF_HEALING_HOME`, else `$XDG_STATE_HOME/self-healing`, else `~/.local/state/self-healing`. */
export function productHome(): string {
  const { SELF_HEALING_HOME, XDG_STATE_HOME } = process.env;
  return SELF_HEALING_HOME
    ? resolve(SELF_HEALING_HOME)
    : join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'self-healing');
}

interface Found {
  gitDir: string;
  /** Top of the main checkout when `folder` lies in it; undefined in a linked worktree and inside the git directory. */
  top: string | undefined;
}

async function findRepository(folder: string): Promise<Found> {
  const questions = ['--git-common-dir', '--absolute-git-dir', '--is-inside-work-tree'];
  const found = await tryGit(['rev-parse', '--path-format=absolute', ...questions], { cwd: folder });
  if (found.exit !== 0) {
    if (found.stderr.includes('dubious ownership'))
      throw new UserError(
        `git refuses to work in ${folder}: the folder belongs to another user.`,
        'If you trust what is in it: `git config --global --add safe.directory PATH`, with the path of the repository.',
      );
    throw new UserError(
      `${folder} is not inside a git repository.`,
      'Run this inside the repository to heal (`git init` and a first commit make one).',
    );
  }
  const [common = '', own = '', inside] = found.stdout.split('\n');
  const gitDir = await realpath(common);
  const main = inside === 'true' && (await realpath(own)) === gitDir;
  if (!main) return { gitDir, top: undefined };
  const top = await git(['rev-parse', '--path-format=absolute', '--show-toplevel'], { cwd: folder });
  return { gitDir, top: top.replace(/\n$/, '') };
}

/** The main checkout as the git directory itself knows it. */
async function checkoutOf(gitDir: string, folder: string): Promise<string> {
  const setting = async (name: string, ...options: string[]) => {
    const read = await tryGit(['config', ...options, '--get', name], { cwd: gitDir, env: { GIT_DIR: gitDir } });
    return read.exit === 0 ? read.stdout.replace(/\n$/, '') : undefined;
  };
  if ((await setting('core.bare', '--type=bool')) === 'true') {
    throw new UserError(
      `${folder} belongs to a bare repository, which has no checkout to heal.`,
      'Run this in a clone with a checkout.',
    );
  }
  const worktree = await setting('core.worktree'); // set for submodules
  if (worktree !== undefined) return resolve(gitDir, worktree);
  if (basename(gitDir) === '.git') return dirname(gitDir);
  throw new UserError(
    `The main checkout of ${gitDir} cannot be found from ${folder}.`,
    'Run this in the main checkout instead.',
  );
}

/** Throws UserError when `folder` is not in a git repository, or in one without a main checkout. */
export async function openRepository(folder: string): Promise<Repository> {
  const { gitDir, top } = await findRepository(folder);
  const root = await realpath(top ?? (await checkoutOf(gitDir, folder)));
  const key = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return { root, gitDir, home: join(productHome(), key) };
}

/** The commit id of a revision; throws UserError when it does not name a commit. */
export async function resolveCommit(repository: Repository, revision: string): Promise<string> {
  const found = await tryGit(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], {
    cwd: repository.root,
  });
  if (found.exit === 0) return found.stdout.trim();
  const empty = (await tryGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: repository.root })).exit !== 0;
  throw empty
    ? new UserError(
        `The repository at ${repository.root} has no commit yet.`,
        'Make a first commit; a fix needs a base to be compared with.',
      )
    : new UserError(
        `"${revision}" does not name a commit in ${repository.root}.`,
        'Give a branch, a tag or a commit id that exists here.',
      );
}
