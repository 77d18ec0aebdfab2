/**
 * The settings of Claude Code that count in a repository, as far as they decide whether hooks fire: the user's own, the
 * project's two, and the policy of whoever manages the machine. Nothing else in these files is looked at or copied.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonProblem } from './json-problem.ts';

/** Variables that take the client its plugins and hooks. */
export const SILENCING_VARIABLES = ['CLAUDE_CODE_SAFE_MODE', 'CLAUDE_CODE_SIMPLE'] as const;

const flag = z.boolean().optional().catch(undefined);
const settingsSchema = z.object({
  disableAllHooks: flag,
  /** Counts in a policy only, like the two after it. */
  allowManagedHooksOnly: flag,
  strictKnownMarketplaces: z.array(z.unknown()).optional().catch(undefined),
  hooks: z.record(z.string(), z.unknown()).optional().catch(undefined),
  enabledPlugins: z.record(z.string(), z.unknown()).optional().catch(undefined),
  env: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
export type ClientSettings = z.infer<typeof settingsSchema>;

export type SettingsSource = 'user' | 'project' | 'policy';

export interface SettingsFile {
  file: string;
  source: SettingsSource;
  settings: ClientSettings;
}

export interface SettingsPlaces {
  /** The client's folder of this user. */
  config: string;
  /** Root of the repository; undefined outside of one. */
  root: string | undefined;
  policy: string;
}

export interface ClientSettingsRead {
  files: SettingsFile[];
  /** Why files could not be read, each with file:line:column. */
  problems: string[];
}

/** Where policies lie that are files; what comes by MDM, the registry or the organisation's server is not to be seen here. */
export function policyFolder(platform = process.platform): string {
  if (platform === 'darwin') return '/Library/Application Support/ClaudeCode';
  return platform === 'win32' ? 'C:\\Program Files\\ClaudeCode' : '/etc/claude-code';
}

export async function readClientSettings({ config, root, policy }: SettingsPlaces): Promise<ClientSettingsRead> {
  const dropIns = join(policy, 'managed-settings.d');
  const names = await readdir(dropIns).catch((): string[] => []);
  const places: [SettingsSource, string][] = [
    ['policy', join(policy, 'managed-settings.json')],
    ...names
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .sort()
      .map((name): [SettingsSource, string] => ['policy', join(dropIns, name)]),
    ['user', join(config, 'settings.json')],
    ...(root === undefined ? [] : projectFiles(root).map((file): [SettingsSource, string] => ['project', file])),
  ];
  const read: ClientSettingsRead = { files: [], problems: [] };
  for (const [source, file] of places) {
    const text = await textOf(file);
    if (text === undefined) continue;
    const problem = jsonProblem(text);
    if (problem) {
      read.problems.push(`${file}:${problem.line}:${problem.column}: ${problem.message}`);
      continue;
    }
    const settings = settingsSchema.safeParse(JSON.parse(text));
    if (settings.success) read.files.push({ source, file, settings: settings.data });
    else read.problems.push(`${file}:1:1: it has to be a JSON object`);
  }
  return read;
}

/** In the order in which the later one wins. */
export function projectFiles(root: string): [shared: string, local: string] {
  return [join(root, '.claude', 'settings.json'), join(root, '.claude', 'settings.local.json')];
}

/** `<plugin>@<marketplace>`: our plugin, from wherever. */
export function isOurs(plugin: string): boolean {
  return plugin.startsWith('self-healing@');
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
