/** The token for GitHub: from the environment, else from the GitHub CLI. It is never printed, logged or put into an error. */
import { homedir } from 'node:os';
import { runGroup } from '../../../gate/process-group.ts';
import { isHosted } from './repository.ts';

export interface TokenOptions {
  signal?: AbortSignal | undefined;
  /** For the GitHub CLI, which may wait for a locked keyring; default 10 s. */
  timeoutMs?: number;
}

/**
 * `host` is the host of the web pages (`github.com`). `GITHUB_TOKEN`, then `GH_TOKEN`; for a GitHub Enterprise Server
 * the CLI's own `GH_ENTERPRISE_TOKEN` and `GITHUB_ENTERPRISE_TOKEN` go first, because the other two may be meant for
 * github.com. Undefined when there is none.
 */
export async function githubToken(
  env: NodeJS.ProcessEnv,
  host: string,
  options: TokenOptions = {},
): Promise<string | undefined> {
  for (const name of variables(env, host)) {
    const token = usable(env[name]);
    if (token !== undefined) return token;
  }
  return tokenOfCli(env, host, options);
}

/** How a person gives us one: a sentence without its last period. */
export function loginTo(host: string): string {
  return `Set GITHUB_TOKEN, or run \`gh auth login${host === 'github.com' ? '' : ` --hostname ${host}`}\``;
}

function variables(env: NodeJS.ProcessEnv, host: string): string[] {
  const names = isHosted(host) ? ['GH_TOKEN'] : ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN', 'GH_TOKEN'];
  // In a workflow GITHUB_TOKEN belongs to the server that runs it; another server shall not see it.
  const server = env.GITHUB_SERVER_URL ?? '';
  const foreign = URL.canParse(server) && new URL(server).host !== host;
  return foreign ? names : [...names.slice(0, -1), 'GITHUB_TOKEN', 'GH_TOKEN'];
}

/** The CLI keeps its token in the system's keyring, so it gets the whole environment and the user's home. */
async function tokenOfCli(env: NodeJS.ProcessEnv, host: string, options: TokenOptions): Promise<string | undefined> {
  const inherited = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const result = await runGroup(
    { argv: ['gh', 'auth', 'token', '--hostname', host] },
    {
      cwd: homedir(), // nothing in the repository takes part
      env: {
        ...Object.fromEntries(inherited),
        GH_PROMPT_DISABLED: '1',
        GH_NO_UPDATE_NOTIFIER: '1',
        NO_COLOR: '1',
      },
      timeoutMs: options.timeoutMs ?? 10_000,
      signal: options.signal,
      keep: { output: 4096, stdout: 4096 },
    },
  );
  return result.exit === 0 ? usable(result.stdout) : undefined;
}

/** One printable word: anything else could not stand in a header, and the error about it would print it. */
function usable(value: string | undefined): string | undefined {
  const token = value?.trim();
  return token !== undefined && /^[\x21-\x7e]{1,1000}$/.test(token) ? token : undefined;
}
