/**
 * The repository that is being healed, found from any folder inside it (also from a linked worktree): where its main
 * checkout is, where its objects are, and which folder outside of it belongs to the product.
 */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
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

/** Throws UserError when `folder` is not in a git repository, or in a bare one. */
export async function openRepository(folder: string): Promise<Repository> {
  const found = await tryGit(['rev-parse', '--path-format=absolute', '--git-common-dir'], { cwd: folder });
  if (found.exit !== 0) {
    const text = found.stderr.includes('dubious ownership')
      ? `git refuses to work in ${folder}: the folder belongs to another user.`
      : `${folder} is not inside a git repository.`;
    throw new UserError(text, 'Run this inside the repository to heal (`git init` and a first commit make one).');
  }
  const gitDir = await realpath(found.stdout.trim());
  const listed = await git(['worktree', 'list', '--porcelain', '-z'], { cwd: folder });
  const [first = ''] = listed.split('\0\0');
  const main = /^worktree ([^\0]*)/.exec(first)?.[1];
  if (!main || first.split('\0').includes('bare')) {
    throw new UserError(
      `${folder} belongs to a bare repository, which has no checkout to heal.`,
      'Run this in a clone with a checkout.',
    );
  }
  // With a separate git dir `worktree list` may name the git dir itself; the folder holding `.git` is the checkout.
  const root = await realpath(main === gitDir ? dirname(gitDir) : main);
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
