/**
 * Opens the pull request that a proposal lacks: its branch was pushed while nobody was logged in to GitHub, or while
 * GitHub did not answer. What was approved and pushed is what it is about, as long as the remote still has exactly that.
 */
import { readLaw } from '../../context/law.ts';
import { UserError } from '../../events/errors.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { madeCommit, type Proposal, proposalOf, saveProposal } from '../../store/proposals.ts';
import { verificationsOf } from '../../store/verifications.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import { remoteTip } from '../worktrees/remote.ts';
import { readProposalCommit } from './commit.ts';
import { destinationOf } from './destination.ts';
import { ensurePullRequest } from './github/pull-request.ts';
import { othersThan } from './other-proposals.ts';
import { changesOf, draftReasons, leakIn, type ProposalSubject, proposalText } from './proposal-text.ts';
import type { PublishRequest, PublishResult } from './publish.ts';
import { fromGitHub, leaveToPerson, unreachable } from './publish-states.ts';
import { publishedAs } from './published.ts';
import { writeReport } from './report/file.ts';

/** The round's proposal when it was pushed and has no pull request. */
export function lacksPullRequest(bench: Workbench, { incident, round, status }: IncidentRecord): Proposal | undefined {
  const proposal = proposalOf(bench.db, incident, round);
  return status === 'proposed' && proposal?.status === 'pushed' && proposal.url === null ? proposal : undefined;
}

/** Throws UserError `not_allowed` where nothing would open one: `publish.provider: branch`, or no GitHub remote. */
export async function openMissingPullRequest(
  bench: Workbench,
  record: IncidentRecord,
  proposal: Proposal,
  request: PublishRequest,
): Promise<PublishResult> {
  const result = await open(bench, record, proposal, request);
  if (result.status !== 'proposed') await leaveToPerson(bench, record.incident, result);
  return result;
}

async function open(
  bench: Workbench,
  { incident, fingerprint, round, error }: IncidentRecord,
  proposal: Proposal,
  { signal, timeoutMs = 60_000, env = process.env }: PublishRequest,
): Promise<PublishResult> {
  const { repository, db } = bench;
  const { branch, commit } = proposal;
  const network = { timeoutMs, signal };
  const gone = { status: 'taken' as const, branch, commit };
  const base = (await readProposalCommit(repository, commit))?.parents[0];
  const row = verificationsOf(db, incident, round).findLast(
    ({ tree, verdict }) => tree === proposal.tree && verdict === 'pass',
  );
  if (base === undefined || row === undefined)
    return { ...gone, why: `the commit ${commit.slice(0, 12)} is not here any more`, next: byHand(branch) };
  const { config } = await readLaw(repository, { commit: base });
  const settings = config.publish;
  const to = await destinationOf(bench, { incident, settings, branch, base: proposal.base_branch, env, signal });
  if (!('kind' in to)) return to;
  if (to.kind !== 'pull_request') {
    if (to.kind === 'branch' && to.hint !== undefined) return publishedAs(proposal, { to });
    throw new UserError(
      `${incident} is proposed on ${branch}; no pull request is opened for it.`,
      settings.provider === 'branch' ? 'publish.provider is "branch".' : 'The remote is no GitHub repository.',
      'not_allowed',
    );
  }
  const tip = await remoteTip(repository, to.remote, branch, network);
  if (tip.status === 'unreachable') return { ...unreachable(incident, tip.why), branch, commit };
  if (tip.status === 'absent' || tip.commit !== commit) {
    const has = tip.status === 'absent' ? 'is gone' : `holds ${tip.commit.slice(0, 12)}`;
    const why = `the branch ${branch} of the remote "${to.remote}" ${has}; ${commit.slice(0, 12)} was approved and pushed`;
    return { ...gone, why, next: byHand(branch) };
  }

  const warnings: string[] = [];
  const subject: ProposalSubject = {
    ...{ incident, round, branch, row, warnings },
    base: { commit: base, branch: to.base },
    testPaths: config.tests.paths,
  };
  const changes = await changesOf(bench, subject);
  const branchIsOurs = async () => madeCommit(db, incident, round, tip.commit);
  const now = bench.now();
  const others = await othersThan(to.github, {
    ...{ incident, fingerprint, round, branch, base: to.base, changes, now, branchIsOurs },
  });
  if (others.status !== 'clear') return others;
  const words = { title: proposal.title, summary: proposal.summary };
  const text = await proposalText(bench, subject, { words, commit, changes, others });
  const tree = proposal.tree;
  const leak = await leakIn(text, branch, {
    incident,
    round,
    base,
    tree,
    title: words.title,
    error,
    at: new Date(row.at),
  });
  if (leak) return leak;
  const record = await requireIncident(bench.incidents, incident);
  if (record.round !== round || !lacksPullRequest(bench, record))
    throw new UserError(
      `${incident} is ${record.status} meanwhile; no pull request was opened.`,
      `Look at it with \`self-healing show ${incident}\`.`,
      'not_allowed',
    );
  const reasons = draftReasons(subject, settings, others);
  const opened = await ensurePullRequest(to.github, {
    ...{ incident, round, branch, base: to.base, title: text.title, body: text.body, label: settings.label },
    draft: reasons.length > 0,
  });
  if (opened.status !== 'open') return { ...fromGitHub(opened, incident), branch, commit };
  await writeReport(repository, incident, text.report);
  const saved = saveProposal(db, { ...proposal, status: 'pull_request', url: opened.url });
  return publishedAs(saved, { to, opened, draft: opened.draft ? reasons : [] });
}

function byHand(branch: string): string {
  return `Open the pull request of ${branch} by hand, or reject it and retry.`;
}
