/**
 * What the store throws. It may import no other part, so its errors carry `code`, `next` and a mark by which
 * `events/errors.ts` knows them; an error without the mark is a bug of ours.
 */

/** Something a person can act on went wrong in the store. */
export class StoreError extends Error {
  readonly productError = true as const;
  readonly code: 'failed' | 'not_ready';
  /** What to do now, in one sentence. */
  readonly next: string;

  constructor(message: string, next: string, options: { code?: 'failed' | 'not_ready'; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? 'failed';
    this.next = next;
  }
}

/** The native SQLite part is still being installed, or could not be. */
export class NativePartError extends StoreError {
  constructor(message: string, next: string) {
    super(message, next, { code: 'not_ready' });
  }
}

/** `busy`: another process holds the lock. `damaged`: not a database any more. `storage`: disk full, no right to write, … */
type StorageKind = 'busy' | 'damaged' | 'storage';
export type SqlErrorKind = StorageKind | 'constraint' | 'other';

const STORAGE: Record<StorageKind, { what: string; next: string }> = {
  busy: { what: 'is in use by another process', next: 'Try again in a moment.' },
  damaged: {
    what: 'is damaged',
    next: 'Run the command again: a damaged state database is moved aside and a new one is started.',
  },
  storage: {
    what: 'cannot be read or written',
    next: 'Check that its folder exists, is writable, and that the disk is not full.',
  },
};

/** The database file cannot be used now. */
export class StorageError extends StoreError {
  readonly kind: StorageKind;

  constructor(kind: StorageKind, file: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The database ${file} ${STORAGE[kind].what}: ${reason}.`, STORAGE[kind].next, { cause });
    this.kind = kind;
  }
}

/** SQLite refused a statement: a broken constraint, or SQL that is wrong. A caller expects the one, the other is a bug. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly kind: 'constraint' | 'other';

  constructor(kind: 'constraint' | 'other', sql: string, cause: unknown) {
    super(`${cause instanceof Error ? cause.message : String(cause)} (in: ${sql.trim().slice(0, 200)})`, { cause });
    this.kind = kind;
  }
}
