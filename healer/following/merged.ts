/** Whether a fix is on the base branch, by which commit, and whether that is the proven change to the letter. */
import { git, tryGit } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';
import { openWorkspace, workspaceOptions } from '../../gate/workspace.ts';
import type { Proposal } from '../../store/proposals.ts';
import { changeId } from '../publishing/change-id.ts';
import { INCIDENT_TRAILER, incidentTrailer } from '../publishing/commit.ts';

export interface MergedCommit {
  commit: string;
  /** ISO 8601. */
  at: string;
  /** The committer's name. */
  by: string;
}

/** Commits of the base branch that are looked through, newest first. */
const MOST_COMMITS = 1000;

/**
 * The commit by which the proposal came to `tip`: itself, one with its trailer (as a squash merge keeps it), or one that
 * makes the same change. `theirs`: it heals the same incident, in another round or from another machine.
 */
export async function findOnBase(
  repository: Repository,
  proposal: Proposal,
  { parent, tip }: { parent: string; tip: string },
): Promise<{ merged: MergedCommit } | { theirs: string } | undefined> {
  const { incident, round, commit } = proposal;
  if (await isIn(repository, commit, tip)) return { merged: await bringerOf(repository, commit, tip) };
  const format = `%H%x00%cI%x00%cn%x00%(trailers:key=${INCIDENT_TRAILER},valueonly,separator=%x2c)`;
  const log = await tryGit(
    ['log', `--max-count=${MOST_COMMITS}`, '--no-show-signature', `--format=${format}`, `${parent}..${tip}`, '--'],
    { cwd: repository.root },
  );
  let theirs: string | undefined;
  for (const line of log.exit === 0 ? log.stdout.split('\n') : []) {
    const [id = '', at = '', by = '', trailers = ''] = line.split('\0');
    const named = trailers.split(',').map((one) => one.trim());
    if (named.includes(incidentTrailer(incident, round))) return { merged: { commit: id, at, by } };
    if (named.some((one) => one.startsWith(`${incident}/`))) theirs ??= id;
  }
  const same = await samePatch(repository, proposal, { parent, tip });
  if (same !== undefined) return { merged: same };
  return theirs === undefined ? undefined : { theirs };
}

async function isIn(repository: Repository, commit: string, tip: string): Promise<boolean> {
  return (await tryGit(['merge-base', '--is-ancestor', commit, tip], { cwd: repository.root })).exit === 0;
}

/** The merge that brought it, or the commit itself after a fast-forward. */
async function bringerOf(repository: Repository, commit: string, tip: string): Promise<MergedCommit> {
  const between = await tryGit(
    ['rev-list', '--first-parent', '--ancestry-path', '--reverse', `${commit}..${tip}`, '--'],
    { cwd: repository.root },
  );
  const firstParent = await tryGit(['rev-list', '--first-parent', `${commit}^..${tip}`, '--'], {
    cwd: repository.root,
  });
  const forwarded = firstParent.stdout.split('\n').includes(commit);
  const id = (forwarded ? undefined : between.stdout.split('\n').find((one) => one !== '')) ?? commit;
  return described(repository, id);
}

async function described({ root: cwd }: Repository, commit: string): Promise<MergedCommit> {
  const said = await git(['log', '-1', '--no-show-signature', '--format=%cI%x00%cn', commit, '--'], { cwd });
  const [at = '', by = ''] = said.trim().split('\0');
  return { commit, at, by };
}

const PATCH = ['--no-ext-diff', '--no-textconv', '--no-renames', '--no-color', '-p'];

async function samePatch(
  repository: Repository,
  { commit }: Proposal,
  { parent, tip }: { parent: string; tip: string },
): Promise<MergedCommit | undefined> {
  const cwd = repository.root;
  const ids = async (patches: string) =>
    (await git(['patch-id', '--stable'], { cwd, input: patches })).split('\n').map((line) => line.split(' '));
  const [own] = await ids(await git(['log', '-1', '--format=%H', ...PATCH, commit, '--'], { cwd }));
  const files = (await git(['diff-tree', '-r', '-z', '--name-only', '--no-commit-id', '--no-renames', commit], { cwd }))
    .split('\0')
    .filter((path) => path !== '');
  if (own?.[0] === undefined || own[0] === '' || files.length === 0) return undefined;
  const touching = await tryGit(
    [
      'log',
      '--no-merges',
      `--max-count=${MOST_COMMITS}`,
      '--format=%H',
      ...PATCH,
      '--full-diff',
      `${parent}..${tip}`,
      '--',
      ...files,
    ],
    { cwd },
  );
  if (touching.exit !== 0) return undefined;
  const found = (await ids(touching.stdout)).find(([id]) => id === own[0])?.[1];
  return found === undefined ? undefined : described(repository, found);
}

/** Undefined while the commit is not known here. */
export async function isUnchanged(
  repository: Repository,
  proposal: Proposal,
  merged: string,
): Promise<boolean | undefined> {
  const workspace = await openWorkspace(repository);
  const tree = await tryGit(['rev-parse', '--verify', '--quiet', `${merged}^{tree}`], workspaceOptions(workspace));
  if (tree.exit !== 0) return undefined;
  if (tree.stdout.trim() === proposal.tree) return true;
  const before = await tryGit(['rev-parse', '--verify', '--quiet', `${merged}^1`], workspaceOptions(workspace));
  if (before.exit !== 0) return false;
  const [here, there] = await Promise.all([
    changeId(workspace, `${proposal.commit}^`, proposal.commit),
    changeId(workspace, `${merged}^1`, merged),
  ]);
  return here === there;
}
