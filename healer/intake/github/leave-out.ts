/** Whether a failure of CI is this repository's, by `sources.github` of the config, or by its own remote. */
import type { CiFailure } from '../../../events/ci/ci-failure.ts';
import { githubRepository } from '../../publishing/github/repository.ts';
import { findRemote } from '../../worktrees/remote.ts';
import type { ErrandContext } from '../source.ts';

export type Asked = Pick<ErrandContext, 'config' | 'repository' | 'env'>;

/** Why it starts nothing here; undefined when it may. */
export async function leaveOut(
  { repository: told, workflow, told: what }: CiFailure,
  asked: Asked,
): Promise<string | undefined> {
  const { workflows } = asked.config.sources.github;
  const why = await notOurs(told, asked);
  if (why !== undefined) return why;
  // A check of Actions does not name its workflow; the job does, when it is asked.
  if (what === 'job' && workflow === UNNAMED) return undefined;
  return workflows.length > 0 && !workflows.includes(workflow)
    ? 'sources.github.workflows does not name the workflow'
    : undefined;
}

/** Why what GitHub tells is not about this repository; undefined when it is. */
export async function notOurs(told: string, asked: Asked): Promise<string | undefined> {
  const { repository } = asked.config.sources.github;
  const wanted = repository || (await ownName(asked));
  if (wanted === undefined)
    return 'it is not known whose failures are meant: this repository has no remote on GitHub, and sources.github.repository is not set';
  if (wanted.toLowerCase() === told.toLowerCase()) return undefined;
  return repository ? `sources.github.repository is ${repository}` : `the remote of this repository is ${wanted}`;
}

export const UNNAMED = 'a workflow';

async function ownName({ repository, env }: Asked): Promise<string | undefined> {
  const remote = await findRemote(repository);
  const found = remote === undefined ? undefined : await githubRepository(repository, remote, { ...env });
  return found && `${found.owner}/${found.name}`;
}
