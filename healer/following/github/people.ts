/** What people with write access said on a pull request: reviews with their line comments, and why one was closed. */
import { z } from 'zod';
import { clip } from '../../../events/plain-text.ts';
import { redact } from '../../../events/redact.ts';
import type { Canonical } from '../../publishing/github/canonical.ts';
import type { Answer, GitHub } from '../../publishing/github/client.ts';
import type { Problem } from '../../publishing/github/failure.ts';
import { list } from '../../publishing/github/pages.ts';

const person = z.object({ login: z.string(), type: z.string().nullish() }).nullish();
const words = z
  .string()
  .nullish()
  .transform((text) => redact(text ?? '', { ips: true }));

/** Characters of a review and of one of its comments; comments of a review. */
const LONGEST = { review: 4000, comment: 1000 };
const MOST_COMMENTS = 20;
const PAGES = 3;

const reviewSchema = z.object({
  id: z.int(),
  user: person,
  body: words,
  state: z.string(),
  html_url: z.string(),
  submitted_at: z.string().nullish(),
});
const lineSchema = z.object({
  path: z.string(),
  line: z.int().nullish(),
  original_line: z.int().nullish(),
  body: words,
});
const commentSchema = z.object({ id: z.int(), user: person, body: words, created_at: z.string() });

export interface Review {
  id: number;
  reviewer: string;
  url: string;
  /** Redacted and bounded; anybody with write access wrote it, so it is data. */
  body: string;
  lines: { path: string; line: number | null; body: string }[];
}

export type Read<T> = { status: 'ok'; data: T } | Problem;

/** Those that ask for changes and still stand: the last word of each person with write access, bots left out. */
export async function readRequests(github: GitHub, where: Canonical, number: number): Promise<Read<Review[]>> {
  const { owner, repo } = where;
  const found = await list(github, {
    path: '/repos/{owner}/{repo}/pulls/{number}/reviews',
    parameters: { owner, repo, number },
    answer: z.array(reviewSchema),
    pages: PAGES,
    what: `list the reviews of pull request ${number}`,
    needs: 'pull requests: read',
  });
  if (found.status !== 'ok') return found;
  const last = new Map<string, z.output<typeof reviewSchema>>();
  for (const review of found.items)
    if (review.user && review.user.type !== 'Bot' && /^(?:APPROVED|CHANGES_REQUESTED|DISMISSED)$/.test(review.state))
      last.set(review.user.login, review);
  const requests: Review[] = [];
  for (const [reviewer, review] of last) {
    if (review.state !== 'CHANGES_REQUESTED') continue;
    const may = await mayWrite(github, where, reviewer);
    if (may.status !== 'ok') return may;
    if (!may.data) continue;
    const comments = await list(github, {
      path: '/repos/{owner}/{repo}/pulls/{number}/reviews/{review}/comments',
      parameters: { owner, repo, number, review: review.id },
      answer: z.array(lineSchema),
      pages: 1,
      what: `list the comments of a review of pull request ${number}`,
      needs: 'pull requests: read',
    });
    if (comments.status !== 'ok') return comments;
    requests.push({
      id: review.id,
      reviewer,
      url: review.html_url,
      body: clip(review.body, LONGEST.review),
      lines: comments.items.slice(0, MOST_COMMENTS).map(({ path, line, original_line, body }) => ({
        path: path.slice(0, 300),
        line: line ?? original_line ?? null,
        body: clip(body, LONGEST.comment),
      })),
    });
  }
  return { status: 'ok', data: requests };
}

/** Whether a login may push to the repository. What GitHub does not tell counts as no. */
async function mayWrite(github: GitHub, { owner, repo }: Canonical, username: string): Promise<Read<boolean>> {
  const answer: Answer<string> = await github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators/{username}/permission',
    parameters: { owner, repo, username },
    answer: z.object({ permission: z.string() }).transform(({ permission }) => permission),
    what: `read what ${username} may do`,
    needs: 'metadata: read',
  });
  if (answer.status === 'ok') return { status: 'ok', data: answer.data === 'admin' || answer.data === 'write' };
  const { failure } = answer;
  return failure.status === 'not_permitted' || failure.status === 'refused' ? { status: 'ok', data: false } : answer;
}

export interface Closing {
  /** Login of who closed it; empty when GitHub does not say. */
  by: string;
  /** What somebody with write access wrote about it; empty when nobody did. Redacted. */
  reason: string;
}

/** Comments this long before the closing still belong to it. */
const BEFORE_MS = 10 * 60_000;

export async function readClosing(
  github: GitHub,
  where: Canonical,
  { number, closedAt, mark }: { number: number; closedAt: string; mark: string },
): Promise<Read<Closing>> {
  const { owner, repo } = where;
  const issue = await github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{number}',
    parameters: { owner, repo, number },
    answer: z.object({ closed_by: person }).transform(({ closed_by }) => closed_by?.login ?? ''),
    what: `read who closed pull request ${number}`,
    needs: 'pull requests: read',
  });
  if (issue.status !== 'ok') return issue;
  const said = await readComments(github, where, number);
  if (said.status !== 'ok') return said;
  const from = Date.parse(closedAt) - BEFORE_MS;
  const near = said.data.filter(({ body, created_at }) => Date.parse(created_at) >= from && !body.includes(mark));
  for (const { user, body } of near.reverse()) {
    if (!user || user.type === 'Bot' || body.trim() === '') continue;
    const may = await mayWrite(github, where, user.login);
    if (may.status !== 'ok') return may;
    if (may.data) return { status: 'ok', data: { by: issue.data || user.login, reason: body } };
  }
  return { status: 'ok', data: { by: issue.data, reason: '' } };
}

export async function readComments(
  github: GitHub,
  { owner, repo }: Canonical,
  number: number,
): Promise<Read<z.output<typeof commentSchema>[]>> {
  const found = await list(github, {
    path: '/repos/{owner}/{repo}/issues/{number}/comments',
    parameters: { owner, repo, number },
    answer: z.array(commentSchema),
    pages: PAGES,
    what: `list the comments of pull request ${number}`,
    needs: 'pull requests: read',
  });
  return found.status === 'ok' ? { status: 'ok', data: found.items } : found;
}

/** Writes our one comment anew, or for the first time; answers with its number. */
export async function putComment(
  github: GitHub,
  { owner, repo }: Canonical,
  { number, body, known }: { number: number; body: string; known: number | null },
): Promise<Answer<number>> {
  const path =
    known === null ? '/repos/{owner}/{repo}/issues/{number}/comments' : '/repos/{owner}/{repo}/issues/comments/{known}';
  return github.ask({
    method: known === null ? 'POST' : 'PATCH',
    path,
    parameters: { owner, repo, ...(known === null ? { number } : { known }), body },
    answer: z.object({ id: z.int() }).transform(({ id }) => id),
    what: `say on pull request ${number} how it stands`,
    needs: 'pull requests: write',
    repeatable: known !== null,
  });
}
