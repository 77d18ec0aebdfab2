/** Every way in which the plugin reaches a machine. */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import type { Origin } from './origin.ts';

export interface Installed {
  /** Of `claude plugin install` alone: the quickest of up to three, because the machine may be busy. */
  seconds?: number;
  /** What the client keeps of it. */
  cache?: string;
  /** What a session must be told to have the plugin. */
  args: string[];
}

export interface Source {
  name: string;
  install(machine: Machine, origin: Origin): Promise<Installed>;
}

/** What an installation may take. */
export const MAX_SECONDS = 5;

export const SOURCES: Source[] = [
  {
    name: 'git marketplace',
    install: (machine, origin) => fromMarketplace(machine, 'self-healing', origin.url),
  },
  {
    name: 'directory marketplace',
    install: (machine, origin) => fromMarketplace(machine, 'self-healing', origin.checkout),
  },
  {
    name: 'git plugin source (git-subdir)',
    install: (machine, { url }) => fromForeignMarketplace(machine, { source: 'git-subdir', url, path: 'plugin' }),
  },
  {
    name: 'git plugin source (url, ref: release)',
    install: (machine, { url }) => fromForeignMarketplace(machine, { source: 'url', url, ref: 'release' }),
  },
  { name: '--plugin-dir (checkout)', install: async (_, { checkout }) => ({ args: ['--plugin-dir', checkout] }) },
  {
    name: '--plugin-dir (plugin/)',
    install: async (_, { checkout }) => ({ args: ['--plugin-dir', join(checkout, 'plugin')] }),
  },
  {
    name: 'checkout in ~/.claude/skills',
    async install(machine, { url }) {
      await machine.run('git', ['clone', '-q', url, join(machine.home, '.claude', 'skills', 'self-healing')]);
      return { args: [] };
    },
  },
];

async function fromMarketplace(machine: Machine, marketplace: string, from: string): Promise<Installed> {
  await machine.claude('plugin', 'marketplace', 'add', from);
  const plugin = `self-healing@${marketplace}`;
  let seconds = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && seconds > MAX_SECONDS; tries++) {
    if (tries > 0) await machine.claude('plugin', 'uninstall', plugin);
    const start = performance.now();
    await machine.claude('plugin', 'install', plugin);
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return { seconds, cache: join(machine.home, '.claude', 'plugins', 'cache'), args: [] };
}

/** An entry in somebody else's catalogue. */
async function fromForeignMarketplace(machine: Machine, source: object): Promise<Installed> {
  const folder = join(machine.home, 'team-plugins');
  await mkdir(join(folder, '.claude-plugin'), { recursive: true });
  const entry = { name: 'self-healing', description: 'Proven fixes.', source };
  const catalogue = { name: 'team-plugins', owner: { name: 'A team' }, plugins: [entry] };
  await writeFile(join(folder, '.claude-plugin', 'marketplace.json'), JSON.stringify(catalogue));
  return fromMarketplace(machine, 'team-plugins', folder);
}

/** Bytes and names of all files below. */
export async function contentOf(folder: string): Promise<{ bytes: number; names: Set<string> }> {
  const names = new Set<string>();
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    names.add(entry.name);
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return { bytes, names };
}
