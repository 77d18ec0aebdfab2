/**
 * Which SQLite this process uses. A plugin is installed without install scripts, so better-sqlite3's native part is often
 * missing; where Node has no SQLite of its own either, it is installed once, in the background, and until then every
 * call is answered with a clear "not ready".
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { loadBetterSqlite3 } from './drivers/better-sqlite3.ts';
import type { Driver } from './drivers/driver.ts';
import { loadNodeSqlite } from './drivers/node-sqlite.ts';
import { installation, installedDriver, isBegun } from './native-install.ts';

let loaded: Driver | undefined;

/** The first driver that works here; throws `NativePartError` (code `not_ready`) while there is none. */
export function loadDriver(): Driver {
  loaded ??= loadBetterSqlite3(import.meta.url) ?? fromDataFolders() ?? loadNodeSqlite() ?? install();
  return loaded;
}

function fromDataFolders(): Driver | undefined {
  for (const folder of dataFolders()) {
    const driver = installedDriver(folder);
    if (driver) return driver;
  }
  return undefined;
}

/** Where somebody has begun it already, else in the first folder. */
function install(): Driver {
  const folders = dataFolders();
  return installation(folders.find(isBegun) ?? folders[0]);
}

/**
 * Where the native part may lie: the plugin's data folder, which only the client's processes are told; the product's own;
 * and, so that a terminal uses what a session has installed, those that the client keeps for our plugin.
 */
function dataFolders(): [string, ...string[]] {
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
