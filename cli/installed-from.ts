/**
 * Where this installation can be fetched again by a machine that has none: the git repository and revision it came from.
 * Known for a checkout of the project and for what Claude Code installed from a marketplace.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { tryGit } from '../context/git.ts';
import { withoutCredentials } from '../healer/worktrees/remote.ts';

export interface InstallationSource {
  /** An address that needs no key, such as https. */
  url: string;
  /** A commit where it is known to be on the remote, else the tag of the version. */
  ref: string;
}

/** `folder` is any folder of the installation. Undefined when it came from elsewhere, such as an archive. */
export async function installedFrom(
  folder: string,
  version: string,
  home = homedir(),
): Promise<InstallationSource | undefined> {
  return (await fromCheckout(folder, version)) ?? (await fromMarketplace(folder, version, home));
}

async function fromCheckout(folder: string, version: string): Promise<InstallationSource | undefined> {
  const said = async (...args: string[]) => {
    const { exit, stdout } = await tryGit(args, { cwd: folder });
    return exit === 0 ? stdout.trim() : '';
  };
  const root = await said('rev-parse', '--show-toplevel');
  // Below somebody's node_modules the repository around it is not ours.
  if (root === '' || (await pluginName(root)) !== 'self-healing') return undefined;
  const url = fetchable(await said('remote', 'get-url', 'origin'));
  if (url === undefined) return undefined;
  const published = await said('branch', '--remotes', '--contains', 'HEAD');
  return { url, ref: published === '' ? `v${version}` : await said('rev-parse', 'HEAD') };
}

const marketplaces = z.record(z.string(), z.unknown());
/** Of another kind than these, such as a folder, it cannot be fetched elsewhere. */
const marketplace = z.object({
  source: z.union([
    z.object({ source: z.literal('github'), repo: z.string() }),
    z.object({ source: z.enum(['git', 'url']), url: z.string() }),
  ]),
});

/** Installed plugins run from `plugins/cache/<marketplace>/<plugin>/<version>`. */
async function fromMarketplace(folder: string, version: string, home: string): Promise<InstallationSource | undefined> {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    const cached = dirname(dirname(at));
    if (basename(dirname(cached)) !== 'cache') continue;
    const known = marketplaces.safeParse(await json(join(home, '.claude', 'plugins', 'known_marketplaces.json')));
    const found = marketplace.safeParse(known.data?.[basename(cached)]);
    if (!found.success) continue;
    const { source } = found.data;
    const url = fetchable(source.source === 'github' ? `https://github.com/${source.repo}.git` : source.url);
    return url === undefined ? undefined : { url, ref: `v${version}` };
  }
  return undefined;
}

async function pluginName(root: string): Promise<string | undefined> {
  const manifest = z.object({ name: z.string() }).safeParse(await json(join(root, '.claude-plugin', 'plugin.json')));
  return manifest.success ? manifest.data.name : undefined;
}

async function json(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** `git@host:owner/name` needs a key that a CI job does not have; a folder of this machine is nowhere else. */
function fetchable(url: string): string | undefined {
  const address = url.replace(/^(?:ssh:\/\/)?[\w.-]+@([\w.-]+)(?::\d+\/|[:/])/, 'https://$1/');
  return /^https?:\/\//.test(address) ? withoutCredentials(address) : undefined;
}
