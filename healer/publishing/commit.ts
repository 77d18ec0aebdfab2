/**
 * The one commit that a proposal is: made from the verified tree with the base as its only parent. The agent's own
 * commits are never published. The commit is a pure function of its input, so making it twice gives the same id.
 */
import { git, tryGit } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';
import { oneLine } from './report/quote.ts';

export interface CommitRequest {
  incident: string;
  round: number;
  base: string;
  tree: string;
  /** The agent's words; they become one harmless line. */
  title: string;
  /** One line naming the error. */
  error: string;
  /** When the tree was verified. */
  at: Date;
}

export const INCIDENT_TRAILER = 'Self-Healing-Incident';
export const TREE_TRAILER = 'Self-Healing-Tree';

/** `INC-<fingerprint>/<round>` */
export function incidentTrailer(incident: string, round: number): string {
  return `${incident}/${round}`;
}

/** The id of the commit; no ref points to it yet, and no hook, signature or template of the user's takes part. */
export function makeCommit(repository: Repository, request: CommitRequest): Promise<string> {
  const { tree, base: parent, at } = request;
  return commitTree(repository, { tree, parent, at, message: commitMessage(request) });
}

export async function commitTree(
  repository: Repository,
  { tree, parent, at, message }: { tree: string; parent: string; at: Date; message: string },
): Promise<string> {
  const author = await identity(repository);
  const date = `@${Math.floor(at.getTime() / 1000)} +0000`;
  const written = await git(
    ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', '--no-gpg-sign', tree, '-p', parent, '-F', '-'],
    {
      cwd: repository.root,
      input: message,
      env: {
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: author.name,
        GIT_COMMITTER_EMAIL: author.email,
        GIT_COMMITTER_DATE: date,
      },
    },
  );
  return written.trim();
}

export function commitMessage(request: CommitRequest): string {
  return [
    subject(request.title, request.incident),
    '',
    `Error: ${plain(oneLine(request.error, 200))}`,
    '',
    `${INCIDENT_TRAILER}: ${incidentTrailer(request.incident, request.round)}`,
    `${TREE_TRAILER}: ${request.tree}`,
    '',
  ].join('\n');
}

/** At most 72 characters, never empty, and nothing a forge would act on. */
export function subject(title: string, incident: string): string {
  return plain(oneLine(title, 72)) || `Fix ${incident}`;
}

/**
 * What stands under the branch's name already, when an earlier try made exactly this commit and was stopped: same tree,
 * parent and message, only the time differs.
 */
export async function reusableCommit(
  repository: Repository,
  branch: string,
  request: CommitRequest,
): Promise<string | undefined> {
  const found = await tryGit(
    ['log', '-1', '--no-show-signature', '--format=%H%n%T%n%P%n%B', `refs/heads/${branch}`, '--'],
    {
      cwd: repository.root,
    },
  );
  if (found.exit !== 0) return undefined;
  const [commit = '', tree, parents, ...message] = found.stdout.split('\n');
  const same = tree === request.tree && parents === request.base;
  return same && message.join('\n').trim() === commitMessage(request).trim() ? commit : undefined;
}

/** What a commit says of itself; undefined when it is not one of ours. */
export async function readProposalCommit(
  repository: Repository,
  commit: string,
): Promise<{ incident: string; round: number; tree: string; parents: string[] } | undefined> {
  const found = await tryGit(
    [
      'log',
      '-1',
      '--no-show-signature',
      `--format=%T%n%P%n%(trailers:key=${INCIDENT_TRAILER},valueonly,separator=%x2c)`,
      '--end-of-options',
      commit,
    ],
    { cwd: repository.root },
  );
  if (found.exit !== 0) return undefined;
  const [tree = '', parents = '', trailer = ''] = found.stdout.split('\n');
  const named = /^(INC-[0-9a-f]{16})\/(\d+)$/.exec(trailer.trim());
  if (!named) return undefined;
  return {
    incident: named[1] ?? '',
    round: Number(named[2]),
    tree,
    parents: parents.split(' ').filter((id) => id !== ''),
  };
}

/** `fixes #12` and `@someone` would act in a forge. */
function plain(line: string): string {
  return line
    .replace(/#(?=\d)/g, 'no. ')
    .replace(/@(?=[\w-])/g, '')
    .replace(/^#+\s*/, '');
}

async function identity(repository: Repository): Promise<{ name: string; email: string }> {
  const read = async (key: string): Promise<string> =>
    oneLine((await tryGit(['config', '--get', key], { cwd: repository.root })).stdout).replace(/[<>]/g, '');
  const [name, email] = await Promise.all([read('user.name'), read('user.email')]);
  return { name: name || 'self-healing', email: email || 'self-healing@localhost' };
}
