/** What people do on a pull request of the loopback GitHub: reviews, comments, who may write, merging; and the checks of a commit. */
import type { Needs } from './loopback-access.ts';
import { mergeOnRemote, tipsOf } from './loopback-git.ts';
import type { LoopbackPull, PullState } from './loopback-pulls.ts';
import { created, ok, type Reply, refusal } from './loopback-reply.ts';
import type { Official } from './official.ts';

export interface LoopbackReview {
  id: number;
  number: number;
  user: string;
  type?: 'User' | 'Bot';
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  body: string;
  lines?: { path: string; line: number; body: string }[];
}

export interface LoopbackComment {
  id: number;
  number: number;
  user: string;
  body: string;
  created_at: string;
}

export interface LoopbackCheck {
  /** That of its job for GitHub Actions. */
  id: number;
  commit: string;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'timed_out' | 'cancelled' | 'neutral' | null;
  app?: string;
  summary?: string;
}

export interface ReviewState extends PullState {
  reviews: LoopbackReview[];
  comments: LoopbackComment[];
  /** By login; whoever is not named has none. */
  permissions: Record<string, 'admin' | 'write' | 'read'>;
  checks: LoopbackCheck[];
  statuses: { commit: string; context: string; state: 'success' | 'failure' | 'error' | 'pending' }[];
  /** How the repository lets pull requests be merged. */
  allowed: { merge: boolean; rebase: boolean; squash: boolean };
}

interface Call {
  state: ReviewState;
  holder: { login: string };
  input: Record<string, unknown>;
  parts: string[];
  now: string;
}

interface ReviewRoute {
  name: string;
  pattern: RegExp;
  needs: Needs;
  run(call: Call): Reply;
}

const missing = () => refusal(404, 'Not Found');

export const REVIEW_ROUTES: ReviewRoute[] = [
  {
    name: 'GET /branches/{branch}',
    pattern: /^\/branches\/([^/]+)$/,
    needs: ['contents=read'],
    run: ({ state, parts }) => {
      const name = decodeURIComponent(parts[0] ?? '');
      const sha = tipsOf(state.git).get(name);
      if (sha === undefined) return refusal(404, 'Branch not found');
      return ok({ name, commit: { sha } } satisfies Official<'GET /repos/{owner}/{repo}/branches/{branch}'>);
    },
  },
  {
    name: 'GET /pulls/{number}/reviews',
    pattern: /^\/pulls\/(\d+)\/reviews$/,
    needs: ['pull_requests=read'],
    run: ({ state, parts }) =>
      ok(
        state.reviews
          .filter(({ number }) => String(number) === parts[0])
          .map((one): Official<'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews'>[number] => ({
            id: one.id,
            user: { login: one.user, type: one.type ?? 'User' },
            body: one.body,
            state: one.state,
            html_url: `${state.webUrl}/${state.owner}/${state.name}/pull/${one.number}#pullrequestreview-${one.id}`,
          })),
      ),
  },
  {
    name: 'GET /pulls/{number}/reviews/{review}/comments',
    pattern: /^\/pulls\/(\d+)\/reviews\/(\d+)\/comments$/,
    needs: ['pull_requests=read'],
    run: ({ state, parts }) => {
      const review = state.reviews.find(({ id }) => String(id) === parts[1]);
      return ok(review?.lines ?? []);
    },
  },
  {
    name: 'GET /collaborators/{username}/permission',
    pattern: /^\/collaborators\/([^/]+)\/permission$/,
    needs: ['metadata=read'],
    run: ({ state, parts }) => {
      const permission = state.permissions[decodeURIComponent(parts[0] ?? '')];
      if (permission === undefined) return refusal(404, `${parts[0]} is not a user`);
      return ok({ permission } satisfies Official<'GET /repos/{owner}/{repo}/collaborators/{username}/permission'>);
    },
  },
  {
    name: 'GET /issues/{number}',
    pattern: /^\/issues\/(\d+)$/,
    needs: ['issues=read', 'pull_requests=read'],
    run: ({ state, parts }) => {
      const pull = pullOf(state, parts[0]);
      if (pull === undefined) return missing();
      const closed_by = pull.closed_by ? { login: pull.closed_by, type: 'User' } : null;
      return ok({
        number: pull.number,
        closed_by,
      } satisfies Official<'GET /repos/{owner}/{repo}/issues/{issue_number}'>);
    },
  },
  {
    name: 'GET /issues/{number}/comments',
    pattern: /^\/issues\/(\d+)\/comments$/,
    needs: ['issues=read', 'pull_requests=read'],
    run: ({ state, parts }) =>
      ok(state.comments.filter(({ number }) => String(number) === parts[0]).map(shapeOfComment)),
  },
  {
    name: 'POST /issues/{number}/comments',
    pattern: /^\/issues\/(\d+)\/comments$/,
    needs: ['issues=write', 'pull_requests=write'],
    run: ({ state, holder, input, parts, now }) => {
      const comment: LoopbackComment = {
        id: 700 + state.comments.length,
        number: Number(parts[0]),
        user: holder.login,
        body: String(input.body),
        created_at: now,
      };
      state.comments.push(comment);
      return created(shapeOfComment(comment));
    },
  },
  {
    name: 'PATCH /issues/comments/{id}',
    pattern: /^\/issues\/comments\/(\d+)$/,
    needs: ['issues=write', 'pull_requests=write'],
    run: ({ state, input, parts }) => {
      const comment = state.comments.find(({ id }) => String(id) === parts[0]);
      if (comment === undefined) return missing();
      comment.body = String(input.body);
      return ok(shapeOfComment(comment));
    },
  },
  {
    name: 'GET /commits/{sha}/check-runs',
    pattern: /^\/commits\/([0-9a-f]{40})\/check-runs$/,
    needs: ['checks=read'],
    run: ({ state, parts }) => {
      const check_runs = state.checks
        .filter(({ commit }) => commit === parts[0])
        .map(
          (one): NonNullable<Official<'GET /repos/{owner}/{repo}/commits/{ref}/check-runs'>['check_runs']>[number] => ({
            id: one.id,
            name: one.name,
            status: one.status,
            conclusion: one.conclusion,
            html_url: `${state.webUrl}/${state.owner}/${state.name}/runs/${one.id}`,
            app: { slug: one.app ?? 'github-actions' },
            output: { title: null, summary: one.summary ?? null },
          }),
        );
      return ok({ total_count: check_runs.length, check_runs });
    },
  },
  {
    name: 'GET /commits/{sha}/status',
    pattern: /^\/commits\/([0-9a-f]{40})\/status$/,
    needs: ['contents=read'],
    run: ({ state, parts }) => {
      const statuses = state.statuses
        .filter(({ commit }) => commit === parts[0])
        .map(({ context, state: how }) => ({ context, state: how, target_url: null, description: null }));
      return ok({ state: 'pending', statuses } satisfies Official<'GET /repos/{owner}/{repo}/commits/{ref}/status'>);
    },
  },
  {
    name: 'PUT /pulls/{number}/merge',
    pattern: /^\/pulls\/(\d+)\/merge$/,
    needs: ['contents=write'],
    run: ({ state, holder, input, parts, now }) => {
      const pull = pullOf(state, parts[0]);
      if (pull === undefined) return missing();
      const head = tipsOf(state.git).get(pull.branch);
      if (input.sha !== head) return refusal(409, 'Head branch was modified. Review and try the merge again.');
      if (pull.state !== 'open' || pull.draft) return refusal(405, 'Pull Request is not mergeable');
      const method = input.merge_method === 'squash' || input.merge_method === 'rebase' ? input.merge_method : 'merge';
      if (!state.allowed[method]) return refusal(405, `${method} is not allowed on this repository.`);
      const message = typeof input.commit_message === 'string' ? input.commit_message : undefined;
      const sha = mergePullAs(state, pull, { by: holder.login, method, now, message });
      if (sha === undefined) return refusal(405, 'Pull Request is not mergeable');
      return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
    },
  },
];

function pullOf({ pulls }: PullState, number: string | undefined): LoopbackPull | undefined {
  return pulls.find((pull) => String(pull.number) === number);
}

function shapeOfComment({ id, user, body, created_at }: LoopbackComment) {
  return {
    ...{ id, body, created_at },
    user: { login: user, type: 'User' },
  } satisfies Official<'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'>[number];
}

/** As the button does it; undefined where git finds a conflict. Answers with the commit on the base. */
export function mergePullAs(
  state: PullState,
  pull: LoopbackPull,
  how: { by: string; method: 'merge' | 'squash' | 'rebase'; now: string; message?: string | undefined },
): string | undefined {
  const head = tipsOf(state.git).get(pull.branch);
  const sha = mergeOnRemote(state.git, {
    ...how,
    base: pull.base,
    branch: pull.branch,
    title: `${pull.title} (#${pull.number})`,
  });
  if (sha === undefined) return undefined;
  Object.assign(pull, {
    state: 'closed',
    merged_at: how.now,
    closed_at: how.now,
    updated_at: how.now,
    merged_by: how.by,
    merge_commit_sha: sha,
    head_sha: head,
  });
  return sha;
}
