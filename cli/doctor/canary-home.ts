/**
 * The place in which the canary runs: an empty repository and a HOME of its own, made to be like the user's in what decides
 * whether hooks fire, and in nothing else. No login, no key and no conversation is in it.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git } from '../../context/git.ts';
import { openRepository, productHome } from '../../context/repository.ts';
import {
  type ClientSettings,
  isOurs,
  projectFiles,
  type SettingsFile,
  SILENCING_VARIABLES,
} from './client-settings.ts';

/** Where our launcher looks for Node.js besides PATH. */
const NODE_MANAGERS = ['.nvm', '.volta', '.asdf', '.local/share/fnm', '.local/share/mise'];

export interface CanaryHome {
  home: string;
  cwd: string;
  /** Besides what the scripted model needs. */
  env: Record<string, string>;
  remove(): Promise<void>;
}

export async function makeCanaryHome(
  files: readonly SettingsFile[],
  config: string,
  env: NodeJS.ProcessEnv,
): Promise<CanaryHome> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'self-healing-canary-')));
  const [home, cwd] = [join(folder, 'home'), join(folder, 'repository')];
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  try {
    await mkdir(cwd);
    await git(['init', '-q', '-b', 'main'], { cwd });
    await copySettings(files, home, cwd);
    await lendTools(home, config);
    const state = (await openRepository(cwd)).home;
    const given = SILENCING_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : []));
    return {
      home,
      cwd,
      env: { ...Object.fromEntries(given), SELF_HEALING_HOME: productHome() },
      remove: async () => {
        await remove();
        // What the server noted about the canary's own repository; where it could note nothing, that is its row.
        await rm(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch(() => {});
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The policy needs no copy: the client reads it from its own place. */
async function copySettings(files: readonly SettingsFile[], home: string, cwd: string): Promise<void> {
  const [shared, local] = projectFiles(cwd);
  for (const { source, file, settings } of files) {
    if (source === 'policy') continue;
    const isLocal = file.endsWith('settings.local.json');
    const copy = source === 'user' ? join(home, '.claude', 'settings.json') : isLocal ? local : shared;
    await mkdir(dirname(copy), { recursive: true });
    await writeFile(copy, JSON.stringify(silencing(settings)));
  }
}

function silencing({ disableAllHooks, env = {}, enabledPlugins = {} }: ClientSettings): Record<string, unknown> {
  const names = SILENCING_VARIABLES.filter((name) => typeof env[name] === 'string');
  const off = Object.entries(enabledPlugins).filter(([name, on]) => isOurs(name) && on === false);
  return {
    ...(disableAllHooks !== undefined && { disableAllHooks }),
    ...(names.length > 0 && { env: Object.fromEntries(names.map((name) => [name, env[name]])) }),
    ...(off.length > 0 && { enabledPlugins: Object.fromEntries(off) }),
  };
}

/** Node.js that a version manager keeps, and SQLite's native part where a session has installed it. */
async function lendTools(home: string, config: string): Promise<void> {
  const data = join(config, 'plugins', 'data');
  const ours = (await readdir(data).catch((): string[] => [])).filter((name) => name.startsWith('self-healing-'));
  const links: [from: string, to: string][] = [
    ...NODE_MANAGERS.map((path): [string, string] => [join(homedir(), path), join(home, path)]),
    ...ours.map((name): [string, string] => [join(data, name), join(home, '.claude', 'plugins', 'data', name)]),
  ];
  for (const [from, to] of links) {
    if (!existsSync(from)) continue;
    await mkdir(dirname(to), { recursive: true });
    await symlink(from, to);
  }
  await mkdir(home, { recursive: true });
}
