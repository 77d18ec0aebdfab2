/**
 * Opens a repository's state database, and makes the folder around it. What is in it came in volume and may be lost; so
 * a damaged file is moved aside, never deleted, and a new one is started.
 */
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StorageError, StoreError } from './errors.ts';
import { withFileLock } from './file-lock.ts';
import { migrate } from './migrate.ts';
import { type Database, openDatabase } from './sqlite.ts';

/** Up to this size the whole file is checked at every open (1 ms per MB); a larger one shows damage when it is read. */
const CHECKED_BYTES = 16_000_000;

export interface OpenOptions {
  /** Told when a damaged database was moved aside. Default: a line on stderr. */
  notice?: (text: string) => void;
  now?: () => Date;
}

/** `root` is the main checkout. Throws StoreError: not ready, too new, not writable. */
export function openState(root: string, options: OpenOptions = {}): Database {
  const folder = join(root, '.self-healing');
  try {
    prepareFolder(folder);
  } catch (error) {
    throw new StoreError(
      `The folder ${folder} cannot be created: ${(error as Error).message}.`,
      existsSync(folder) && !statSync(folder).isDirectory()
        ? `Rename or remove the file ${folder}: a folder of that name is needed.`
        : 'Make the repository writable for this user.',
      { cause: error },
    );
  }
  const file = join(folder, 'state.db');
  try {
    return openChecked(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return replaceDamaged(file, options);
  }
}

function prepareFolder(folder: string): void {
  mkdirSync(join(folder, 'reports'), { recursive: true });
  try {
    writeFileSync(join(folder, '.gitignore'), 'state.db*\n.gitignore\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // the person's own stays as it is
  }
}

function openChecked(file: string): Database {
  const database = openDatabase(file);
  try {
    if (statSync(file).size <= CHECKED_BYTES) checkWhole(database);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function checkWhole(database: Database): void {
  const found = database.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check;
  if (found !== 'ok') throw new StorageError('damaged', database.file, new Error(found));
}

function isDamage(error: unknown): boolean {
  return error instanceof StorageError && error.kind === 'damaged';
}

function replaceDamaged(file: string, { notice = onStderr, now = () => new Date() }: OpenOptions): Database {
  return withFileLock(join(dirname(file), 'state.db.moving'), () => {
    try {
      return openChecked(file); // another process has replaced it meanwhile
    } catch (error) {
      if (!isDamage(error)) throw error;
      const stamp = now().toISOString().replaceAll(/[-:]/g, '');
      const moved = `${file}.damaged-${stamp}`;
      for (const part of ['-wal', '-shm', '']) {
        if (existsSync(file + part)) renameSync(file + part, moved + part);
      }
      const database = openChecked(file);
      notice(
        `The state database was damaged (${(error as Error).message}) It was kept as ${moved}; a new, empty one is in use. ` +
          'Incidents and runs recorded before are only in the old file; everything in YAML and git is untouched.',
      );
      return database;
    }
  });
}

function onStderr(text: string): void {
  process.stderr.write(`${text}\n`);
}
