/**
 * The clock that follows open proposals until people have decided about them. It asks with ETags, so that what did not
 * change costs nothing, waits as long as GitHub asks for, and looks at once when a webhook tells of something.
 */
import { describeError } from '../../events/errors.ts';
import { openProposals, type Proposal } from '../../store/proposals.ts';
import { growingPause } from '../growing-pause.ts';
import type { Log } from '../intake/log.ts';
import { readProposalCommit } from '../publishing/commit.ts';
import { canonical } from '../publishing/github/canonical.ts';
import { type AnswerCache, type GitHub, openGitHub } from '../publishing/github/client.ts';
import { githubRepository } from '../publishing/github/repository.ts';
import { githubToken } from '../publishing/github/token.ts';
import { repeat, type Wakeable } from '../repeat.ts';
import { hasState, type Workbench } from '../workbench.ts';
import { findRemote } from '../worktrees/remote.ts';
import { act, takeUpAgain } from './act.ts';
import type { Look } from './look.ts';
import { lookAtBranch } from './look-git.ts';
import { type GitHubLook, lookAtPull, type Memory } from './look-github.ts';

export interface FollowOptions {
  bench: Workbench;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  /** Between two looks at everything; default 60 s. */
  everyMs?: number | undefined;
}

const EVERY_MS = 60_000;
const LONGEST_MS = 15 * 60_000;
/** Webhooks come in bursts: one look answers them. */
const SHORTEST_MS = 1_000;

export interface Follower {
  /** Something may have changed on GitHub. */
  wake(): void;
  stop(): Promise<void>;
}

export function startFollower(options: FollowOptions): Follower {
  const stopping = new AbortController();
  const cache: AnswerCache = new Map();
  const memory: Memory = { laws: new Map(), elsewhere: new Map() };
  let failures = 0;
  let last = 0;
  const clock: Wakeable = repeat(async () => {
    last = Date.now();
    const waited = await followAll(options, { cache, memory, signal: stopping.signal });
    failures = waited === undefined ? 0 : failures + 1;
    const every = options.everyMs ?? EVERY_MS;
    return waited === undefined
      ? every
      : growingPause(failures, { firstMs: every, longestMs: LONGEST_MS, askedMs: waited });
  });
  let soon: NodeJS.Timeout | undefined;
  return {
    wake() {
      soon ??= setTimeout(
        () => {
          soon = undefined;
          // While GitHub asks to wait, nothing it tells makes it answer.
          if (failures === 0) clock.wake();
        },
        Math.max(0, last + Math.min(SHORTEST_MS, options.everyMs ?? SHORTEST_MS) - Date.now()),
      );
    },
    async stop() {
      clearTimeout(soon);
      stopping.abort();
      await clock.stop();
    },
  };
}

export interface Following {
  cache: AnswerCache;
  memory: Memory;
  signal: AbortSignal;
}

/** One look at every open proposal. Answers with how long to wait at least when somebody did not answer; never throws. */
export async function followAll(options: FollowOptions, following: Following): Promise<number | undefined> {
  const { bench, log } = options;
  let waits: number | undefined;
  try {
    if (!hasState(bench)) return undefined;
    const open = openProposals(bench.db);
    if (open.length === 0) return undefined;
    const github = await connect(options, following);
    for (const proposal of open) {
      if (following.signal.aborted) return undefined;
      const failure = await followOne(options, proposal, github, following).catch((error: unknown) => {
        log('error', 'follow_failed', { incident: proposal.incident, why: describeError(error).message });
        return undefined;
      });
      if (failure === undefined) continue;
      log('warn', 'follow_later', { incident: proposal.incident, why: failure.why });
      const until = failure.status === 'rate_limited' ? Date.parse(failure.until) - bench.now().getTime() : 0;
      waits = Math.max(waits ?? 0, until);
      // Whoever is asked to slow down asks for nothing else.
      if (failure.status === 'rate_limited') break;
    }
  } catch (error) {
    log('error', 'follow_failed', { why: describeError(error).message });
    waits ??= 0;
  }
  return waits;
}

type Connected = Omit<GitHubLook, 'number'> | { failure: Extract<Look, { do: 'nothing' }>['failure'] } | undefined;

/** Undefined where the remote is no GitHub, or there is no token: then git alone tells. */
async function connect({ bench, env }: FollowOptions, { cache, memory, signal }: Following): Promise<Connected> {
  const remote = await findRemote(bench.repository);
  const place = remote === undefined ? undefined : await githubRepository(bench.repository, remote, { ...env });
  if (remote === undefined || place === undefined) return undefined;
  const token = await githubToken({ ...env }, new URL(place.webUrl).host, { signal });
  if (token === undefined) return undefined;
  const github: GitHub = openGitHub({ where: place, token, signal, cache });
  const where = await canonical(github);
  return where.status === 'ok' ? { github, where: where.data, remote, signal, memory } : { failure: where.failure };
}

async function followOne(
  { bench, log }: FollowOptions,
  proposal: Proposal,
  github: Connected,
  { signal }: Following,
): Promise<Extract<Look, { do: 'nothing' }>['failure'] | undefined> {
  const { incident, round } = proposal;
  const record = await bench.incidents.get(incident);
  if (record === undefined || record.round !== round) return undefined;
  const told = (what: string | undefined) => {
    if (what !== undefined) log('info', 'proposal', { incident, standing: what });
  };
  const before = await takeUpAgain(bench, record);
  if (before !== undefined) {
    told(before);
    return undefined;
  }
  const parent = (await readProposalCommit(bench.repository, proposal.commit))?.parents[0];
  if (parent === undefined) return undefined; // somebody cleared the object store: nothing can be compared
  const followed = { proposal, parent };
  const number = Number(/\/pull\/(\d+)$/.exec(proposal.url ?? '')?.[1]);
  if (number > 0 && github !== undefined && 'failure' in github) return github.failure;
  const pull = number > 0 && github !== undefined && !('failure' in github) ? { ...github, number } : undefined;
  const look = pull ? await lookAtPull(bench, followed, pull) : await lookAtBranch(bench, followed, signal);
  // The remote takes its time, in which somebody may have begun to work on it.
  const now = await bench.incidents.get(incident);
  if (now === undefined || now.round !== round || now.status !== record.status) return undefined;
  told(await act({ bench, record: now, followed, github: pull }, look));
  return look.do === 'nothing' ? look.failure : undefined;
}
