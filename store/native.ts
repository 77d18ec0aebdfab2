/**
 * Which SQLite this process uses. A plugin is installed without install scripts, so better-sqlite3's native part is often
 * missing; where Node has no SQLite of its own either, it is installed once, in the background, and until then every
 * call is answered with a clear "not ready".
 */
import { dataFolders } from './data-folders.ts';
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
