/**
 * Which SQLite this process uses. A plugin is installed without install scripts, so better-sqlite3's native part is often
 * missing; where Node has no SQLite of its own either, it is installed once, in the background, and until then every
 * call is answered with a clear "not ready".
 */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { loadBetterSqlite3 } from './drivers/better-sqlite3.ts';
import type { Driver } from './drivers/driver.ts';
import { loadNodeSqlite } from './drivers/node-sqlite.ts';
import { installation, installedDriver } from './native-install.ts';

let loaded: Driver | undefined;

/** The first driver that works here; throws `NativePartError` (code `not_ready`) while there is none. */
export function loadDriver(): Driver {
  loaded ??=
    loadBetterSqlite3(import.meta.url) ?? fromDataFolders() ?? loadNodeSqlite() ?? installation(dataFolders()[0]);
  return loaded;
}

function fromDataFolders(): Driver | undefined {
  for (const folder of dataFolders()) {
    const driver = installedDriver(folder);
    if (driver) return driver;
  }
  return undefined;
}

/** Where the native part may lie: the plugin's data folder, which only the client's processes know, and the product's own. */
function dataFolders(): [string, ...string[]] {
  const { CLAUDE_PLUGIN_DATA, SELF_HEALING_HOME, XDG_STATE_HOME } = process.env;
  const home = SELF_HEALING_HOME
    ? resolve(SELF_HEALING_HOME)
    : join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'self-healing');
  return CLAUDE_PLUGIN_DATA && isAbsolute(CLAUDE_PLUGIN_DATA) ? [CLAUDE_PLUGIN_DATA, home] : [home];
}
