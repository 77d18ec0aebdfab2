/** Where a proposal goes: a branch here, a branch on the remote, or a pull request on GitHub. */
import type { Config } from '../../context/schemas/config.ts';
import type { Workbench } from '../workbench.ts';
import { findRemote } from '../worktrees/remote.ts';
import { type GitHub, openGitHub } from './github/client.ts';
import { compareUrl } from './github/compare-url.ts';
import { githubRepository } from './github/repository.ts';
import { githubToken, loginTo } from './github/token.ts';
import { approveAgain, type NotPublished } from './publish-states.ts';

export type Destination =
  /** There is no remote. */
  | { kind: 'local' }
  /** No pull request is opened. `compareUrl`: where a person opens it; `hint`: what would let us do it. */
  | { kind: 'branch'; remote: string; compareUrl?: string; hint?: string }
  | { kind: 'pull_request'; remote: string; github: GitHub; base: string };

export interface DestinationRequest {
  incident: string;
  settings: Config['publish'];
  branch: string;
  /** The branch that it is for; null when the base is a plain commit. */
  base: string | null;
  /** Of the process that publishes; never an agent's. */
  env: NodeJS.ProcessEnv;
  signal: AbortSignal | undefined;
}

export async function destinationOf(
  bench: Workbench,
  request: DestinationRequest,
): Promise<Destination | NotPublished> {
  const { settings, base, env, signal, incident } = request;
  const remote = await findRemote(bench.repository);
  const must = settings.provider === 'github';
  if (remote === undefined)
    return must
      ? notConfigured(incident, 'there is no remote', 'Add the GitHub repository as the remote "origin"')
      : { kind: 'local' };
  const where = await githubRepository(bench.repository, remote, env);
  if (where === undefined)
    return must
      ? notConfigured(
          incident,
          `the remote "${remote}" is no GitHub repository`,
          'Correct its address, or set GITHUB_SERVER_URL for a server of your own',
        )
      : { kind: 'branch', remote };
  if (base === null)
    return must
      ? notConfigured(incident, 'the base is a plain commit, and a pull request needs a branch', 'Set publish.base')
      : { kind: 'branch', remote };
  const page = { compareUrl: compareUrl(where, base, request.branch) };
  if (settings.provider === 'branch') return { kind: 'branch', remote, ...page };
  const { host } = new URL(where.webUrl);
  const token = await githubToken(env, host, { signal });
  if (token !== undefined) return { kind: 'pull_request', remote, github: openGitHub({ where, token, signal }), base };
  if (must) return notConfigured(incident, `there is no token for ${host}`, loginTo(host));
  const hint = `For a pull request: ${loginTo(host)}, then ${approveAgain(incident)}.`;
  return { kind: 'branch', remote, ...page, hint };
}

function notConfigured(incident: string, why: string, lift: string): NotPublished {
  return {
    status: 'not_configured',
    why: `publish.provider is "github", but ${why}`,
    next: `${lift}, then ${approveAgain(incident)}.`,
  };
}
