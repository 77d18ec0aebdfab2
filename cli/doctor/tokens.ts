/**
 * Where a proven fix would go from here, who would be told of what cannot be healed, and whether what that needs is there.
 * No token is printed, sent or tried.
 */
import { openRepository } from '../../context/repository.ts';
import type { Config } from '../../context/schemas/config.ts';
import { channelsWithoutSecret, configuredChannels } from '../../healer/notify/channels.ts';
import { githubRepository } from '../../healer/publishing/github/repository.ts';
import { githubToken, loginTo } from '../../healer/publishing/github/token.ts';
import { findRemote, remoteNames } from '../../healer/worktrees/remote.ts';
import { type Check, check, ok } from './check.ts';

export interface TokenQuestion {
  cwd: string;
  settings: Config['publish'];
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

export function tokenCheck({ cwd, settings, env, signal }: TokenQuestion): Promise<Check> {
  return check('tokens', async () => {
    const repository = await openRepository(cwd);
    const remote = await findRemote(repository);
    if (remote === undefined) return withoutRemote(await remoteNames(repository));
    const where = await githubRepository(repository, remote, env);
    if (where === undefined) return ok(`none needed: branches are pushed to ${remote}, which is not on GitHub`);
    const host = new URL(where.webUrl).host;
    const name = `${host}/${where.owner}/${where.name}`;
    if (settings.provider === 'branch') return ok(`none needed: branches are pushed to ${name} (publish.provider)`);
    const token = await githubToken(env, host, { signal });
    if (token !== undefined) return ok(`there is one for pull requests on ${name} (not tried)`);
    return {
      status: settings.provider === 'github' ? 'fail' : 'warn',
      detail: `none for ${name}: branches are pushed, but no pull request is opened`,
      fix: `${loginTo(host)}.`,
    };
  });
}

function withoutRemote(names: readonly string[]): Omit<Check, 'name'> {
  if (names.length === 0) return ok('none needed: without a remote, a proven fix stays a branch here');
  return {
    status: 'warn',
    detail: `none needed: none of the remotes (${names.join(', ')}) is "origin", so a proven fix stays a branch here`,
    fix: `Say which one fixes are pushed to: \`git config remote.pushDefault ${names[0]}\`.`,
  };
}

/** Channels that people are told over: which of them lack their secret in this environment. */
export function channelCheck(config: Config, env: NodeJS.ProcessEnv): Promise<Check> {
  return check('channels', async () => {
    const configured = configuredChannels(config);
    if (configured.length === 0)
      return ok('nobody is told of what cannot be healed, beyond the report (docs/escalation.md sets up notify)');
    const lacking = channelsWithoutSecret(config, env);
    if (lacking.length === 0) return ok(`what cannot be healed is told over ${configured.join(', ')} (not tried)`);
    return {
      status: 'warn',
      detail: `configured, but without its secret: ${lacking.map(({ channel }) => channel).join(', ')}`,
      fix: `Set ${lacking.map(({ variable }) => variable).join(', ')} in the environment of \`self-healing serve\`.`,
    };
  });
}
