/**
 * Publishes a proven fix: one commit on its branch, pushed where there is a remote, and the report. Every step can be
 * repeated after a crash between any two of them, and nothing is ever proposed twice.
 */
import { UserError } from '../../events/errors.ts';
import { classifier } from '../../gate/change-kind.ts';
import { changesBetween } from '../../gate/changes.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { insertProposal, type Proposal, proposalOf, updateProposal } from '../../store/proposals.ts';
import type { OpenFix } from '../fixes/open-fix.ts';
import { requestOf } from '../fixes/proposal-request.ts';
import { closeFix, yieldFix } from '../fixes/require-fix.ts';
import { reopenFix } from '../fixes/start-fix.ts';
import { currentPass, mayPublish, type Pass } from '../fixes/verified-tree.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import { outsideTree } from '../worktrees/outside-tree.ts';
import { findRemote } from '../worktrees/remote.ts';
import { removeWorktree } from '../worktrees/worktree.ts';
import { pushBranch, writeBranch } from './branch.ts';
import { makeCommit, reusableCommit } from './commit.ts';
import { compareUrl } from './compare-url.ts';
import { lessonOf } from './lesson.ts';
import { proposalReport } from './report.ts';
import { writeReport } from './report-file.ts';
import { clean, reportFacts } from './report-rows.ts';

export interface Published {
  status: 'proposed';
  branch: string;
  commit: string;
  pushed: boolean;
  /** Where a person opens the pull request, for a remote on GitHub. */
  compare_url?: string;
  /** Path of the report, relative to the repository. */
  report: string;
}

export type PublishResult =
  | Published
  /** The branch is made here; the remote did not take it. The incident stays where it is: publish again later. */
  | { status: 'unreachable'; branch: string; commit: string; why: string }
  /** Somebody else's commit stands under the branch's name, here or on the remote. */
  | { status: 'taken'; branch: string; why: string };

const PUSH_TIMEOUT_MS = 60_000;

export interface PublishRequest {
  /** Who lets it be published: `person:<name>`, `policy`. */
  who: string;
  signal?: AbortSignal | undefined;
  /** For one talk with the remote; default 60 s. */
  timeoutMs?: number;
}

/**
 * Throws UserError `stale` without evidence of this process for exactly the tree that is on disk, `not_allowed` without
 * an approval where one is needed, or while another process works on the incident.
 */
export async function publish(bench: Workbench, incident: string, request: PublishRequest): Promise<PublishResult> {
  const record = await requireIncident(bench.incidents, incident);
  const before = proposalOf(bench.db, incident, record.round);
  if (record.status === 'proposed' && before) return answer(before);
  if (record.status !== 'verified' && record.status !== 'awaiting_publish')
    throw new UserError(
      `${incident} is ${record.status}; there is nothing to publish.`,
      'Verify the fix first.',
      'not_allowed',
    );
  if (bench.fixes.get(incident)?.round !== record.round)
    throw new UserError(
      `The evidence for ${incident} is not held here.`,
      'Verify the fix again, then publish.',
      'stale',
    );

  const fix = await reopenFix(bench, incident, request.signal);
  let result: PublishResult | undefined;
  try {
    const pass = await currentPass(bench, fix);
    mayPublish(bench, fix, pass);
    result = await carryOut(bench, { fix, pass, before, error: record.error }, request);
  } finally {
    if (result?.status !== 'proposed') await yieldFix(fix);
  }
  if (result.status === 'proposed') await tidyUp(bench, fix);
  return result;
}

/** In a session the agent still stands in the worktree; there the next fix sweeps it away. */
async function tidyUp(bench: Workbench, fix: OpenFix): Promise<void> {
  await closeFix(bench, fix.incident);
  if (bench.role !== 'parent') return;
  await removeWorktree(bench.repository, fix.incident, outsideTree(fix.law.config.worktree), bench.now());
}

interface Work {
  fix: OpenFix;
  pass: Pass;
  before: Proposal | undefined;
  /** One line naming the error. */
  error: string;
}

/** Commit, branch, push, report, row, state: in this order, each of them found again when it is there already. */
async function carryOut(
  bench: Workbench,
  work: Work,
  { who, signal, timeoutMs }: PublishRequest,
): Promise<PublishResult> {
  const { fix, pass, before } = work;
  const { incident, round, branch } = fix;
  const { repository } = bench;
  const words = wordsOf(bench, work);
  const commit = await commitOf(bench, work, words.title);
  if (before && before.commit !== commit)
    return { status: 'taken', branch, why: `this round was proposed as ${before.commit.slice(0, 12)} already` };

  const written = await writeBranch(repository, { incident, round, branch, commit });
  if (written.status === 'taken') return { ...written, branch };
  const remote = await findRemote(repository);
  if (remote !== undefined) {
    const network = { timeoutMs: timeoutMs ?? PUSH_TIMEOUT_MS, signal };
    const pushed = await pushBranch(repository, remote, { incident, round, branch, commit }, network);
    if (pushed.status === 'unreachable') return { ...pushed, branch, commit };
    if (pushed.status === 'taken') return { ...pushed, branch };
  }

  await writeProposalReport(bench, fix, pass, { ...words, commit });
  const status = remote === undefined ? 'branch' : 'pushed';
  const at = bench.now().toISOString();
  const row: Proposal = { incident, round, branch, commit, tree: pass.row.tree, url: null, status, ...words, at };
  if (!insertProposal(bench.db, row).inserted) updateProposal(bench.db, incident, round, { status });
  const moved = await bench.incidents.transition({
    incident,
    to: 'proposed',
    from: ['verified', 'awaiting_publish'],
    who,
    why: `commit ${commit.slice(0, 12)} on ${branch}${remote === undefined ? '' : `, pushed to ${remote}`}`,
  });
  if (!moved.ok)
    throw new UserError(
      `${incident} changed its state while it was published.`,
      'Look at it with `self-healing show`.',
      'failed',
    );
  const base = fix.base.branch;
  const url = remote !== undefined && base !== null ? await compareUrl(repository, remote, base, branch) : undefined;
  return { ...answer(row), ...(url === undefined ? {} : { compare_url: url }) };
}

/** The commit that an earlier try made of this tree, else a new one. */
async function commitOf(bench: Workbench, { fix, pass, error }: Work, title: string): Promise<string> {
  const request = {
    incident: fix.incident,
    round: fix.round,
    base: fix.base.commit,
    tree: pass.row.tree,
    title,
    error,
    at: new Date(pass.row.at),
  };
  return (await reusableCommit(bench.repository, fix.branch, request)) ?? makeCommit(bench.repository, request);
}

/** What the agent asked to propose it with; without a request the error itself. */
function wordsOf(bench: Workbench, { fix, error }: Work): { title: string; summary: string } {
  const asked = requestOf(bench, fix.incident, fix.round);
  return { title: clean(asked?.title ?? `Fix ${error}`), summary: clean(asked?.summary ?? '') };
}

function answer({ branch, commit, status, incident }: Proposal): Published {
  return {
    status: 'proposed',
    branch,
    commit,
    pushed: status !== 'branch',
    report: `.self-healing/reports/${incident}.md`,
  };
}

async function writeProposalReport(
  bench: Workbench,
  fix: OpenFix,
  pass: Pass,
  words: { title: string; summary: string; commit: string },
): Promise<void> {
  const workspace = await openWorkspace(bench.repository);
  const changes = await changesBetween(
    workspace,
    fix.base.commit,
    pass.row.tree,
    classifier(fix.law.config.tests.paths),
  );
  const facts = await reportFacts(bench, fix, pass.verification, changes);
  await writeReport(
    bench.repository,
    fix.incident,
    proposalReport({
      ...facts,
      ...words,
      branch: fix.branch,
      lesson: await lessonOf(bench.repository, pass.row.tree, fix.incident),
    }),
  );
}
