/**
 * Whether a deployed commit or a running release contains a merge. The remote is asked for what is not known here, seldom
 * and without writing any ref but remote-tracking ones.
 */
import { tryGit } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';
import { findRelease, tagsOf } from '../../gate/release.ts';
import { findRemote, type NetworkOptions, talk } from '../worktrees/remote.ts';

/** `unknown`: git knows no such commit or release, here or on the remote. */
export type Contains = 'yes' | 'no' | 'unknown';

export interface Containing {
  /** A full commit id. */
  commit(commit: string, merge: string): Promise<Contains>;
  /** A tag, a commit id or a short one, or what Sentry makes of them. Foreign text. */
  release(name: string, merge: string): Promise<Contains>;
}

/** What was not found is looked for again after this. */
const AGAIN_MS = 60_000;
const NETWORK_MS = 30_000;
const REMEMBERED = 2_000;

/** Remembers its answers; one for a process. */
export function openContaining(repository: Repository, now: () => Date, signal: AbortSignal): Containing {
  const known = new Map<string, { answer: Contains; until: number }>();
  const network: NetworkOptions = { timeoutMs: NETWORK_MS, signal };

  const remembered = async (key: string, look: () => Promise<Contains>): Promise<Contains> => {
    const before = known.get(key);
    if (before && now().getTime() < before.until) return before.answer;
    const answer = await look();
    if (known.size >= REMEMBERED) known.clear();
    // A tag that is moved, or history that comes with a later fetch, is seen in the end.
    known.set(key, { answer, until: now().getTime() + AGAIN_MS * (answer === 'unknown' ? 1 : 10) });
    return answer;
  };

  const within = async (merge: string, commit: string): Promise<Contains> => {
    const found = await tryGit(['merge-base', '--is-ancestor', merge, commit], { cwd: repository.root });
    return found.exit === 0 ? 'yes' : found.exit === 1 ? 'no' : 'unknown';
  };

  /** Brings the commit from the remote where it is missing; what the remote's branches do not reach, it may refuse. */
  const isHere = async (commit: string): Promise<boolean> => {
    if (!/^[0-9a-f]{40,64}$/.test(commit)) return false;
    if (await exists(repository, commit)) return true;
    const remote = await findRemote(repository);
    if (remote === undefined) return false;
    const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
    await talk(repository, ['fetch', ...options, remote, commit], network);
    return exists(repository, commit);
  };

  return {
    commit: (commit, merge) =>
      remembered(`${merge} ${commit}`, async () => {
        if (!(await isHere(merge)) || !(await isHere(commit))) return 'unknown';
        return within(merge, commit);
      }),
    release: (name, merge) =>
      remembered(`${merge} release ${name}`, async () => {
        if (!(await isHere(merge))) return 'unknown';
        const here = await findRelease(repository, name);
        if (here) return within(merge, here.commit);
        const there = await taggedOnRemote(repository, name, network);
        return there !== undefined && (await isHere(there)) ? within(merge, there) : 'unknown';
      }),
  };
}

async function exists(repository: Repository, commit: string): Promise<boolean> {
  return (await tryGit(['cat-file', '-e', `${commit}^{commit}`], { cwd: repository.root })).exit === 0;
}

/** A tag that was made after the last fetch: its commit as the remote tells it, without writing it here. */
async function taggedOnRemote(
  repository: Repository,
  name: string,
  network: NetworkOptions,
): Promise<string | undefined> {
  const tags = tagsOf(name);
  const remote = tags.length === 0 ? undefined : await findRemote(repository);
  if (remote === undefined) return undefined;
  const asked = await talk(repository, ['ls-remote', remote, ...tags.flatMap((tag) => [tag, `${tag}^{}`])], network);
  if (asked.status !== 'done' || asked.exit !== 0) return undefined;
  const lines = asked.stdout.split('\n').map((line) => line.split('\t'));
  for (const tag of tags) {
    // An annotated tag is followed by the commit that it stands for.
    const found = lines.find(([, ref]) => ref === `${tag}^{}`) ?? lines.find(([, ref]) => ref === tag);
    if (found?.[0]) return found[0];
  }
  return undefined;
}
