/** What a SQLite library has to offer, and no more: the little that both of ours do in the same way. */
import type { SqlErrorKind } from '../errors.ts';

export type Value = string | number | null;
/** Either spread into the library's call, or one object with exactly the statement's names. */
export type Bound = readonly Value[] | readonly [Readonly<Record<string, Value>>];

export interface Statement {
  all(...params: Bound): unknown[];
  get(...params: Bound): unknown;
  run(...params: Bound): { changes: number | bigint };
}

export interface Connection {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

export interface Driver {
  readonly name: 'better-sqlite3' | 'node:sqlite';
  /** Opens or creates `file`; a locked database is waited for up to `timeoutMs`. */
  open(file: string, timeoutMs: number): Connection;
  errorKind(error: unknown): SqlErrorKind;
}

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html */
const KINDS: Record<number, SqlErrorKind> = {
  5: 'busy', // SQLITE_BUSY
  6: 'busy', // SQLITE_LOCKED
  8: 'storage', // SQLITE_READONLY
  10: 'storage', // SQLITE_IOERR
  11: 'damaged', // SQLITE_CORRUPT
  13: 'storage', // SQLITE_FULL
  14: 'storage', // SQLITE_CANTOPEN
  19: 'constraint', // SQLITE_CONSTRAINT
  26: 'damaged', // SQLITE_NOTADB
};

/** The kind of a result code; extended codes carry the primary one in their low byte. */
export function kindOfResultCode(code: number): SqlErrorKind {
  return KINDS[code & 0xff] ?? 'other';
}
