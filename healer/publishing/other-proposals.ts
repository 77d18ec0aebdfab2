/**
 * What others propose already, looked at before anything is pushed. An open pull request for the same incident that is not
 * ours ends the publishing: one error, one pull request. Everything else is named in the report.
 */
import type { Change } from '../../gate/changes.ts';
import type { GitHub } from './github/client.ts';
import type { PullRequest } from './github/pull-requests.ts';
import { findRelated } from './github/related.ts';
import { approveAgain, fromGitHub, type NotPublished } from './publish-states.ts';
import type { RelatedProposal } from './report/facts.ts';

export interface OthersRequest {
  incident: string;
  fingerprint: string;
  round: number;
  branch: string;
  base: string;
  changes: readonly Change[];
  now: Date;
  /** Whether the branch on the remote holds a commit that this machine made for this round. */
  branchIsOurs(): Promise<boolean>;
}

export interface Others {
  status: 'clear';
  related: RelatedProposal[];
  /** An open pull request changes the same files: a person decides which goes first. */
  overlap: boolean;
  /** What was not looked at. */
  notes: string[];
}

const RECENT_MS = 30 * 24 * 3600 * 1000;

export async function othersThan(github: GitHub, request: OthersRequest): Promise<Others | NotPublished> {
  const { incident, fingerprint, round, branch, base, changes, now } = request;
  const files = changes.filter(({ kind }) => kind === 'source').map(({ path }) => path);
  const since = new Date(now.getTime() - RECENT_MS);
  const found = await findRelated(github, { incident, round, fingerprint, branch, base, files, since });
  if (found.status !== 'found') return fromGitHub(found, incident);
  const { own, same, overlapping, commits, notes } = found;
  if (own && !(await request.branchIsOurs())) return alreadyProposed(incident, own);
  // A trailer in somebody's fork proves nothing: it is shown to the reviewer, and stops nobody.
  const open = same.find((one) => one.state === 'open' && one.fromHere);
  if (open) return alreadyProposed(incident, open);

  const named = ({ url, title, state }: PullRequest) => ({ url, title, state });
  return {
    status: 'clear',
    related: [
      ...same.map((one) => ({ ...named(one), why: 'same incident' as const })),
      ...commits.map(({ url, title }) => ({ url, title, state: `on ${base}`, why: 'same incident' as const })),
      ...overlapping.map((one) => ({ ...named(one), why: 'same files' as const, files: one.files })),
    ],
    overlap: overlapping.length > 0 || same.some(({ state }) => state === 'open'),
    notes,
  };
}

function alreadyProposed(incident: string, { number, url, branch }: PullRequest): NotPublished {
  return {
    status: 'already_proposed',
    why: `pull request ${number} of the branch ${branch} proposes a fix of ${incident} already`,
    next: `Review ${url}. Should it be closed unmerged, ${approveAgain(incident)} publishes this fix.`,
    url,
  };
}

/** While another clone has pushed and not opened its pull request yet: what it will be known by. */
export function racedBy(incident: string, branch: string, why: string): NotPublished {
  return {
    status: 'already_proposed',
    why: `${why}; its pull request is not open yet`,
    next: `Wait for that pull request. Should it never come, delete the branch ${branch} on the remote, then ${approveAgain(incident)}.`,
  };
}
