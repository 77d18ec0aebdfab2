/**
 * What is there already before a fix is proposed: our own pull request, others for the same incident, others that change
 * the same files, and commits on the base that healed it.
 *
 * Everything is listed, never searched: GitHub's search index lags behind by seconds to minutes, so a pull request
 * opened a moment ago by another machine would not be in it, and that is the very one that matters.
 */
import { z } from 'zod';
import { oneLine } from '../report/quote.ts';
import { type Canonical, canonical } from './canonical.ts';
import type { GitHub } from './client.ts';
import type { GitHubFailure } from './failure.ts';
import { overlapping } from './overlap.ts';
import { list } from './pages.ts';
import { type PullRequest, type PullRequestDetails, pullRequests, pullRequestsOf, shown } from './pull-requests.ts';
import { trailersIn } from './trailer.ts';

export interface RelatedRequest {
  incident: string;
  round: number;
  /** 16 hex digits. */
  fingerprint: string;
  branch: string;
  base: string;
  /** Source files of the fix, relative to the repository. */
  files: string[];
  /** What was closed, merged or committed before counts no more; 30 days ago is recent. */
  since: Date;
}

export interface Related {
  status: 'found';
  /** Open, from exactly our branch of this repository. Its trailers tell whether we or a person wrote it. */
  own?: PullRequest;
  /**
   * Open, or closed or merged since, with the trailer of this incident in any round, or from a branch of this repository
   * that bears its fingerprint. A trailer in somebody's fork proves nothing: see `fromHere`.
   */
  same: PullRequest[];
  /** Open ones of anybody that change one of the files; without those in `own` and `same`. */
  overlapping: (PullRequest & { files: string[] })[];
  /** On the base, newest first, with the trailer of this incident. */
  commits: { sha: string; title: string; url: string }[];
  /** What was not looked at because there is too much of it, in sentences. Empty when everything was. */
  notes: string[];
}

/** 1,000 open and 1,000 recently closed pull requests, 500 commits. */
const PAGES = { open: 10, closed: 10, commits: 5 };

export async function findRelated(github: GitHub, request: RelatedRequest): Promise<Related | GitHubFailure> {
  const since = seconds(request.since);
  const where = await canonical(github);
  if (where.status !== 'ok') return where.failure;
  const ofBranch = await pullRequestsOf(github, where.data, request.branch);
  if (ofBranch.status !== 'ok') return ofBranch.failure;
  const open = await pullRequests(github, where.data, { state: 'open', pages: PAGES.open });
  if (open.status !== 'ok') return open.failure;
  // Closing and merging are changes: ordered by the last change, none of the recent ones comes after an older one.
  const closed = await pullRequests(github, where.data, { state: 'closed', since, pages: PAGES.closed });
  if (closed.status !== 'ok') return closed.failure;
  const commits = await healingCommits(github, where.data, request);
  if (commits.status !== 'ok') return commits.failure;

  const own = ofBranch.items.find(({ state }) => state === 'open');
  const others = distinct([...ofBranch.items, ...open.items, ...closed.items]).filter(
    ({ number, state, closedAt }) => number !== own?.number && (state === 'open' || closedAt >= since),
  );
  const same = others.filter((one) => isSame(one, request));
  const candidates = others.filter((one) => one.state === 'open' && !same.includes(one));
  const overlap = await overlapping(github, where.data, { candidates, files: request.files, base: request.base });
  if (overlap.status !== 'ok') return overlap.failure;

  const notes = [
    ...(open.cut ? [`Only the ${open.items.length} open pull requests changed last were looked at.`] : []),
    ...(closed.cut ? [`Only the ${closed.items.length} pull requests closed last were looked at.`] : []),
    ...(commits.cut ? [`Only the last ${PAGES.commits * 100} commits of ${request.base} were looked at.`] : []),
    ...overlap.notes,
  ];
  return {
    status: 'found',
    ...(own === undefined ? {} : { own: shown(own) }),
    same: same.map(shown),
    overlapping: overlap.items.map(({ files, ...one }) => ({ ...shown(one), files })),
    commits: commits.items,
    notes,
  };
}

function isSame(one: PullRequestDetails, { incident, fingerprint }: RelatedRequest): boolean {
  if (one.trailers.some((trailer) => trailer.incident === incident)) return true;
  const named = `hotfix/auto-${fingerprint}`;
  return (
    one.fromHere &&
    (one.branch === named || (/^-\d+$/.test(one.branch.slice(named.length)) && one.branch.startsWith(named)))
  );
}

/** GitHub's times have no fractions of a second; written alike, they are ordered like their texts. */
function seconds(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A list that changes while it is read shows some entries twice. */
function distinct(items: PullRequestDetails[]): PullRequestDetails[] {
  return [...new Map(items.map((one) => [one.number, one])).values()];
}

const commit = z.object({ sha: z.string(), html_url: z.string(), commit: z.object({ message: z.string() }) });

async function healingCommits(github: GitHub, where: Canonical, { base, incident, since }: RelatedRequest) {
  const found = await list(github, {
    path: '/repos/{owner}/{repo}/commits',
    parameters: { owner: where.owner, repo: where.repo, sha: base, since: seconds(since) },
    answer: z.array(commit),
    pages: PAGES.commits,
    what: `list the commits of ${base}`,
    needs: 'contents: read',
  });
  if (found.status !== 'ok') return found;
  const ours = found.items.filter(({ commit: { message } }) =>
    trailersIn(message).some((trailer) => trailer.incident === incident),
  );
  const items = ours.map(({ sha, html_url, commit: { message } }) => ({
    sha,
    title: oneLine(message.split('\n')[0] ?? ''),
    url: html_url,
  }));
  return { ...found, items };
}
