/**
 * Whether a git remote is a repository on GitHub, and where GitHub's REST API for it is: github.com, a company's own
 * `*.ghe.com`, or the GitHub Enterprise Server that `GITHUB_SERVER_URL` and `GITHUB_API_URL` name.
 */
import { tryGit } from '../../../context/git.ts';
import type { Repository } from '../../../context/repository.ts';
import { parseAddress, type RemoteAddress } from './address.ts';

export interface GitHubRepository {
  owner: string;
  name: string;
  /** REST root without a slash at its end, such as `https://api.github.com`. */
  apiUrl: string;
  /** Root of the web pages without a slash at its end, such as `https://github.com`. */
  webUrl: string;
}

/**
 * Undefined when the remote is elsewhere. The address counts as it is written in the configuration; only where that
 * names no GitHub repository, the one git makes of it (`url.<base>.insteadOf`) is looked at too, so that `gh:owner/name`
 * works and a rewriting to a mirror or a proxy does not hide that the repository is on GitHub.
 */
export async function githubRepository(
  repository: Repository,
  remote: string,
  env: NodeJS.ProcessEnv,
): Promise<GitHubRepository | undefined> {
  const questions = [
    ['config', '--get', `remote.${remote}.pushurl`],
    ['config', '--get', `remote.${remote}.url`],
    ['remote', 'get-url', '--push', remote],
  ];
  for (const question of questions) {
    const said = await tryGit(question, { cwd: repository.root });
    const address = said.exit === 0 ? parseAddress(said.stdout) : undefined;
    const found = address === undefined ? undefined : whereIs(address, env);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where the API and the pages of the repository at this address are; undefined when its host is no GitHub we know of. */
export function whereIs({ host, owner, name }: RemoteAddress, env: NodeJS.ProcessEnv): GitHubRepository | undefined {
  const api = rootOf(env.GITHUB_API_URL);
  const server = rootOf(env.GITHUB_SERVER_URL) ?? serverOf(api);
  if (server !== undefined && names(server, host)) {
    const webUrl = text(server);
    return { owner, name, webUrl, apiUrl: api === undefined ? apiOf(server) : text(api) };
  }
  if (!isHosted(host)) return undefined;
  const webUrl = `https://${host}`;
  // The variables may describe another server, as in the workflows of a GitHub Enterprise Server: its API knows nothing
  // of github.com. Anything else is an endpoint put in GitHub's place on purpose.
  const elsewhere = api === undefined || serverOf(api) !== undefined || server !== undefined;
  return { owner, name, webUrl, apiUrl: elsewhere ? apiOf(new URL(webUrl)) : text(api) };
}

/** On GitHub's own machines: github.com, or a company's `*.ghe.com`. */
export function isHosted(host: string): boolean {
  return host === 'github.com' || host.endsWith('.ghe.com');
}

/** The server whose API this address is by its shape alone. */
function serverOf(api: URL | undefined): URL | undefined {
  if (api === undefined) return undefined;
  if (/^\/api\/v3\/?$/.test(api.pathname)) return new URL(api.origin);
  const web = /^api\.(github\.com|[\w-]+\.ghe\.com)$/.exec(api.host)?.[1];
  return web === undefined ? undefined : new URL(`https://${web}`);
}

function apiOf(server: URL): string {
  return isHosted(server.host) ? `https://api.${server.host}` : `${text(server)}/api/v3`;
}

/** An address without a port is the same machine: SSH has a port of its own. */
function names(server: URL, host: string): boolean {
  return host === server.host || host === server.hostname;
}

function rootOf(value: string | undefined): URL | undefined {
  if (value === undefined || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

/** Credentials, query and fragment never travel on. */
function text(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
