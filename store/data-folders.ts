/**
 * Where parts that are fetched once may lie: the plugin's data folder, which only the client's processes are told; the
 * product's own; and, so that a terminal uses what a session has installed, those that the client keeps for our plugin.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** The first is where something new is put. */
export function dataFolders(): [string, ...string[]] {
  const { CLAUDE_PLUGIN_DATA, SELF_HEALING_HOME, XDG_STATE_HOME } = process.env;
  const home = SELF_HEALING_HOME
    ? resolve(SELF_HEALING_HOME)
    : join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'self-healing');
  const rest = [home, ...pluginDataFolders()];
  return CLAUDE_PLUGIN_DATA && isAbsolute(CLAUDE_PLUGIN_DATA) ? [CLAUDE_PLUGIN_DATA, ...rest] : [home, ...rest];
}

/** One for each way the plugin was ever installed: `self-healing-<marketplace>`, `self-healing-inline`, … */
function pluginDataFolders(): string[] {
  const data = join(process.env.CLAUDE_CONFIG_DIR || join(homedir(), '.claude'), 'plugins', 'data');
  if (!existsSync(data)) return [];
  return readdirSync(data)
    .filter((name) => name.startsWith('self-healing-'))
    .map((name) => join(data, name));
}
