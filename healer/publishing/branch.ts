/**
 * The branch of a proposal, here and on the remote. Every write names the value it expects to replace, only commits that
 * this machine made for this very round are replaced, and what the remote has afterwards is read back and compared.
 */
import { git, tryGit } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';
import { fetchBranch, lastWords, type NetworkOptions, remoteTip, talk } from '../worktrees/remote.ts';
import { readProposalCommit } from './commit.ts';

export interface ProposalBranch {
  incident: string;
  round: number;
  branch: string;
  commit: string;
  /** Whether this machine made that commit for this incident and round. */
  madeHere(commit: string): boolean;
  /** It was on the remote before: one that is gone there was deleted by somebody, and is not made again. */
  wasPushed?: boolean;
}

export type BranchResult =
  | { status: 'written' }
  /** Something else stands under that name; `why` says what. */
  | { status: 'taken'; why: string };

/** Makes the local branch, or moves it when it holds an earlier commit of the same round. */
export async function writeBranch(repository: Repository, proposal: ProposalBranch): Promise<BranchResult> {
  const ref = `refs/heads/${proposal.branch}`;
  const found = await tryGit(['rev-parse', '--verify', '--quiet', ref], { cwd: repository.root });
  const old = found.exit === 0 ? found.stdout.trim() : undefined;
  if (old === proposal.commit) return { status: 'written' };
  if (old !== undefined && !proposal.madeHere(old))
    return {
      status: 'taken',
      why: `the branch ${proposal.branch} already exists and holds ${old.slice(0, 12)}, which was not made here`,
    };
  const open = old === undefined ? undefined : await checkoutOf(repository, ref);
  if (open !== undefined)
    return { status: 'taken', why: `the branch ${proposal.branch} is checked out in ${open}, where it would move` };
  const none = '0'.repeat(proposal.commit.length);
  const written = await tryGit(
    ['update-ref', '-m', `self-healing: ${proposal.incident}/${proposal.round}`, ref, proposal.commit, old ?? none],
    { cwd: repository.root },
  );
  return written.exit === 0
    ? { status: 'written' }
    : { status: 'taken', why: `the branch ${proposal.branch} could not be written: ${lastWords(written.stderr)}` };
}

/** The folder in which somebody has the branch checked out. */
async function checkoutOf(repository: Repository, ref: string): Promise<string | undefined> {
  const listed = await git(['worktree', 'list', '--porcelain', '-z'], { cwd: repository.root });
  const entry = listed.split('\0\0').find((lines) => lines.split('\0').includes(`branch ${ref}`));
  return entry?.split('\0')[0]?.replace(/^worktree /, '');
}

export type PushResult =
  | { status: 'pushed' }
  /** Somebody else's commit is there. `sameIncident`: another clone proposes a fix of this very round. */
  | { status: 'taken'; why: string; commit: string | undefined; sameIncident: boolean }
  | { status: 'unreachable'; why: string }
  /** The remote knows who pushes, and does not let them. */
  | { status: 'not_permitted'; why: string }
  /** The remote's own rules refuse the branch: protection, a ruleset, a hook. */
  | { status: 'protected'; why: string };

/** Pushes exactly this commit to exactly this branch; idempotent. */
export async function pushBranch(
  repository: Repository,
  remote: string,
  proposal: ProposalBranch,
  network: NetworkOptions,
): Promise<PushResult> {
  const there = await remoteTip(repository, remote, proposal.branch, network);
  if (there.status === 'unreachable') return failed(there.why, there.why);
  if (there.status === 'found' && there.commit === proposal.commit) return { status: 'pushed' };
  if (there.status === 'absent' && proposal.wasPushed === true)
    return {
      status: 'taken',
      why: `the branch ${proposal.branch} was deleted on the remote "${remote}" after it had been pushed`,
      commit: undefined,
      sameIncident: false,
    };
  if (there.status === 'found' && !proposal.madeHere(there.commit))
    return takenBy(repository, remote, proposal, there.commit, network);
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
  // Another process was faster than us: git calls the value that was replaced meanwhile stale.
  const replaced = after.status === 'found' && after.commit !== expected;
  if (replaced) return takenBy(repository, remote, proposal, after.commit, network);
  if (push.exit !== 0) return failed(push.output, `the push was refused: ${lastWords(push.output)}`);
  return {
    status: 'taken',
    why: `after the push the remote's ${proposal.branch} is not there`,
    commit: undefined,
    sameIncident: false,
  };
}

const PROTECTED = /GH006|GH013|protected branch|rule violations|push declined|hook declined/i;
const NOT_PERMITTED =
  /error: 40[13]\b|permission (?:to \S+ )?denied|write access|authentication failed|could not read (?:username|password)|invalid credentials|access denied|not allowed to push|repository not found/i;

function failed(output: string, why: string): PushResult {
  if (PROTECTED.test(output)) return { status: 'protected', why };
  if (NOT_PERMITTED.test(output)) return { status: 'not_permitted', why };
  return { status: 'unreachable', why };
}

/** What stands there is read, so that another clone's proposal of the same round is told apart from a person's work. */
async function takenBy(
  repository: Repository,
  remote: string,
  proposal: ProposalBranch,
  commit: string,
  network: NetworkOptions,
): Promise<PushResult> {
  await fetchBranch(repository, remote, proposal.branch, network);
  const theirs = await readProposalCommit(repository, commit);
  const sameIncident = theirs?.incident === proposal.incident;
  const whose = sameIncident ? 'a fix of the same incident that was made elsewhere' : 'which was not made here';
  return {
    status: 'taken',
    why: `the branch ${proposal.branch} of the remote "${remote}" holds ${commit.slice(0, 12)}, ${whose}`,
    commit,
    sameIncident,
  };
}
