/**
 * Takes a merged fix back: the revert of the merge commit on a branch of its own, pushed, with a pull request where the
 * remote is on GitHub. As with fixes every step can be repeated after a crash, and there is one for an incident and round.
 */
import { git, tryGit } from '../../context/git.ts';
import type { Config } from '../../context/schemas/config.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { rememberCommit } from '../../store/proposals.ts';
import type { Workbench } from '../workbench.ts';
import { resolveBase } from '../worktrees/base.ts';
import type { NetworkOptions } from '../worktrees/remote.ts';
import { branchName } from '../worktrees/worktree.ts';
import { pushBranch, writeBranch } from './branch.ts';
import { commitTree, subject } from './commit.ts';
import { destinationOf } from './destination.ts';
import { ensurePullRequest } from './github/pull-request.ts';
import { findLeaks } from './leaks.ts';
import { mergeOnto } from './merge-onto.ts';

export interface RevertRequest {
  incident: string;
  fingerprint: string;
  round: number;
  /** The commit by which the fix came onto its branch; of a merge commit its first parent's side is kept. */
  merge: string;
  /** The branch that the fix went to; null for `publish.base` or the default branch. */
  base: string | null;
  /** When it was decided: makes the commit the same however often it is made. */
  at: Date;
  /** Markdown, our own words. */
  why: string;
  settings: Config['publish'];
  /** Of an earlier try: nothing else is sent. */
  made: { branch: string; commit: string } | undefined;
  /** Told before anything leaves this machine. */
  onMade(branch: string, commit: string): void;
  env: NodeJS.ProcessEnv;
  network: NetworkOptions;
}

export type RevertResult =
  | { status: 'proposed'; branch: string; commit: string; pushed: boolean; url: string | null; hint: string | null }
  /** The change is not in the branch any more. */
  | { status: 'gone'; branch: string }
  /** It may work later. */
  | { status: 'later'; why: string; afterMs?: number }
  /** A person has to do it. */
  | { status: 'failed'; why: string };

const REVERT_TRAILER = 'Self-Healing-Revert';

export function revertBranch(fingerprint: string, round: number): string {
  return `${branchName(fingerprint, 1)}-revert-${round}`;
}

export async function publishRevert(bench: Workbench, request: RevertRequest): Promise<RevertResult> {
  const { incident, round, env, network, settings } = request;
  const base = await resolveBase(bench.repository, { configured: request.base ?? settings.base, network });
  const [stale] = base.warnings;
  // What the remote has now decides whether there is something to revert.
  if (request.made === undefined && stale !== undefined) return { status: 'later', why: stale };
  const made = request.made ?? (await makeRevert(bench, request, base.commit));
  if ('status' in made) return made;
  const { branch, commit } = made;
  const trailer = `${REVERT_TRAILER}: ${incident}/${round}`;
  const title = `Revert the fix of ${incident}`;
  const body = bodyOf(request, trailer);
  const leaks = await findLeaks([{ where: 'body', text: body }]);
  if (leaks.length > 0) return { status: 'failed', why: `its text holds what looks like a ${leaks[0]?.kind}` };

  const ours = { incident, round, branch, commit, madeHere: (other: string) => other === commit };
  const written = await writeBranch(bench.repository, ours);
  if (written.status === 'taken') return { status: 'failed', why: written.why };
  const to = await destinationOf(bench, { incident, settings, branch, base: base.branch, env, signal: network.signal });
  if ('status' in to) return { status: 'failed', why: to.why };
  if (to.kind === 'local') return { status: 'proposed', branch, commit, pushed: false, url: null, hint: null };
  const pushed = await pushBranch(bench.repository, to.remote, ours, network);
  if (pushed.status !== 'pushed')
    return { status: pushed.status === 'unreachable' ? 'later' : 'failed', why: pushed.why };
  const done = { status: 'proposed' as const, branch, commit, pushed: true };
  if (to.kind === 'branch') return { ...done, url: null, hint: to.compareUrl ?? to.hint ?? null };

  const opened = await ensurePullRequest(to.github, {
    ...{ incident, round, branch, base: to.base, title, body, trailer },
    draft: false,
    label: settings.label,
  });
  switch (opened.status) {
    case 'open':
      return { ...done, url: opened.url, hint: null };
    case 'unreachable':
      return { status: 'later', why: opened.why, afterMs: (opened.retry_after_s ?? 0) * 1000 };
    case 'rate_limited':
      return {
        status: 'later',
        why: opened.why,
        afterMs: Math.max(0, Date.parse(opened.until) - bench.now().getTime()),
      };
    case 'not_permitted':
    case 'refused':
      return { status: 'failed', why: `${opened.why}. The branch ${branch} is pushed` };
    default:
      return opened satisfies never;
  }
}

/** What `git revert` does, without a checkout: the tree before the merge, brought onto the tip by a three-way merge. */
async function makeRevert(
  bench: Workbench,
  request: RevertRequest,
  tip: string,
): Promise<{ branch: string; commit: string } | Exclude<RevertResult, { status: 'proposed' }>> {
  const { incident, fingerprint, round, merge } = request;
  const { root: cwd } = bench.repository;
  const parent = await tryGit(['rev-parse', '--verify', '--quiet', '--end-of-options', `${merge}^1`], { cwd });
  if (parent.exit !== 0)
    return { status: 'failed', why: `the merge commit ${merge.slice(0, 12)} is not known here, or has no parent` };
  const branch = revertBranch(fingerprint, round);
  const inside = await tryGit(['merge-base', '--is-ancestor', merge, tip], { cwd });
  if (inside.exit !== 0) return { status: 'gone', branch };
  const workspace = await openWorkspace(bench.repository);
  const merged = await mergeOnto(workspace, { from: merge, tree: parent.stdout.trim(), onto: tip });
  if (merged.status === 'conflict') {
    const files = merged.files.slice(0, 5).join(', ');
    return { status: 'failed', why: `later commits changed the same lines${files === '' ? '' : ` of ${files}`}` };
  }
  const before = (await git(['rev-parse', `${tip}^{tree}`], { cwd })).trim();
  if (merged.tree === before) return { status: 'gone', branch };
  const reverted = await git(['log', '-1', '--no-show-signature', '--format=%s', merge], { cwd });
  const commit = await commitTree(bench.repository, {
    tree: merged.tree,
    parent: tip,
    at: request.at,
    message: [
      `Revert "${subject(reverted, incident)}"`,
      '',
      `This reverts commit ${merge}.`,
      '',
      `${REVERT_TRAILER}: ${incident}/${round}`,
      '',
    ].join('\n'),
  });
  rememberCommit(bench.db, { incident, round, commit, at: bench.now().toISOString() });
  request.onMade(branch, commit);
  return { branch, commit };
}

function bodyOf({ incident, merge, why }: RevertRequest, trailer: string): string {
  return [
    `The fix of ${incident} is taken back: after its deploy things became worse. It reverts \`${merge}\` and nothing else.`,
    why,
    'Merge and deploy it, or close it and say why. The next fix of this error is held against what is taken back here.',
    trailer,
  ].join('\n\n');
}
