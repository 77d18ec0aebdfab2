/** The rows of a running service, read from outside while it writes them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../store/sqlite.ts';
import type { IncidentStatus } from '../../../store/states.ts';

export interface Step {
  incident: string;
  from_status: IncidentStatus | null;
  to_status: IncidentStatus;
  why: string;
}

export interface Rows {
  incidents: { incident: string; status: IncidentStatus; round: number; count: number; error: string }[];
  steps: Step[];
  proposals: { incident: string; round: number; branch: string }[];
  /** `ok`, or what SQLite finds wrong. */
  integrity: string;
}

/** Undefined while there is no database yet. */
export function readRows(root: string, { thorough = false } = {}): Rows | undefined {
  const file = join(root, '.self-healing', 'state.db');
  if (!existsSync(file)) return undefined;
  const database = openDatabase(file);
  try {
    if (database.get("SELECT 1 FROM sqlite_master WHERE name = 'proposals'") === undefined) return undefined;
    return {
      incidents: database.all<Rows['incidents'][number]>('SELECT incident, status, round, count, error FROM incidents'),
      steps: database.all<Step>('SELECT incident, from_status, to_status, why FROM transitions ORDER BY id'),
      proposals: database.all<Rows['proposals'][number]>('SELECT incident, round, branch FROM proposals'),
      integrity: thorough ? String(database.get('PRAGMA integrity_check')?.integrity_check) : 'not asked',
    };
  } finally {
    database.close();
  }
}
