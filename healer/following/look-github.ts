/** Looks at a proposal that is a pull request: what people decided, what they ask for, what CI says, and where the base is. */
import { type Law, readLaw } from '../../context/law.ts';
import { oneLine } from '../../events/plain-text.ts';
import { treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { type FollowUp, followUpsOf } from '../../store/follow-ups.ts';
import { madeCommit } from '../../store/proposals.ts';
import type { Canonical } from '../publishing/github/canonical.ts';
import type { GitHub } from '../publishing/github/client.ts';
import type { GitHubFailure } from '../publishing/github/failure.ts';
import { mergeOnto } from '../publishing/merge-onto.ts';
import type { Workbench } from '../workbench.ts';
import { fetchBranch } from '../worktrees/remote.ts';
import { autoMergeConditions, type Condition } from './auto-merge.ts';
import { commentMark } from './comment.ts';
import { type Ci, readCi } from './github/checks.ts';
import { type Review, readClosing, readRequests } from './github/people.ts';
import { type Pull, readPull, readTip } from './github/pull.ts';
import { type Followed, type Found, type Look, MOST } from './look.ts';
import { findOnBase, isUnchanged } from './merged.ts';
import { ownFailures } from './red-checks.ts';

export interface GitHubLook {
  github: GitHub;
  where: Canonical;
  remote: string;
  number: number;
  signal: AbortSignal;
  memory: Memory;
}

/** What does not change is worked out once: laws by commit, and what a base branch at a commit means for a proposal. */
export interface Memory {
  laws: Map<string, Law>;
  elsewhere: Map<string, Look | undefined>;
}

const NETWORK_TIMEOUT_MS = 60_000;
const nothing = (failure: GitHubFailure): Look => ({ do: 'nothing', failure });
const wait = (line: string, say = false): Look => ({ do: 'wait', line, say });

export async function lookAtPull(bench: Workbench, followed: Followed, look: GitHubLook): Promise<Look> {
  const { github, where, number } = look;
  const read = await readPull(github, where, number);
  if (read.status !== 'ok') return nothing(read.failure);
  const pull = read.data;
  switch (pull.state) {
    case 'merged':
      return merged(bench, followed, look, pull);
    case 'closed':
      return closed(followed, look, pull);
    case 'open':
      return open(bench, followed, look, pull);
    default:
      return pull.state satisfies never;
  }
}

async function merged(
  { repository, db }: Workbench,
  { proposal }: Followed,
  { remote, signal }: GitHubLook,
  pull: Pull,
): Promise<Look> {
  const fetched = await fetchBranch(repository, remote, pull.base, { timeoutMs: NETWORK_TIMEOUT_MS, signal });
  if (fetched.status === 'unreachable') return nothing({ status: 'unreachable', why: fetched.why });
  // Where the merged commit is not to be had, it is ours that was merged if it was the branch's last one.
  const same = (await isUnchanged(repository, proposal, pull.mergeCommit)) ?? pull.head === proposal.commit;
  const asked = followUpsOf(db, proposal.incident, proposal.round).some(({ key }) => key === `auto_merge:${pull.head}`);
  const by = pull.mergedBy === '' ? 'somebody' : pull.mergedBy;
  return {
    do: 'merged',
    merge: {
      commit: pull.mergeCommit,
      merged_at: pull.mergedAt,
      merged_by: `github:${by}`,
      how: asked ? 'auto_merge' : 'pull_request',
      unchanged: same ? 1 : 0,
      url: pull.url,
    },
    line: `merged by ${by}${asked ? ' (auto-merge)' : ''}, ${same ? 'unchanged' : 'changed by people'}`,
  };
}

async function closed({ proposal }: Followed, { github, where, number }: GitHubLook, pull: Pull): Promise<Look> {
  const mark = commentMark(proposal);
  const read = await readClosing(github, where, { number, closedAt: pull.closedAt, mark });
  if (read.status !== 'ok') return nothing(read.failure);
  const { by, reason } = read.data;
  const why = oneLine(reason, 500);
  return {
    do: 'reject',
    who: by === '' ? 'github' : `github:${by}`,
    why: why === '' ? `pull request ${number} was closed without a word` : why,
  };
}

async function open(bench: Workbench, followed: Followed, look: GitHubLook, pull: Pull): Promise<Look> {
  const { proposal, parent } = followed;
  const { incident, round, branch, commit } = proposal;
  if (pull.head !== commit) {
    // Pushed by a publishing that goes on right now, or will again.
    if (madeCommit(bench.db, incident, round, pull.head)) return wait('being published again');
    return wait(`hands off: somebody pushed ${pull.head.slice(0, 12)} to ${branch}; it is theirs to finish`, true);
  }
  const tip = await readTip(look.github, look.where, pull.base);
  if (tip.status !== 'ok') return nothing(tip.failure);
  const moved = tip.data !== parent;
  if (moved) {
    const elsewhere = await rememberedElsewhere(bench, followed, look, { base: pull.base, tip: tip.data });
    if (elsewhere !== undefined) return elsewhere;
  }
  const requests = await readRequests(look.github, look.where, look.number);
  if (requests.status !== 'ok') return nothing(requests.failure);
  const ci = await readCi(look.github, look.where, commit);
  if (ci.status !== 'ok') return nothing(ci.failure);

  const before = followUpsOf(bench.db, incident, round);
  const asked = newRequests(requests.data, before);
  const red = await redOf(followed, look, ci.data, before);
  if ('do' in red) return red;
  const conditions = await conditionsOf(bench, followed, look.memory, {
    pull,
    ci: ci.data,
    requests: requests.data.length,
    tip: tip.data,
  });
  const stale = moved ? baseOf(pull, tip.data, conditions, before) : undefined;
  const found = [...asked.found, ...red.found, ...(stale?.found ?? [])];
  if (found.length > 0) return { do: 'rework', found };

  const lines = [...asked.lines, ...red.lines, ...(stale?.lines ?? [])];
  if (conditions?.every(({ holds }) => holds) === true)
    return { do: 'merge', conditions, line: 'every condition of auto-merge holds: being merged' };
  const missing = conditions?.filter(({ holds }) => !holds).map(({ name, found: what }) => `${name}: ${what}`) ?? [];
  if (missing.length > 0) lines.push(`not merged by itself, because ${missing.join('; ')}`);
  const draft = pull.draft ? 'a draft' : 'open';
  return {
    do: 'wait',
    line: [`${draft}, ${ciWords(ci.data)}`, ...lines].join('; '),
    say: lines.length > 0,
    conditions,
  };
}

function ciWords({ checks, hidden }: Ci): string {
  if (hidden !== undefined) return 'its checks cannot be read (the token needs checks: read)';
  if (checks.length === 0) return 'no checks';
  const red = checks.filter(({ state }) => state === 'red');
  if (red.length > 0) return `CI red (${oneLine(red.map(({ name }) => name).join(', '), 120)})`;
  return checks.some(({ state }) => state === 'running') ? 'CI is running' : 'CI green';
}

interface Part {
  found: Found[];
  lines: string[];
}

const used = (before: readonly FollowUp[], kind: FollowUp['kind']) =>
  new Set(before.filter((one) => one.kind === kind).map(({ proposal }) => proposal)).size;

function newRequests(requests: readonly Review[], before: readonly FollowUp[]): Part {
  const fresh = requests.filter(({ id }) => !before.some(({ key }) => key === `review:${id}`));
  const names = (of: readonly Review[]) => of.map(({ reviewer }) => reviewer).join(', ');
  if (fresh.length === 0)
    return {
      found: [],
      lines:
        requests.length > 0 ? [`the changes that ${names(requests)} asked for are made; waiting for their review`] : [],
    };
  if (used(before, 'review') >= MOST.review)
    return {
      found: [],
      lines: [`needs a person: ${names(fresh)} asked for changes once more, after ${MOST.review} rounds`],
    };
  const found = fresh.map(({ id, ...payload }) => ({ key: `review:${id}`, kind: 'review' as const, payload }));
  return { found, lines: [] };
}

/** Each commit once, when all its checks are done. */
async function redOf(
  { proposal, parent }: Followed,
  { github, where, signal }: GitHubLook,
  { checks }: Ci,
  before: readonly FollowUp[],
): Promise<Part | Look> {
  const red = checks.filter(({ state }) => state === 'red');
  if (red.length === 0 || checks.some(({ state }) => state === 'running')) return { found: [], lines: [] };
  const key = `ci:${proposal.commit}`;
  if (before.some((one) => one.key === key)) return { found: [], lines: ['CI is still red'] };
  const failures = await ownFailures(github, where, { red, base: parent, signal });
  if (failures.status !== 'ok') return nothing(failures.failure);
  const { own, asOnBase } = failures.data;
  const lines = asOnBase.length > 0 ? [`red on the base in the same way: ${oneLine(asOnBase.join(', '), 200)}`] : [];
  if (own.length === 0) return { found: [], lines };
  if (used(before, 'ci') >= MOST.ci)
    return { found: [], lines: [...lines, `needs a person: CI is red once more, after ${MOST.ci} rounds`] };
  return { found: [{ key, kind: 'ci', payload: { commit: proposal.commit, checks: own } }], lines };
}

/** Brought onto the new base where GitHub could not merge it there, or where that alone keeps it from being merged. */
function baseOf(
  pull: Pull,
  tip: string,
  conditions: readonly Condition[] | undefined,
  before: readonly FollowUp[],
): Part {
  const onlyThis = conditions?.filter(({ holds }) => !holds);
  const alone = onlyThis?.length === 1 && onlyThis[0]?.name.startsWith('proven on') === true;
  const why =
    pull.mergeable === 'dirty'
      ? 'the two conflict'
      : pull.mergeable === 'behind'
        ? 'its rules ask for branches that are up to date'
        : alone
          ? 'it is merged only as it was proven'
          : undefined;
  const line = `${pull.base} moved to ${tip.slice(0, 12)}`;
  if (why === undefined) return { found: [], lines: [] };
  const key = `base:${tip}`;
  if (before.some((one) => one.key === key)) return { found: [], lines: [`${line}: ${why}`] };
  if (used(before, 'base') >= MOST.base)
    return { found: [], lines: [`needs a person: ${line}, ${why}, after ${MOST.base} rounds`] };
  return { found: [{ key, kind: 'base', payload: { branch: pull.base, tip, why } }], lines: [] };
}

async function rememberedElsewhere(
  bench: Workbench,
  followed: Followed,
  look: GitHubLook,
  at: { base: string; tip: string },
): Promise<Look | undefined> {
  const { elsewhere } = look.memory;
  const key = `${followed.proposal.commit} ${at.tip}`;
  if (elsewhere.has(key)) return elsewhere.get(key);
  const found = await fixedElsewhere(bench, followed, look, at);
  if (found?.do !== 'nothing') bounded(elsewhere).set(key, found);
  return found;
}

const MOST_REMEMBERED = 200;

function bounded<T>(map: Map<string, T>): Map<string, T> {
  const [oldest] = map.keys();
  if (map.size >= MOST_REMEMBERED && oldest !== undefined) map.delete(oldest);
  return map;
}

/** Somebody else's change fixed it, or our own came to the base by another way. */
async function fixedElsewhere(
  { repository, now }: Workbench,
  { proposal, parent }: Followed,
  { remote, signal }: GitHubLook,
  { base, tip }: { base: string; tip: string },
): Promise<Look | undefined> {
  const fetched = await fetchBranch(repository, remote, base, { timeoutMs: NETWORK_TIMEOUT_MS, signal });
  if (fetched.status !== 'found')
    return nothing({ status: 'unreachable', why: fetched.status === 'unreachable' ? fetched.why : `${base} is gone` });
  const found = await findOnBase(repository, proposal, { parent, tip: fetched.commit });
  if (found && 'merged' in found) {
    const { commit, at, by } = found.merged;
    const unchanged = (await isUnchanged(repository, proposal, commit)) === true;
    return {
      do: 'merged',
      merge: {
        ...{ commit, merged_at: at || now().toISOString(), merged_by: by, how: 'git' },
        unchanged: unchanged ? 1 : 0,
        url: proposal.url,
      },
      line: `on ${base} as ${commit.slice(0, 12)}, ${unchanged ? 'unchanged' : 'changed by people'}; its pull request is still open`,
    };
  }
  const close = 'its pull request can be closed';
  if (found) return wait(`superseded: ${found.theirs.slice(0, 12)} on ${base} heals the same incident; ${close}`, true);
  const workspace = await openWorkspace(repository);
  const onto = await mergeOnto(workspace, { from: parent, tree: proposal.tree, onto: tip });
  const held = onto.status === 'merged' && onto.tree === (await treeOf(workspace, tip));
  return held ? wait(`superseded: ${base} has every change of it already; ${close}`, true) : undefined;
}

async function conditionsOf(
  bench: Workbench,
  { proposal, parent }: Followed,
  { laws }: Memory,
  about: { pull: Pull; ci: Ci; requests: number; tip: string },
): Promise<Condition[] | undefined> {
  const law = laws.get(parent) ?? (await readLaw(bench.repository, { commit: parent }));
  // What is not committed may be another one by the next look.
  if (law.source === 'commit') bounded(laws).set(parent, law);
  return autoMergeConditions(bench, { proposal, parent, law, ...about });
}
