/**
 * Pull requests of the loopback GitHub. What is checked, in which order, and the bodies of the refusals follow GitHub's
 * reference "REST API endpoints for pull requests" and recorded answers (google/go-github#1441, gm3dmo/the-power#175,
 * spdx/spdx-online-tools#425, SWE-agent/SWE-agent#179, renovatebot/renovate#2032).
 */
import { ahead, changedFiles, type LoopbackFile, tipsOf } from './loopback-git.ts';
import { created, invalid, type Objection, ok, page, type Reply, refusal } from './loopback-reply.ts';
import type { Official } from './official.ts';

export interface LoopbackPull {
  number: number;
  title: string;
  body: string | null;
  draft: boolean;
  state: 'open' | 'closed';
  merged_at: string | null;
  closed_at: string | null;
  created_at: string;
  updated_at: string;
  author: string;
  branch: string;
  /** `owner/name` where the branch lies; null when that fork is gone. */
  from: string | null;
  base: string;
  labels: string[];
  merged_by?: string;
  merge_commit_sha?: string | null;
  closed_by?: string;
  /** What GitHub says of merging it; default `clean`. */
  mergeable_state?: string;
  /** The branch's last commit, once the branch may be gone. */
  head_sha?: string;
  /** Instead of what git says, for branches of forks. */
  files?: LoopbackFile[];
}

export interface PullState {
  /** Folder of the bare repository. */
  git: string;
  owner: string;
  name: string;
  webUrl: string;
  pulls: LoopbackPull[];
  draftsSupported: boolean;
}

export interface PullInput {
  title?: unknown;
  body?: unknown;
  head?: unknown;
  base?: unknown;
  draft?: unknown;
  state?: unknown;
}

const DOCS = 'https://docs.github.com/rest/pulls/pulls';

export function shapeOfPull(state: PullState, pull: LoopbackPull, tips = tipsOf(state.git)) {
  const { author, branch, from, base, labels, files: _files, merged_by, closed_by: _by, head_sha, ...rest } = pull;
  const described: Official<'GET /repos/{owner}/{repo}/pulls/{pull_number}'> = {
    ...rest,
    merge_commit_sha: pull.merge_commit_sha ?? null,
    mergeable_state: pull.mergeable_state ?? 'clean',
    merged_by: merged_by === undefined ? null : { login: merged_by, type: 'User' },
    id: 1_000_000 + pull.number,
    html_url: `${state.webUrl}/${state.owner}/${state.name}/pull/${pull.number}`,
    locked: false,
    user: { login: author, type: 'User' },
    labels: labels.map((name) => ({ name, color: 'ededed' })),
    head: {
      label: `${from?.split('/')[0] ?? 'unknown'}:${branch}`,
      ref: branch,
      sha: head_sha ?? tips.get(branch) ?? '0'.repeat(40),
      repo: { full_name: from ?? '', fork: from !== here(state) },
    },
    base: {
      label: `${state.owner}:${base}`,
      ref: base,
      sha: tips.get(base) ?? '0'.repeat(40),
      repo: { full_name: here(state), fork: false },
    },
  };
  // The description knows no such case, but pull requests outlive their forks, and then this is null.
  return from === null ? { ...described, head: { ...described.head, repo: null } } : described;
}

export function here({ owner, name }: PullState): string {
  return `${owner}/${name}`;
}

export function listPulls(state: PullState, query: URLSearchParams, path: string): Reply {
  const wanted = query.get('state') ?? 'open';
  const [headOwner, headBranch] = (query.get('head') ?? '').split(':');
  const sort = query.get('sort') === 'updated' ? 'updated_at' : 'created_at';
  // Only without `sort`, or by creation, the newest come first by themselves.
  const descending = (query.get('direction') ?? (sort === 'created_at' ? 'desc' : 'asc')) === 'desc';
  const found = state.pulls
    .filter((pull) => wanted === 'all' || pull.state === wanted)
    // A head without its owner is no filter at all.
    .filter((pull) => !headBranch || (pull.branch === headBranch && pull.from?.split('/')[0] === headOwner))
    .filter((pull) => query.get('base') === null || pull.base === query.get('base'))
    .sort((a, b) => (a[sort] === b[sort] ? a.number - b.number : a[sort] < b[sort] ? -1 : 1));
  if (descending) found.reverse();
  const tips = tipsOf(state.git);
  return page(found, path, query, (pull) => shapeOfPull(state, pull, tips));
}

export function createPull(state: PullState, input: PullInput, author: string, now: string): Reply {
  const { title, body, head, base, draft } = input;
  const docs = `${DOCS}#create-a-pull-request`;
  if (typeof head !== 'string' || typeof base !== 'string')
    return {
      status: 422,
      body: {
        message: 'Invalid request.\n\n"base", "head" weren\'t supplied.',
        documentation_url: docs,
        status: '422',
      },
    };
  if (draft === true && !state.draftsSupported)
    return refusal(422, 'Draft pull requests are not supported in this repository.', docs);
  const branch = head.startsWith(`${state.owner}:`) ? head.slice(state.owner.length + 1) : head;
  const tips = tipsOf(state.git);
  const objections: Objection[] = [];
  if (!tips.has(branch)) objections.push({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  if (!tips.has(base)) objections.push({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  if (objections.length > 0) return invalid(docs, ...objections);
  const custom = (message: string): Reply => invalid(docs, { resource: 'PullRequest', code: 'custom', message });
  if (ahead(state.git, base, branch) === 0) return custom(`No commits between ${base} and ${branch}`);
  const there = state.pulls.some(
    (pull) => pull.state === 'open' && pull.from === here(state) && pull.branch === branch && pull.base === base,
  );
  if (there) return custom(`A pull request already exists for ${state.owner}:${branch}.`);
  const unfit = unfitText({ title, body }, docs);
  if (unfit !== undefined) return unfit;
  const pull: LoopbackPull = {
    number: state.pulls.length + 1,
    title: String(title),
    body: typeof body === 'string' ? body : null,
    draft: draft === true,
    state: 'open',
    merged_at: null,
    closed_at: null,
    created_at: now,
    updated_at: now,
    author,
    branch,
    from: here(state),
    base,
    labels: [],
  };
  state.pulls.push(pull);
  return created(shapeOfPull(state, pull));
}

function unfitText({ title, body }: PullInput, docs: string): Reply | undefined {
  if (typeof title !== 'string' || title === '')
    return invalid(docs, { resource: 'PullRequest', code: 'missing_field', field: 'title' });
  const limits: [field: string, text: string, limit: number][] = [
    ['title', title, 256],
    ['body', typeof body === 'string' ? body : '', 65_536],
  ];
  const over = limits.find(([, text, limit]) => text.length > limit);
  if (over === undefined) return undefined;
  const [field, , limit] = over;
  const message = `${field} is too long (maximum is ${limit} characters)`;
  return invalid(docs, { resource: 'Issue', code: 'custom', field, message });
}

export function updatePull(state: PullState, pull: LoopbackPull, input: PullInput, now: string): Reply {
  const { title, body } = input;
  const unfit = unfitText({ title: title ?? pull.title, body: body ?? pull.body }, `${DOCS}#update-a-pull-request`);
  if (unfit !== undefined) return unfit;
  if (typeof title === 'string') pull.title = title;
  if (typeof body === 'string') pull.body = body;
  if (input.state === 'closed' || input.state === 'open') pull.state = input.state;
  pull.updated_at = now;
  return ok(shapeOfPull(state, pull));
}

export function filesOf(state: PullState, pull: LoopbackPull, path: string, query: URLSearchParams): Reply {
  const files = pull.files ?? changedFiles(state.git, pull.base, pull.branch);
  const counts = { additions: 1, deletions: 1, changes: 2 };
  return page(files, path, query, (file) => ({ ...file, ...counts, sha: '0'.repeat(40) }));
}
