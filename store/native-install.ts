/** better-sqlite3 with its native part, as `package-install.ts` installs it. */
import { loadBetterSqlite3 } from './drivers/better-sqlite3.ts';
import type { Driver } from './drivers/driver.ts';
import * as packages from './package-install.ts';

/** The version of package.json; a test holds the two together. */
export const NATIVE_VERSION = '12.11.1';

const SQLITE: packages.Installable<Driver> = {
  name: "SQLite's native part",
  // A native part fits one version, system and Node ABI.
  key: ['better-sqlite3', NATIVE_VERSION, process.platform, process.arch, process.versions.modules].join('-'),
  dependencies: { 'better-sqlite3': NATIVE_VERSION },
  scripts: true,
  instead: 'Node.js 22.13 or newer needs no installation.',
  load: (folder) => loadBetterSqlite3(`${folder}/`),
};

/** The driver of a finished installation in this data folder. */
export function installedDriver(data: string): Driver | undefined {
  return packages.installed(data, SQLITE);
}

/** Whether an installation into this data folder was begun and nobody has used it yet. */
export function isBegun(data: string): boolean {
  return packages.isBegun(data, SQLITE);
}

/** The driver of an installation that has just ended; else throws how it stands. `npm` and `now` are given by tests. */
export function installation(data: string, npm?: string, now?: number): Driver {
  return packages.installation(data, SQLITE, npm, now);
}
