/**
 * Which commit a fix is built on: what the person gave, else where a run of CI failed, else `publish.base`, else the fetched tip of the remote's default
 * branch, else the local default branch. Never the branch that happens to be checked out.
 */
import { git, tryGit } from '../../context/git.ts';
import { type Repository, resolveCommit } from '../../context/repository.ts';
import { UserError } from '../../events/errors.ts';
import { fetchBranch, findRemote, type NetworkOptions, remoteDefaultBranch } from './remote.ts';

export interface Base {
  commit: string;
  /** The branch a proposal is for, such as `main`; null when the base is a plain commit or tag. */
  branch: string | null;
  /** What the person should know: a remote that did not answer, a base that may be old. */
  warnings: string[];
}

export interface BaseRequest {
  /** `--base REV`. */
  given?: string | undefined;
  /** Where a run of CI failed: the fix is for that commit, and goes to that branch. */
  ranOn?: { commit: string; branch: string } | undefined;
  /** `publish.base`; empty when not set. */
  configured: string;
  network: NetworkOptions;
}

/** Throws UserError when there is no commit, or when no default branch can be told. */
export async function resolveBase(repository: Repository, request: BaseRequest): Promise<Base> {
  if (request.given !== undefined) {
    const commit = await resolveCommit(repository, request.given);
    return { commit, branch: await localBranchName(repository, request.given), warnings: [] };
  }
  await resolveCommit(repository, 'HEAD').catch((error: unknown) => requireAnyCommit(repository, error));

  const remote = await findRemote(repository);
  const failed = request.ranOn && (await baseOfRun(repository, remote, request.ranOn, request.network));
  if (typeof failed === 'string') {
    const usual = await resolveBase(repository, { ...request, ranOn: undefined });
    return { ...usual, warnings: [failed, ...usual.warnings] };
  }
  if (failed) return failed;
  if (request.configured !== '') return configuredBase(repository, remote, request);
  if (remote !== undefined) {
    const base = await remoteBase(repository, remote, request.network);
    if (base.commit !== undefined) return { commit: base.commit, branch: base.branch, warnings: base.warnings };
    const local = await localDefault(repository);
    return { ...local, warnings: [...base.warnings, ...local.warnings] };
  }
  return localDefault(repository);
}

/** The commit that the run was for, when it still is part of its branch; else why not. */
async function baseOfRun(
  repository: Repository,
  remote: string | undefined,
  { commit, branch }: { commit: string; branch: string },
  network: NetworkOptions,
): Promise<Base | string> {
  const gone = (why: string) => `The run failed on "${branch.slice(0, 200)}", which is not the base: ${why}.`;
  if (!/^[0-9a-f]{40,64}$/.test(commit) || !(await isBranchName(repository, branch)))
    return gone('git knows no such name');
  if (remote === undefined) return gone('there is no remote');
  const fetched = await fetchBranch(repository, remote, branch, network);
  if (fetched.status === 'unreachable') return gone(`the remote "${remote}" could not be reached (${fetched.why})`);
  if (fetched.status === 'absent') return gone('the remote has no such branch any more');
  const inside = await tryGit(['merge-base', '--is-ancestor', commit, fetched.commit], { cwd: repository.root });
  return inside.exit === 0 ? { commit, branch, warnings: [] } : gone('its commit is no longer part of the branch');
}

/** `publish.base`: the remote's tip of that branch where there is one, else what the name means here. */
async function configuredBase(repository: Repository, remote: string | undefined, request: BaseRequest): Promise<Base> {
  const name = request.configured;
  const warnings: string[] = [];
  if (remote !== undefined && (await isBranchName(repository, name))) {
    const fetched = await fetchBranch(repository, remote, name, request.network);
    if (fetched.status === 'found') return { commit: fetched.commit, branch: name, warnings };
    if (fetched.status === 'unreachable') {
      warnings.push(
        `The remote "${remote}" could not be reached (${fetched.why}); the base is "${name}" as known here.`,
      );
      const known = await commitOf(repository, `refs/remotes/${remote}/${name}`);
      if (known !== undefined) return { commit: known, branch: name, warnings };
    }
  }
  const commit = await resolveCommit(repository, name).catch(() => {
    throw new UserError(
      `publish.base in .self-healing/config.yaml says "${name}", which names no commit here or on the remote.`,
      'Correct publish.base, or give a base with --base.',
    );
  });
  return { commit, branch: await localBranchName(repository, name), warnings };
}

async function remoteBase(
  repository: Repository,
  remote: string,
  network: NetworkOptions,
): Promise<{ commit: string | undefined; branch: string | null; warnings: string[] }> {
  const warnings: string[] = [];
  const asked = await remoteDefaultBranch(repository, remote, network);
  if (asked.status === 'found') {
    const fetched = await fetchBranch(repository, remote, asked.branch, network);
    if (fetched.status === 'found') return { commit: fetched.commit, branch: asked.branch, warnings };
    const why = fetched.status === 'absent' ? 'its default branch has no commit' : fetched.why;
    warnings.push(`Fetching "${asked.branch}" of the remote "${remote}" failed (${why}); using what is known here.`);
    return {
      commit: await commitOf(repository, `refs/remotes/${remote}/${asked.branch}`),
      branch: asked.branch,
      warnings,
    };
  }
  if (asked.status === 'absent') {
    warnings.push(`The remote "${remote}" has no default branch yet; using the local one.`);
    return { commit: undefined, branch: null, warnings };
  }
  const known = await knownDefaultBranch(repository, remote);
  const commit = known && (await commitOf(repository, `refs/remotes/${remote}/${known}`));
  warnings.push(
    `The remote "${remote}" could not be reached (${asked.why}); ${
      commit ? `the base is "${remote}/${known}" as last fetched` : 'the base is the local default branch'
    }.`,
  );
  return { commit, branch: commit ? (known ?? null) : null, warnings };
}

/** What an earlier clone or fetch noted as the remote's HEAD, else a remote-tracking `main` or `master`. */
async function knownDefaultBranch(repository: Repository, remote: string): Promise<string | undefined> {
  const head = await tryGit(['symbolic-ref', '--quiet', `refs/remotes/${remote}/HEAD`], { cwd: repository.root });
  if (head.exit === 0) return head.stdout.trim().slice(`refs/remotes/${remote}/`.length);
  for (const name of ['main', 'master']) if (await commitOf(repository, `refs/remotes/${remote}/${name}`)) return name;
  return undefined;
}

async function localDefault(repository: Repository): Promise<Base> {
  const listed = await git(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/'], { cwd: repository.root });
  const branches = listed.split('\n').filter((name) => name !== '' && !name.startsWith('hotfix/auto-'));
  const configured = await tryGit(['config', '--get', 'init.defaultBranch'], { cwd: repository.root });
  const candidates = [configured.stdout.trim(), 'main', 'master', 'trunk'];
  const name =
    candidates.find((candidate) => branches.includes(candidate)) ?? (branches.length === 1 ? branches[0] : undefined);
  if (name !== undefined)
    return { commit: await resolveCommit(repository, `refs/heads/${name}`), branch: name, warnings: [] };
  const there =
    branches.length === 0 ? 'There is no local branch' : `The local branches are ${branches.slice(0, 5).join(', ')}`;
  throw new UserError(
    `The default branch of ${repository.root} cannot be told. ${there}, and no remote says which one is the default.`,
    'Set publish.base in .self-healing/config.yaml, or give the base with --base.',
  );
}

/** An unborn HEAD is fine as long as some branch has a commit; without any, the first error stands. */
async function requireAnyCommit(repository: Repository, error: unknown): Promise<void> {
  const any = await git(['for-each-ref', '--count=1', '--format=%(objectname)'], { cwd: repository.root });
  if (any.trim() === '') throw error;
}

async function commitOf(repository: Repository, revision: string): Promise<string | undefined> {
  const found = await tryGit(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], { cwd: repository.root });
  return found.exit === 0 ? found.stdout.trim() : undefined;
}

async function localBranchName(repository: Repository, name: string): Promise<string | null> {
  const short = name.replace(/^refs\/heads\//, '');
  return (await commitOf(repository, `refs/heads/${short}`)) === undefined ? null : short;
}

async function isBranchName(repository: Repository, name: string): Promise<boolean> {
  return (await tryGit(['check-ref-format', '--branch', name], { cwd: repository.root })).exit === 0;
}
