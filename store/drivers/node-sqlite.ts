/** node:sqlite, part of Node from 22.13 on: nothing to install. */
import { type Connection, type Driver, kindOfResultCode } from './driver.ts';

interface NodeSqlite {
  DatabaseSync: new (file: string, options: { timeout: number }) => Connection;
}

/** Node 22 warns at the first load that the module is experimental; a plugin's users cannot act on that. */
function loadSilently(): NodeSqlite | undefined {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The driver, or undefined where this Node has no node:sqlite. */
export function loadNodeSqlite(): Driver | undefined {
  const module = loadSilently();
  return (
    module && {
      name: 'node:sqlite',
      open: (file, timeoutMs) => new module.DatabaseSync(file, { timeout: timeoutMs }),
      errorKind: (error) => kindOfResultCode((error as { errcode?: number }).errcode ?? 0),
    }
  );
}
