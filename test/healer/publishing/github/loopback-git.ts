/** What the loopback GitHub knows of branches and commits: the real bare repository that tests push to. */
import { execFileSync } from 'node:child_process';

export interface LoopbackCommit {
  sha: string;
  message: string;
  /** ISO 8601, committer's. */
  date: string;
}

function git(repository: string, ...args: string[]): string | undefined {
  try {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_DIR: repository };
    return execFileSync('git', args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

const WHO = {
  GIT_AUTHOR_NAME: 'Grace',
  GIT_AUTHOR_EMAIL: 'grace@example.com',
  GIT_COMMITTER_NAME: 'GitHub',
  GIT_COMMITTER_EMAIL: 'noreply@github.com',
};

/** Merges in the bare repository as GitHub's button does; undefined where the two conflict. */
export function mergeOnRemote(
  repository: string,
  how: {
    base: string;
    branch: string;
    method: 'merge' | 'squash' | 'rebase';
    title: string;
    message?: string | undefined;
  },
): string | undefined {
  const [base, head] = [`refs/heads/${how.base}`, `refs/heads/${how.branch}`];
  const tree = git(repository, 'merge-tree', '--write-tree', base, head)?.split('\n')[0];
  if (tree === undefined) return undefined;
  const commit = (parents: string[], ...text: string[]) =>
    execFileSync(
      'git',
      ['commit-tree', tree, ...parents.flatMap((one) => ['-p', one]), ...text.flatMap((part) => ['-m', part])],
      { encoding: 'utf8', env: { ...process.env, ...WHO, GIT_DIR: repository } },
    ).trim();
  const said = git(repository, 'log', '-1', '--format=%B', head)?.trim() ?? '';
  const made =
    how.method === 'merge'
      ? commit([base, head], `Merge pull request from ${how.branch}`)
      : how.method === 'squash'
        ? commit([base], how.title, how.message ?? said)
        : commit([base], said);
  git(repository, 'update-ref', base, made);
  return made;
}

/** The commit of every branch. */
export function tipsOf(repository: string): Map<string, string> {
  const said = git(repository, 'for-each-ref', '--format=%(refname:lstrip=2)%09%(objectname)', 'refs/heads') ?? '';
  const lines = said.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [branch = '', commit = ''] = line.split('\t');
      return [branch, commit];
    }),
  );
}

/** How many commits the branch has that the base has not. */
export function ahead(repository: string, base: string, branch: string): number {
  return Number(git(repository, 'rev-list', '--count', `refs/heads/${base}..refs/heads/${branch}`) ?? 0);
}

export interface LoopbackFile {
  filename: string;
  previous_filename?: string;
  status: 'added' | 'removed' | 'modified' | 'renamed';
}

export function changedFiles(repository: string, base: string, branch: string): LoopbackFile[] {
  const said = git(repository, 'diff', '--name-status', '-M', `refs/heads/${base}...refs/heads/${branch}`) ?? '';
  const lines = said.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [status = '', name = '', to] = line.split('\t');
    if (to !== undefined) return { filename: to, previous_filename: name, status: 'renamed' };
    return { filename: name, status: status === 'A' ? 'added' : status === 'D' ? 'removed' : 'modified' };
  });
}

/** Newest first; undefined when there is no such branch. */
export function commitsOf(repository: string, branch: string, since: string | null): LoopbackCommit[] | undefined {
  const range = [`refs/heads/${branch}`, ...(since === null ? [] : [`--since=${since}`])];
  const said = git(repository, 'log', '--format=%H%x00%cI%x00%B%x01', ...range, '--');
  return said
    ?.split('\u0001')
    .map((one) => one.replace(/^\n/, ''))
    .filter((one) => one !== '')
    .map((one) => {
      const [sha = '', date = '', message = ''] = one.split('\u0000');
      return { sha, date, message: message.trimEnd() };
    });
}
