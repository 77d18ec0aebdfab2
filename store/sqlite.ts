/**
 * The small synchronous face of SQLite: hides which library is underneath and levels where they differ. Values are text,
 * finite numbers and null; everything else is turned into JSON or text by who stores it. Reads of integers that
 * JavaScript would round are refused. Errors are `StorageError` (the file) or `SqlError` (the statement).
 */
import type { Driver, Statement, Value } from './drivers/driver.ts';
import { SqlError, StorageError } from './errors.ts';
import { loadDriver } from './native.ts';
import { bind, type Parameters, type Placeholders, placeholdersOf } from './parameters.ts';

export type Row = Record<string, Value>;

export interface Database {
  readonly file: string;
  readonly driver: Driver['name'];
  /** `T` names the columns of the statement; the tables are STRICT, so that the types are what the schema says. */
  all<T = Row>(sql: string, parameters?: Parameters): T[];
  get<T = Row>(sql: string, parameters?: Parameters): T | undefined;
  run(sql: string, parameters?: Parameters): { changes: number };
  /** Several statements without parameters. */
  exec(sql: string): void;
  /** Another text as soon as anything may have changed, by this connection or by any other; cheaper than looking. */
  changeMark(): string;
  /** All of `work` or nothing of it. Takes the write lock at once; inside another one it is a savepoint. */
  tx<T>(work: () => T): T;
  close(): void;
}

/** How long a locked database is waited for. Our transactions take milliseconds; this is for a machine under load. */
const BUSY_TIMEOUT_MS = 10_000;

/** Opens or creates the file; its folder must exist. Throws `NativePartError` while no driver is there yet. */
export function openDatabase(file: string, driver: Driver = loadDriver()): Database {
  const database = connect(file, driver);
  try {
    prepareFile(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Pages (of 4 KiB) in the log before it is copied into the file: a page that a storm writes often is copied once. */
const LOGGED_PAGES = 4000;

/** Write-ahead logging, so that readers never wait for a writer; and every commit is on disk before it is answered. */
function prepareFile(database: Database): void {
  database.exec(
    `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
     PRAGMA wal_autocheckpoint = ${LOGGED_PAGES};`,
  );
  const giveUp = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      if (database.get('PRAGMA journal_mode')?.journal_mode !== 'wal') database.get('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      // Two processes that switch at the same time: SQLite answers busy at once, without the timeout.
      if (!(error instanceof StorageError) || error.kind !== 'busy' || Date.now() > giveUp) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function connect(file: string, driver: Driver): Database {
  const attempt = <T>(sql: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const kind = driver.errorKind(error);
      throw kind === 'constraint' || kind === 'other'
        ? new SqlError(kind, sql, error)
        : new StorageError(kind, file, error);
    }
  };
  const connection = attempt('open', () => driver.open(file, BUSY_TIMEOUT_MS));
  const prepared = new Map<string, { statement: Statement; placeholders: Placeholders }>();
  const prepare = (sql: string) => {
    let found = prepared.get(sql);
    if (!found) {
      found = { statement: attempt(sql, () => connection.prepare(sql)), placeholders: placeholdersOf(sql) };
      prepared.set(sql, found);
    }
    return found;
  };
  let depth = 0;
  const MARK = "SELECT data_version || '/' || total_changes() AS mark FROM pragma_data_version";

  const exec = (sql: string) => attempt(sql, () => connection.exec(sql));
  return {
    file,
    driver: driver.name,
    exec,
    changeMark: () => String((attempt(MARK, () => prepare(MARK).statement.get()) as { mark: string }).mark),
    all<T>(sql: string, parameters: Parameters = []) {
      const { statement, placeholders } = prepare(sql);
      const bound = bind(placeholders, parameters);
      return attempt(sql, () => statement.all(...bound)).map((row) => readRow(sql, row) as T);
    },
    get<T>(sql: string, parameters: Parameters = []) {
      const { statement, placeholders } = prepare(sql);
      const bound = bind(placeholders, parameters);
      const row = attempt(sql, () => statement.get(...bound));
      return row === undefined ? undefined : (readRow(sql, row) as T);
    },
    run(sql, parameters = []) {
      const { statement, placeholders } = prepare(sql);
      const bound = bind(placeholders, parameters);
      return { changes: Number(attempt(sql, () => statement.run(...bound)).changes) };
    },
    tx(work) {
      const name = `nested_${depth}`;
      exec(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${name}`);
      const outermost = depth === 0;
      depth++;
      try {
        const result = work();
        if (result instanceof Promise)
          throw new TypeError('A transaction is synchronous; its work returned a promise.');
        exec(outermost ? 'COMMIT' : `RELEASE ${name}`);
        return result;
      } catch (error) {
        try {
          exec(outermost ? 'ROLLBACK' : `ROLLBACK TO ${name}; RELEASE ${name}`);
        } catch {
          // A full disk ends the transaction by itself; what happened first is what the caller needs to know.
        }
        throw error;
      } finally {
        depth--;
      }
    },
    close: () => connection.close(),
  };
}

/** A plain object (node:sqlite gives one without prototype) whose integers are the ones that were stored. */
function readRow(sql: string, row: unknown): Row {
  const plain: Row = { ...(row as Row) };
  for (const [name, value] of Object.entries(plain)) {
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new SqlError('other', sql, new RangeError(`Column ${name} holds an integer beyond 2^53`));
  }
  return plain;
}
