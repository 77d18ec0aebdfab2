/** better-sqlite3: the only driver on Node 20, and the quickest everywhere, where its native part loads. */
import { createRequire } from 'node:module';
import { type Connection, type Driver, kindOfResultCode } from './driver.ts';

type Constructor = new (file: string, options?: { timeout: number }) => Connection;

/** Its errors name the result code; these are the names whose number decides anything. */
const CODES: Record<string, number> = {
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  CONSTRAINT: 19,
  NOTADB: 26,
};

/**
 * The driver as found from `from` (a file, or a folder ending in `/`), or undefined when the package is not there or its
 * native part does not load in this Node. The package loads its native part at the first open, so one is tried.
 */
export function loadBetterSqlite3(from: string | URL): Driver | undefined {
  let Native: Constructor;
  try {
    Native = createRequire(from)('better-sqlite3') as Constructor;
    new Native(':memory:').close();
  } catch {
    return undefined;
  }
  return {
    name: 'better-sqlite3',
    open: (file, timeoutMs) => new Native(file, { timeout: timeoutMs }),
    errorKind(error) {
      const name = /^SQLITE_([A-Z]+)/.exec((error as { code?: string }).code ?? '')?.[1];
      if (name !== undefined) return kindOfResultCode(CODES[name] ?? 0);
      // Before it asks SQLite at all, it looks for the folder itself and throws a TypeError.
      return error instanceof TypeError && error.message.includes('directory does not exist') ? 'storage' : 'other';
    },
  };
}
