/**
 * Carries a proven and approved fix out: commit, branch, push, pull request, report, row, state. In this order, and each of
 * them is found again when an earlier try was stopped after it.
 */
import { UserError } from '../../events/errors.ts';
import { madeCommit, type Proposal, proposalOf, rememberCommit, saveProposal } from '../../store/proposals.ts';
import type { OpenFix } from '../fixes/open-fix.ts';
import type { Pass } from '../fixes/verified-tree.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import { type NetworkOptions, remoteTip } from '../worktrees/remote.ts';
import { type ProposalBranch, pushBranch, writeBranch } from './branch.ts';
import { type CommitRequest, makeCommit, reusableCommit } from './commit.ts';
import { type Destination, destinationOf } from './destination.ts';
import { ensurePullRequest, type OpenPullRequest } from './github/pull-request.ts';
import { type Others, othersThan, racedBy } from './other-proposals.ts';
import { changesOf, draftReasons, leakIn, type ProposalSubject, proposalText, wordsOf } from './proposal-text.ts';
import { approveAgain, fromGitHub, type NotPublished, unreachable, whilePaused } from './publish-states.ts';
import { type Published, publishedAs } from './published.ts';
import { writeReport } from './report/file.ts';

export interface CarryOut {
  fix: OpenFix;
  pass: Pass;
  /** One line naming the error. */
  error: string;
  /** Who lets it be published. */
  who: string;
  env: NodeJS.ProcessEnv;
  network: NetworkOptions;
}

export async function carryOut(bench: Workbench, work: CarryOut): Promise<Published | NotPublished> {
  const { fix, pass, error, who, network } = work;
  const { incident, fingerprint, round, branch } = fix;
  const { repository, db } = bench;
  const settings = fix.law.config.publish;
  const { signal } = network;
  const to = await destinationOf(bench, {
    ...{ incident, settings, branch, signal },
    base: fix.base.branch,
    env: work.env,
  });
  if (!('kind' in to)) return to;

  const proposal = subjectOf(fix, pass);
  const words = wordsOf(bench, proposal, error);
  const request = { incident, round, base: fix.base.commit, tree: pass.row.tree, title: words.title, error };
  const commit = await commitOf(bench, branch, { ...request, at: new Date(pass.row.at) });
  const madeHere = (id: string) => madeCommit(db, incident, round, id);
  const before = proposalOf(db, incident, round)?.status;
  const wasPushed = before === 'pushed' || before === 'pull_request';
  const ours: ProposalBranch = { incident, round, branch, commit, madeHere, wasPushed };
  const changes = await changesOf(bench, proposal);
  const look = async (): Promise<Others | NotPublished | undefined> => {
    if (to.kind !== 'pull_request') return undefined;
    const now = bench.now();
    const branchIsOurs = async () => {
      const tip = await remoteTip(repository, to.remote, branch, network);
      return tip.status === 'found' && madeHere(tip.commit);
    };
    return othersThan(to.github, { incident, fingerprint, round, branch, base: to.base, changes, now, branchIsOurs });
  };
  const others = await look();
  if (others && others.status !== 'clear') return others;
  const text = await proposalText(bench, proposal, { words, commit, changes, others });
  const leak = await leakIn(text, branch, { ...request, at: new Date(pass.row.at) });
  if (leak) return leak;
  await requireWaiting(bench, fix, 'nothing was published');

  const made = { branch, commit };
  const paused = whilePaused(bench, incident, work.env);
  if (paused) return paused;
  const written = await writeBranch(repository, ours);
  if (written.status === 'taken') return { ...taken(incident, written.why, branch, 'here'), branch };
  if (to.kind !== 'local') {
    const pushed = await push(bench, to, ours, { network, look });
    if (pushed) return { ...pushed, ...made };
  }
  let opened: OpenPullRequest | undefined;
  const reasons = draftReasons(proposal, settings, others);
  if (to.kind === 'pull_request') {
    await requireWaiting(bench, fix, `${branch} was pushed to ${to.remote}, and no pull request opened`);
    const pausedNow = whilePaused(bench, incident, work.env);
    if (pausedNow) return { ...pausedNow, ...made };
    const { label } = settings;
    const { title, body } = text;
    const draft = reasons.length > 0;
    const answer = await ensurePullRequest(to.github, {
      ...{ incident, round, branch, base: to.base },
      ...{ title, body, draft, label },
    });
    if (answer.status !== 'open') return { ...fromGitHub(answer, incident), ...made };
    opened = answer;
  }

  await writeReport(repository, incident, text.report);
  const row = saveProposal(db, {
    ...{ incident, round, branch, commit },
    ...words,
    tree: pass.row.tree,
    url: opened?.url ?? proposalOf(db, incident, round)?.url ?? null,
    base_branch: fix.base.branch,
    status: opened ? 'pull_request' : to.kind === 'local' ? 'branch' : 'pushed',
    at: bench.now().toISOString(),
  });
  await propose(bench, row, { who, to });
  return publishedAs(row, { to, opened, draft: opened?.draft ? reasons : [] });
}

/** The gate and the remote take their time, in which a person may decide otherwise. Throws UserError then. */
async function requireWaiting(bench: Workbench, fix: OpenFix, sofar: string): Promise<void> {
  const { incident, round } = fix;
  if (fix.lease?.lost())
    throw new UserError(`Another process works on ${incident} now; ${sofar}.`, 'Look at it there.', 'not_allowed');
  const now = await requireIncident(bench.incidents, incident);
  if (now.round === round && (now.status === 'verified' || now.status === 'awaiting_publish')) return;
  throw new UserError(
    `${incident} became ${now.status} meanwhile; ${sofar}.`,
    `Look at it with \`self-healing show ${incident}\`.`,
    'not_allowed',
  );
}

export function subjectOf(fix: OpenFix, { row }: Pass): ProposalSubject {
  const { incident, round, branch, base, warnings } = fix;
  return { incident, round, branch, base, row, warnings, testPaths: fix.law.config.tests.paths };
}

/** The commit that an earlier try made of this tree here, else a new one; either is known as ours before it leaves. */
async function commitOf(bench: Workbench, branch: string, request: CommitRequest): Promise<string> {
  const { incident, round } = request;
  const there = await reusableCommit(bench.repository, branch, request);
  if (there !== undefined && madeCommit(bench.db, incident, round, there)) return there;
  const commit = await makeCommit(bench.repository, request);
  rememberCommit(bench.db, { incident, round, commit, at: bench.now().toISOString() });
  return commit;
}

/** How often, and how far apart, a faster clone's pull request is looked for. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 1500;

async function push(
  bench: Workbench,
  to: Exclude<Destination, { kind: 'local' }>,
  ours: ProposalBranch,
  { network, look }: { network: NetworkOptions; look: () => Promise<Others | NotPublished | undefined> },
): Promise<NotPublished | undefined> {
  const { incident, branch } = ours;
  const again = approveAgain(incident);
  const result = await pushBranch(bench.repository, to.remote, ours, network);
  switch (result.status) {
    case 'pushed':
      return undefined;
    case 'unreachable':
      return unreachable(incident, result.why);
    case 'not_permitted':
      return {
        ...result,
        next: `Give whoever pushes to "${to.remote}" write access (a token needs contents: write), then ${again}.`,
      };
    case 'protected':
      return { ...result, next: `Let the remote's rules take branches named hotfix/auto-*, then ${again}.` };
    case 'taken':
      break;
    default:
      return result satisfies never;
  }
  if (!result.sameIncident || to.kind !== 'pull_request') return taken(incident, result.why, branch, 'on the remote');
  for (let looks = 1; looks <= LOOKS; looks++) {
    const others = await look();
    if (others && others.status !== 'clear') return others;
    if (looks < LOOKS) await to.github.sleep(LOOK_AGAIN_MS);
  }
  return racedBy(incident, branch, result.why);
}

function taken(incident: string, why: string, branch: string, where: string): NotPublished {
  return {
    status: 'taken',
    why,
    next: `Look at it; rename or delete ${branch} ${where}, then ${approveAgain(incident)}.`,
  };
}

async function propose(
  bench: Workbench,
  { incident, commit, branch, url }: Proposal,
  { who, to }: { who: string; to: Destination },
): Promise<void> {
  const pushed = to.kind === 'local' ? '' : `, pushed to ${to.remote}`;
  const why = `commit ${commit.slice(0, 12)} on ${branch}${pushed}${url === null ? '' : `, pull request ${url}`}`;
  const moved = await bench.incidents.transition({
    ...{ incident, who, why },
    to: 'proposed',
    from: ['verified', 'awaiting_publish'],
  });
  if (moved.ok) return;
  throw new UserError(
    `${incident} changed its state while it was published: ${why}.`,
    `Look at it with \`self-healing show ${incident}\`.`,
    'failed',
  );
}
