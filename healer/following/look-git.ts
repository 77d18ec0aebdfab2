/** Looks at a proposal that is a branch and no more: whether it is on the base branch by now, and whether it is still ours. */
import { tryGit } from '../../context/git.ts';
import type { Workbench } from '../workbench.ts';
import { fetchBranch, findRemote, remoteTip } from '../worktrees/remote.ts';
import type { Followed, Look } from './look.ts';
import { findOnBase, isUnchanged } from './merged.ts';

const NETWORK_TIMEOUT_MS = 60_000;

export async function lookAtBranch(
  { repository, now }: Workbench,
  { proposal, parent }: Followed,
  signal: AbortSignal,
): Promise<Look> {
  const { base_branch: base, branch, commit } = proposal;
  if (base === null) return { do: 'wait', line: 'for a plain commit: nobody can tell when it is merged', say: false };
  const network = { timeoutMs: NETWORK_TIMEOUT_MS, signal };
  const remote = proposal.status === 'branch' ? undefined : await findRemote(repository);
  const tip =
    remote === undefined ? await localTip(repository.root, base) : await fetchBranch(repository, remote, base, network);
  if (tip.status === 'unreachable') return { do: 'nothing', failure: { status: 'unreachable', why: tip.why } };
  if (tip.status === 'absent') return { do: 'wait', line: `the branch ${base} is not there any more`, say: false };
  const found = await findOnBase(repository, proposal, { parent, tip: tip.commit });
  if (found && 'merged' in found) {
    const { commit: merged, at, by } = found.merged;
    const same = (await isUnchanged(repository, proposal, merged)) === true;
    return {
      do: 'merged',
      merge: {
        ...{ commit: merged, merged_at: at || now().toISOString(), merged_by: by, how: 'git', url: proposal.url },
        unchanged: same ? 1 : 0,
      },
      line: `merged by ${by} as ${merged.slice(0, 12)}, ${same ? 'unchanged' : 'changed by people'}`,
    };
  }
  if (found)
    return {
      do: 'wait',
      line: `superseded: ${found.theirs.slice(0, 12)} on ${base} heals the same incident`,
      say: false,
    };
  const own =
    remote === undefined
      ? await localTip(repository.root, branch)
      : await remoteTip(repository, remote, branch, network);
  if (own.status === 'unreachable') return { do: 'nothing', failure: { status: 'unreachable', why: own.why } };
  if (own.status === 'absent')
    return {
      do: 'wait',
      line: `hands off: the branch ${branch} was deleted, and ${base} does not have its change`,
      say: false,
    };
  if (own.commit !== commit)
    return { do: 'wait', line: `hands off: ${branch} holds ${own.commit.slice(0, 12)}, which is not ours`, say: false };
  const moved = tip.commit === parent ? '' : `; ${base} moved to ${tip.commit.slice(0, 12)} since it was proven`;
  return { do: 'wait', line: `on ${branch}, waiting to be merged into ${base}${moved}`, say: false };
}

async function localTip(
  root: string,
  branch: string,
): Promise<{ status: 'found'; commit: string } | { status: 'absent' } | { status: 'unreachable'; why: string }> {
  const tip = await tryGit(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`], { cwd: root });
  return tip.exit === 0 ? { status: 'found', commit: tip.stdout.trim() } : { status: 'absent' };
}
