/** Brings a database to the newest schema, safely when several processes open it for the first time at once. */
import { StoreError } from './errors.ts';
import { MIGRATIONS } from './schema.ts';
import type { Database } from './sqlite.ts';

/** Throws StoreError when the database was written by a newer version of the product. */
export function migrate(database: Database, migrations: readonly string[] = MIGRATIONS): void {
  while (versionOf(database) !== migrations.length) {
    database.tx(() => {
      // Read again under the write lock: another process may have been quicker.
      const version = versionOf(database);
      if (version > migrations.length) throw tooNew(database.file, version, migrations.length);
      const step = migrations[version];
      if (step !== undefined) database.exec(`${step}; PRAGMA user_version = ${version + 1}`);
    });
  }
}

function versionOf(database: Database): number {
  return Number(database.get('PRAGMA user_version')?.user_version);
}

function tooNew(file: string, version: number, known: number): StoreError {
  return new StoreError(
    `${file} was written by a newer self-healing (its schema is version ${version}, this one knows ${known}).`,
    'Nothing was changed. Update self-healing: `claude plugin update self-healing@self-healing` (other ways to install: docs/install.md).',
  );
}
