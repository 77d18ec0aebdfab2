/** A pull request of ours as GitHub has it now, and the tip of the branch that it is for. */
import { z } from 'zod';
import type { Canonical } from '../../publishing/github/canonical.ts';
import type { Answer, GitHub } from '../../publishing/github/client.ts';

const person = z.object({ login: z.string(), type: z.string().nullish() }).nullish();

const pullSchema = z
  .object({
    number: z.int(),
    html_url: z.string(),
    state: z.enum(['open', 'closed']),
    draft: z.boolean().default(false),
    merged_at: z.string().nullish(),
    merged_by: person,
    merge_commit_sha: z.string().nullish(),
    /** Null while GitHub works it out. */
    mergeable_state: z.string().nullish(),
    closed_at: z.string().nullish(),
    head: z.object({ sha: z.string() }),
    base: z.object({ ref: z.string() }),
  })
  .transform((one) => ({
    number: one.number,
    url: one.html_url,
    state: one.merged_at ? ('merged' as const) : one.state,
    draft: one.draft,
    mergedAt: one.merged_at ?? '',
    mergedBy: one.merged_by?.login ?? '',
    mergeCommit: one.merge_commit_sha ?? '',
    mergeable: one.mergeable_state ?? 'unknown',
    closedAt: one.closed_at ?? '',
    head: one.head.sha,
    base: one.base.ref,
  }));
export type Pull = z.output<typeof pullSchema>;

export function readPull(github: GitHub, { owner, repo }: Canonical, number: number): Promise<Answer<Pull>> {
  return github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{number}',
    parameters: { owner, repo, number },
    answer: pullSchema,
    what: `read pull request ${number}`,
    needs: 'pull requests: read',
  });
}

export function readTip(github: GitHub, { owner, repo }: Canonical, branch: string): Promise<Answer<string>> {
  return github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches/{branch}',
    parameters: { owner, repo, branch },
    answer: z.object({ commit: z.object({ sha: z.string() }) }).transform(({ commit }) => commit.sha),
    what: `read the branch ${branch}`,
    needs: 'contents: read',
  });
}

/** In the order in which we use what the repository allows: the first keeps the very commit that was proven. */
const METHODS = ['merge', 'rebase', 'squash'] as const;

const allowedSchema = z
  .object({
    allow_merge_commit: z.boolean().default(true),
    allow_rebase_merge: z.boolean().default(false),
    allow_squash_merge: z.boolean().default(false),
  })
  .transform((one) => [one.allow_merge_commit, one.allow_rebase_merge, one.allow_squash_merge]);

/** Merges exactly the commit `head`; GitHub refuses when the branch holds another one. Answers with the merged commit. */
export async function mergePull(
  github: GitHub,
  { owner, repo }: Canonical,
  { number, head, message }: { number: number; head: string; message: string },
): Promise<Answer<string>> {
  const allowed = await github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    parameters: { owner, repo },
    answer: allowedSchema,
    what: `read the repository ${owner}/${repo}`,
    needs: 'metadata: read',
  });
  if (allowed.status !== 'ok') return allowed;
  const method = METHODS.find((_, index) => allowed.data[index]) ?? 'merge';
  return github.ask({
    method: 'PUT',
    path: '/repos/{owner}/{repo}/pulls/{number}/merge',
    // A squash has a message of its own, which must hold the trailers by which it is known again.
    parameters: {
      owner,
      repo,
      number,
      sha: head,
      merge_method: method,
      ...(method === 'squash' && { commit_message: message }),
    },
    answer: z.object({ sha: z.string() }).transform(({ sha }) => sha),
    what: `merge pull request ${number}`,
    needs: 'contents: write',
  });
}
