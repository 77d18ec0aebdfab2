/** Which request the loopback GitHub answers how, and which permission GitHub's reference names for it. */
import type { LoopbackToken, Needs } from './loopback-access.ts';
import { CI_ROUTES, type CiState } from './loopback-ci.ts';
import { commitsOf, type LoopbackCommit } from './loopback-git.ts';
import {
  createPull,
  filesOf,
  listPulls,
  type PullInput,
  type PullState,
  shapeOfPull,
  updatePull,
} from './loopback-pulls.ts';
import { created, invalid, ok, page, type Reply, refusal } from './loopback-reply.ts';
import { REVIEW_ROUTES, type ReviewState } from './loopback-review.ts';
import type { Official } from './official.ts';

export interface LoopbackState extends ReviewState {
  ci: CiState;
  id: number;
  labels: string[];
  /** A public one can be read by everybody. */
  private: boolean;
  archived: boolean;
  /** `owner/name` of before; requests to them are redirected. */
  formerNames: string[];
}

export interface Call {
  state: LoopbackState;
  holder: LoopbackToken;
  /** The address of the list itself, for its links. */
  path: string;
  query: URLSearchParams;
  input: PullInput & Record<string, unknown>;
  /** The part of the path that the route's pattern leaves open. */
  part: string;
  /** All such parts. */
  parts: string[];
  now: string;
}

export interface Route {
  /** Below the repository, as tests name it. */
  name: string;
  pattern: RegExp;
  needs: Needs;
  run(call: Call): Reply;
}

const LABEL_DOCS = 'https://docs.github.com/rest/issues/labels#create-a-label';

function withPull(call: Call, run: (pull: PullState['pulls'][number]) => Reply): Reply {
  const pull = call.state.pulls.find(({ number }) => String(number) === call.part);
  return pull === undefined ? refusal(404, 'Not Found') : run(pull);
}

function shapeOfLabel(name: string): Official<'GET /repos/{owner}/{repo}/labels/{name}'> {
  return { name, color: 'ededed', default: false, description: null };
}

/** Labels are the same whatever the case. */
function labelNamed({ labels }: LoopbackState, name: string): string | undefined {
  return labels.find((label) => label.toLowerCase() === name.toLowerCase());
}

export const ROUTES: Route[] = [
  ...CI_ROUTES,
  ...REVIEW_ROUTES,
  {
    name: 'GET /',
    pattern: /^$/,
    needs: ['metadata=read'],
    run: ({ state }) =>
      ok({
        allow_merge_commit: state.allowed.merge,
        allow_rebase_merge: state.allowed.rebase,
        allow_squash_merge: state.allowed.squash,
        id: state.id,
        name: state.name,
        full_name: `${state.owner}/${state.name}`,
        private: state.private,
        owner: { login: state.owner, type: 'Organization' },
        html_url: `${state.webUrl}/${state.owner}/${state.name}`,
        default_branch: 'main',
        archived: state.archived,
        permissions: { admin: false, push: true, pull: true },
      } satisfies Official<'GET /repos/{owner}/{repo}'>),
  },
  {
    name: 'GET /pulls',
    pattern: /^\/pulls$/,
    needs: ['pull_requests=read'],
    run: ({ state, query, path }) => listPulls(state, query, path),
  },
  {
    name: 'POST /pulls',
    pattern: /^\/pulls$/,
    needs: ['pull_requests=write'],
    run: ({ state, holder, input, now }) => {
      if (holder.kind === 'workflow' && !holder.mayOpenPulls)
        return refusal(403, 'GitHub Actions is not permitted to create or approve pull requests.');
      return createPull(state, input, holder.login, now);
    },
  },
  {
    name: 'GET /pulls/{number}',
    pattern: /^\/pulls\/(\d+)$/,
    needs: ['pull_requests=read'],
    run: (call) => withPull(call, (pull) => ok(shapeOfPull(call.state, pull))),
  },
  {
    name: 'PATCH /pulls/{number}',
    pattern: /^\/pulls\/(\d+)$/,
    needs: ['pull_requests=write'],
    run: (call) => withPull(call, (pull) => updatePull(call.state, pull, call.input, call.now)),
  },
  {
    name: 'GET /pulls/{number}/files',
    pattern: /^\/pulls\/(\d+)\/files$/,
    needs: ['pull_requests=read'],
    run: (call) => withPull(call, (pull) => filesOf(call.state, pull, call.path, call.query)),
  },
  {
    name: 'GET /commits',
    pattern: /^\/commits$/,
    needs: ['contents=read'],
    run: ({ state, query, path }) => {
      const found = commitsOf(state.git, query.get('sha') ?? 'main', query.get('since'));
      if (found === undefined) return refusal(404, 'Not Found');
      const shape = ({ sha, message, date }: LoopbackCommit): Official<'GET /repos/{owner}/{repo}/commits/{ref}'> => ({
        sha,
        html_url: `${state.webUrl}/${state.owner}/${state.name}/commit/${sha}`,
        commit: { message, committer: { date } },
      });
      return page(found, path, query, shape);
    },
  },
  {
    name: 'GET /labels/{name}',
    pattern: /^\/labels\/([^/]+)$/,
    needs: ['issues=read', 'pull_requests=read'],
    run: ({ state, part }) => {
      const name = labelNamed(state, decodeURIComponent(part));
      return name === undefined ? refusal(404, 'Not Found') : ok(shapeOfLabel(name));
    },
  },
  {
    name: 'POST /labels',
    pattern: /^\/labels$/,
    needs: ['issues=write', 'pull_requests=write'],
    run: ({ state, input: { name, color } }) => {
      if (typeof name !== 'string')
        return invalid(LABEL_DOCS, { resource: 'Label', code: 'missing_field', field: 'name' });
      if (!/^[0-9a-f]{6}$/i.test(String(color)))
        return invalid(LABEL_DOCS, { resource: 'Label', code: 'invalid', field: 'color' });
      if (labelNamed(state, name) !== undefined)
        return invalid(LABEL_DOCS, { resource: 'Label', code: 'already_exists', field: 'name' });
      state.labels.push(name);
      return created(shapeOfLabel(name));
    },
  },
  {
    name: 'POST /issues/{number}/labels',
    pattern: /^\/issues\/(\d+)\/labels$/,
    needs: ['issues=write', 'pull_requests=write'],
    run: (call) =>
      withPull(call, (pull) => {
        const names = Array.isArray(call.input.labels) ? call.input.labels.map(String) : [];
        for (const name of names) {
          const label = labelNamed(call.state, name) ?? name;
          if (!call.state.labels.includes(label)) call.state.labels.push(label); // GitHub makes missing ones itself
          if (!pull.labels.includes(label)) pull.labels.push(label);
        }
        return ok(pull.labels.map(shapeOfLabel));
      }),
  },
];
