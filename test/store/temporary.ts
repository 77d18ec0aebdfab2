/** Folders and databases of one test, gone afterwards. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Database } from '../../store/sqlite.ts';
import { openState } from '../../store/state-db.ts';

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'self-healing store ')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryState(): Database {
  const database = openState(temporaryFolder());
  onTestFinished(() => database.close());
  return database;
}
