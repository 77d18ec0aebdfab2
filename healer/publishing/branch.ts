/**
 * The branch of a proposal, here and on the remote. Every write names the value it expects to replace, and what the
 * remote has afterwards is read back and compared: nothing of anybody else's is overwritten.
 */
import { tryGit } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';
import { lastWords, type NetworkOptions, remoteTip, talk } from '../worktrees/remote.ts';
import { readProposalCommit } from './commit.ts';

export type BranchResult =
  | { status: 'written' }
  /** Something else stands under that name; `why` says what. */
  | { status: 'taken'; why: string };

export interface Proposal {
  incident: string;
  round: number;
  branch: string;
  commit: string;
}

/** Makes the local branch, or moves it when it holds an earlier, unpublished commit of the same incident and round. */
export async function writeBranch(repository: Repository, proposal: Proposal): Promise<BranchResult> {
  const ref = `refs/heads/${proposal.branch}`;
  const found = await tryGit(['rev-parse', '--verify', '--quiet', ref], { cwd: repository.root });
  const old = found.exit === 0 ? found.stdout.trim() : undefined;
  if (old === proposal.commit) return { status: 'written' };
  if (old !== undefined && !(await isOurs(repository, old, proposal)))
    return {
      status: 'taken',
      why: `the branch ${proposal.branch} already exists and holds ${old.slice(0, 12)}, which is not ours`,
    };
  const none = '0'.repeat(proposal.commit.length);
  const written = await tryGit(
    ['update-ref', '-m', `self-healing: ${proposal.incident}/${proposal.round}`, ref, proposal.commit, old ?? none],
    { cwd: repository.root },
  );
  return written.exit === 0
    ? { status: 'written' }
    : { status: 'taken', why: `the branch ${proposal.branch} could not be written: ${lastWords(written.stderr)}` };
}

export type PushResult =
  | { status: 'pushed' }
  | { status: 'taken'; why: string }
  | { status: 'unreachable'; why: string };

/** Pushes exactly this commit to exactly this branch; idempotent. */
export async function pushBranch(
  repository: Repository,
  remote: string,
  proposal: Proposal,
  network: NetworkOptions,
): Promise<PushResult> {
  const there = await remoteTip(repository, remote, proposal.branch, network);
  if (there.status === 'unreachable') return there;
  if (there.status === 'found' && there.commit === proposal.commit) return { status: 'pushed' };
  if (there.status === 'found' && !(await isOurs(repository, there.commit, proposal)))
    return {
      status: 'taken',
      why: `the branch ${proposal.branch} of the remote "${remote}" holds ${there.commit.slice(0, 12)}, which is not ours`,
    };
  const expected = there.status === 'found' ? there.commit : '';
  const ref = `refs/heads/${proposal.branch}`;
  const push = await talk(
    repository,
    [
      'push',
      '--quiet',
      '--no-verify',
      '--no-follow-tags',
      '--recurse-submodules=no',
      '--no-signed',
      `--force-with-lease=${ref}:${expected}`,
      remote,
      `${proposal.commit}:${ref}`,
    ],
    network,
  );
  if (push.status === 'unreachable') return push;
  // Whatever the push said, what counts is what the remote has now.
  const after = await remoteTip(repository, remote, proposal.branch, network);
  if (after.status === 'unreachable') return after;
  if (after.status === 'found' && after.commit === proposal.commit) return { status: 'pushed' };
  if (push.exit !== 0) return { status: 'unreachable', why: `the push was refused: ${lastWords(push.output)}` };
  return {
    status: 'taken',
    why: `after the push the remote's ${proposal.branch} is ${after.status === 'found' ? after.commit.slice(0, 12) : 'not there'}, not the verified commit`,
  };
}

/** An earlier commit of this very incident and round: only such a one may be replaced. */
async function isOurs(repository: Repository, commit: string, proposal: Proposal): Promise<boolean> {
  const found = await readProposalCommit(repository, commit);
  return found?.incident === proposal.incident && found.round === proposal.round && found.parents.length === 1;
}
