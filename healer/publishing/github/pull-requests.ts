/** Pull requests as GitHub tells of them, reduced to what we go by. */
import { z } from 'zod';
import { oneLine } from '../report/quote.ts';
import type { Canonical } from './canonical.ts';
import type { GitHub } from './client.ts';
import { type List, list } from './pages.ts';
import { type Trailer, trailersIn } from './trailer.ts';

export interface PullRequest {
  number: number;
  url: string;
  /** Of others, on one line: quote it before it is shown. */
  title: string;
  state: 'open' | 'closed' | 'merged';
  draft: boolean;
  /** Login of who opened it; empty when the account is gone. */
  author: string;
  /** Name of its branch, without the owner. */
  branch: string;
  base: string;
  /** Its branch lies in this very repository, where only people with write access can push. */
  fromHere: boolean;
  /** Our trailers in its body; anybody can write those. */
  trailers: Trailer[];
}

/** With what only this folder needs. */
export interface PullRequestDetails extends PullRequest {
  body: string;
  labels: string[];
  /** ISO 8601. */
  createdAt: string;
  updatedAt: string;
  /** Closed or merged; empty while it is open. */
  closedAt: string;
}

const payload = z.object({
  number: z.number().int(),
  html_url: z.string(),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().default(false),
  body: z.string().nullish(),
  merged_at: z.string().nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
  labels: z.array(z.object({ name: z.string() })).default([]),
  // The repository is null when the fork that the branch lies in is gone.
  head: z.object({ ref: z.string(), repo: z.object({ full_name: z.string() }).nullish() }),
  base: z.object({ ref: z.string() }),
});

export function pullRequestIn({ owner, repo }: Canonical): z.ZodType<PullRequestDetails> {
  const here = `${owner}/${repo}`;
  return payload.transform((one) => ({
    number: one.number,
    url: one.html_url,
    title: oneLine(one.title),
    state: one.merged_at ? 'merged' : one.state,
    draft: one.draft,
    author: one.user?.login ?? '',
    branch: one.head.ref,
    base: one.base.ref,
    fromHere: one.head.repo?.full_name === here,
    trailers: trailersIn(one.body ?? ''),
    body: one.body ?? '',
    labels: one.labels.map(({ name }) => name),
    createdAt: one.created_at,
    updatedAt: one.updated_at,
    closedAt: one.closed_at ?? '',
  }));
}

export interface Listed {
  state: 'open' | 'closed' | 'all';
  /** Only of this branch of the repository itself. */
  branch?: string;
  /** ISO 8601: those changed before are left out. */
  since?: string;
  pages: number;
}

/** Newest change first. */
export function pullRequests(github: GitHub, where: Canonical, wanted: Listed): Promise<List<PullRequestDetails>> {
  const { branch, since } = wanted;
  return list(github, {
    path: '/repos/{owner}/{repo}/pulls',
    parameters: {
      owner: where.owner,
      repo: where.repo,
      state: wanted.state,
      sort: 'updated',
      direction: 'desc',
      // Without the owner GitHub ignores the filter and answers with everything.
      head: branch === undefined ? undefined : `${where.owner}:${branch}`,
    },
    answer: z.array(pullRequestIn(where)),
    pages: wanted.pages,
    what: 'list pull requests',
    needs: 'pull requests: read',
    ...(since === undefined ? {} : { until: (one) => one.updatedAt < since }),
  });
}

/** Those whose branch is exactly this one of this repository: GitHub's filter alone lets others pass. */
export async function pullRequestsOf(
  github: GitHub,
  where: Canonical,
  branch: string,
): Promise<List<PullRequestDetails>> {
  const found = await pullRequests(github, where, { state: 'all', branch, pages: 3 });
  if (found.status !== 'ok') return found;
  return { ...found, items: found.items.filter((one) => one.fromHere && one.branch === branch) };
}

/** Without what only this folder needs. */
export function shown(pull: PullRequestDetails): PullRequest {
  const { body: _body, labels: _labels, createdAt: _created, updatedAt: _updated, closedAt: _closed, ...rest } = pull;
  return rest;
}
