/** Diffs that were refused or rolled back, kept so that no later fix repeats them. */
import type { Database } from './sqlite.ts';

export interface RefusedDiff {
  incident: string;
  round: number;
  reason: string;
  diff: string;
  /** ISO 8601. */
  at: string;
}

export function addRefusedDiff(database: Database, refused: RefusedDiff): void {
  database.run(
    `INSERT INTO refused_diffs (incident, round, reason, diff, at) VALUES (:incident, :round, :reason, :diff, :at)`,
    { ...refused },
  );
}

/** Newest first; of every incident when none is given. */
export function refusedDiffs(database: Database, query: { incident?: string; limit?: number } = {}): RefusedDiff[] {
  return database.all<RefusedDiff>(
    `SELECT incident, round, reason, diff, at FROM refused_diffs
     WHERE :incident IS NULL OR incident = :incident ORDER BY id DESC LIMIT :limit`,
    { incident: query.incident ?? null, limit: query.limit ?? -1 },
  );
}
