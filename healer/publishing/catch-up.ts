/**
 * The base moved since the fix was proven: the fix is brought onto the new one and proven there by the whole gate, under the
 * new base's law, before anything is published. An approval counts for one tree; it is carried over only where the change
 * is the same to the letter and raises no new question.
 */
import { tryGit } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';
import { treeOf } from '../../gate/tree.ts';
import type { Verification } from '../../gate/verification.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import type { IncidentStatus } from '../../store/states.ts';
import type { VerificationRow } from '../../store/verifications.ts';
import type { OpenFix } from '../fixes/open-fix.ts';
import { closeFix } from '../fixes/require-fix.ts';
import { askBeforePublishing, currentPass, currentTree, type Pass } from '../fixes/verified-tree.ts';
import { verifyFix } from '../fixes/verify-fix.ts';
import type { Workbench } from '../workbench.ts';
import { fetchBranch, findRemote, type NetworkOptions, remoteTip, type Unreachable } from '../worktrees/remote.ts';
import { changeId } from './change-id.ts';
import { mergeOnto } from './merge-onto.ts';
import { moveWorktree } from './move-worktree.ts';
import { approveAgain, type NotPublished, unreachable } from './publish-states.ts';

export interface ProofRequest {
  /** Whether this process proved the tree on disk already; else it is verified even where the base stands still. */
  held: boolean;
  /** Who the verification is for. */
  by: VerificationRow['by'];
  network: NetworkOptions;
  onProgress?: ((line: string) => void) | undefined;
}

/** How often one publishing follows a base that moves. */
const CATCH_UPS = 2;

/** A pass of this process for exactly the tree on disk, on the base as it is now: on the remote, or here where there is none. */
export async function proveOnCurrentBase(
  bench: Workbench,
  fix: OpenFix,
  request: ProofRequest,
): Promise<{ status: 'proven'; pass: Pass } | NotPublished> {
  let held = request.held;
  for (let moves = 0; ; moves++) {
    const tip = await newTip(bench.repository, fix, request.network);
    if (tip.status === 'unreachable') return unreachable(fix.incident, tip.why);
    if (tip.status === 'current' && held) return { status: 'proven', pass: await currentPass(bench, fix) };
    if (tip.status === 'moved' && moves === CATCH_UPS)
      return {
        status: 'base_keeps_moving',
        why: `${fix.base.branch} moved ${CATCH_UPS + 1} times while the fix was verified on it`,
        next: `Try again with ${approveAgain(fix.incident)} at a quieter time.`,
      };

    const onto = tip.status === 'moved' ? await bring(bench, fix, tip.commit, request) : undefined;
    if (onto !== undefined && onto.status !== 'brought') return onto;
    const { by, onProgress } = request;
    const { verification } = await verifyFix(bench, fix.incident, { by, signal: request.network.signal, onProgress });
    if (verification.verdict !== 'pass') return failing(bench, fix, verification, onto !== undefined);
    held = true;
    const pass = await currentPass(bench, fix);
    if (onto) carryApproval(bench, fix, pass, onto);
    const question = askBeforePublishing(bench, fix, pass);
    if (question !== undefined)
      return {
        status: 'approval_needed',
        why: whyAgain(bench, fix, { pass, onto, question }),
        next: `Look at it in ${fix.worktree}, and approve it again with ${approveAgain(fix.incident)}.`,
      };
  }
}

type Tip = { status: 'current' } | { status: 'moved'; commit: string };

/** Whether the branch that the proposal is for holds something that the base of the fix does not. */
async function newTip(repository: Repository, { base }: OpenFix, network: NetworkOptions): Promise<Tip | Unreachable> {
  if (base.branch === null) return { status: 'current' };
  const remote = await findRemote(repository);
  if (remote === undefined) return newLocalTip(repository, base.branch, base.commit);
  const tip = await remoteTip(repository, remote, base.branch, network);
  if (tip.status === 'unreachable') return tip;
  if (tip.status === 'absent' || tip.commit === base.commit) return { status: 'current' };
  const fetched = await fetchBranch(repository, remote, base.branch, network);
  if (fetched.status === 'unreachable') return fetched;
  return fetched.status === 'absent' ? { status: 'current' } : movedTo(repository, base.commit, fetched.commit);
}

/** Without a remote the branch is the one of this repository, where a person may have committed meanwhile. */
async function newLocalTip(repository: Repository, branch: string, base: string): Promise<Tip> {
  const tip = await tryGit(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`], {
    cwd: repository.root,
  });
  return tip.exit === 0 ? movedTo(repository, base, tip.stdout.trim()) : { status: 'current' };
}

async function movedTo(repository: Repository, base: string, commit: string): Promise<Tip> {
  const held = await tryGit(['merge-base', '--is-ancestor', commit, base], { cwd: repository.root });
  return held.exit === 0 ? { status: 'current' } : { status: 'moved', commit };
}

interface Brought {
  status: 'brought';
  /** The tree before and after. */
  from: string;
  tree: string;
  /** The change is the same to the letter. */
  same: boolean;
}

async function bring(
  bench: Workbench,
  fix: OpenFix,
  onto: string,
  { network: { signal }, onProgress }: ProofRequest,
): Promise<Brought | NotPublished> {
  onProgress?.(`${fix.base.branch} moved to ${onto.slice(0, 12)}: bringing the fix onto it`);
  const workspace = await openWorkspace(bench.repository);
  const [old, from] = [fix.base.commit, await currentTree(bench, fix, signal)];
  const merged = await mergeOnto(workspace, { from: old, tree: from, onto });
  const moved = `${fix.base.branch} moved to ${onto.slice(0, 12)}`;
  if (merged.status === 'conflict') {
    const where = merged.files.length > 0 ? merged.files.slice(0, 5).join(', ') : 'the same lines';
    return requeue(bench, fix, { status: 'conflict', why: `${moved}, which changes ${where} in the same place` });
  }
  if (merged.tree === (await treeOf(workspace, onto)))
    return dismissAsFixed(bench, fix, `${moved}, which has every change of this fix already`);
  const same = (await changeId(workspace, old, from)) === (await changeId(workspace, onto, merged.tree));
  await moveWorktree(bench, fix, { from, tree: merged.tree, onto, signal });
  return { status: 'brought', from, tree: merged.tree, same };
}

function carryApproval(bench: Workbench, { incident, round }: OpenFix, { row: { tree } }: Pass, onto: Brought): void {
  const given = bench.seal.approvalOf(incident, round, onto.from);
  if (given && onto.same && tree === onto.tree) bench.seal.sealApproval({ ...given, tree });
}

function whyAgain(
  bench: Workbench,
  { incident, round, base }: OpenFix,
  { pass, onto, question }: { pass: Pass; onto: Brought | undefined; question: string },
): string {
  const approved = bench.seal.approvalOf(incident, round, pass.row.tree) !== undefined;
  if (onto)
    return `the base moved, and the fix was proven again on ${base.commit.slice(0, 12)}, where ${onto.same ? question : 'it is no longer the same change as the one that was approved'}`;
  return approved
    ? `proven again, it raises what the approval did not answer: ${question}`
    : 'the kept worktree is not what the last verdict was about; it is proven as it is now';
}

const GREEN_ALREADY = ['reproduction.green_on_base', 'reproduction.already_fixed'];

async function failing(
  bench: Workbench,
  fix: OpenFix,
  verification: Verification,
  moved: boolean,
): Promise<NotPublished> {
  const base = `${fix.base.branch ?? 'the base'} (${fix.base.commit.slice(0, 12)})`;
  if (moved && verification.checks.reproduction.findings.some(({ code }) => GREEN_ALREADY.includes(code)))
    return dismissAsFixed(bench, fix, `the reproduction is green on ${base} without the fix`);
  const why = `verified again${moved ? ` on ${base}` : ''}, it is no pass any more: ${verification.verdict}`;
  return { ...(await requeue(bench, fix, { status: 'no_longer_passes', why })), verification };
}

/** By the legal way that there is; another attempt in the same round starts from the new base. */
async function requeue(
  bench: Workbench,
  fix: OpenFix,
  failed: Pick<NotPublished, 'status' | 'why'>,
): Promise<NotPublished> {
  const next = `It is queued for another attempt: \`self-healing heal ${fix.incident}\`.`;
  await moveOn(bench, fix, 'queued', failed.why);
  return { ...failed, next };
}

async function dismissAsFixed(bench: Workbench, fix: OpenFix, why: string): Promise<NotPublished> {
  const { incident } = fix;
  await moveOn(bench, fix, 'dismissed', `already_fixed: ${why}`);
  const next = `It is dismissed, and comes back with its next occurrence; \`self-healing retry ${incident}\` tries again anyway.`;
  return { status: 'already_fixed', why, next };
}

async function moveOn(bench: Workbench, fix: OpenFix, end: 'queued' | 'dismissed', why: string): Promise<void> {
  const { incident } = fix;
  const way: [IncidentStatus, IncidentStatus][] = [
    ['verified', 'awaiting_publish'],
    ['awaiting_publish', 'healing'],
    ['healing', end],
  ];
  for (const [from, to] of way) await bench.incidents.transition({ incident, to, from: [from], who: 'gate', why });
  await closeFix(bench, incident);
}
