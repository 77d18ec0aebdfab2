/** That a proposal was merged: which commit, when, by whom, and whether it is what was proven. One row a round. */
import type { Database } from './sqlite.ts';

export interface Merge {
  incident: string;
  round: number;
  /** On the base branch. */
  commit: string;
  /** ISO 8601, as GitHub or the commit says. */
  merged_at: string;
  /** `github:<login>`, or the committer's name where only git tells. */
  merged_by: string;
  /** `auto_merge`: asked for by this product. `git`: found on the base branch. */
  how: 'pull_request' | 'auto_merge' | 'git';
  /** 1 when the merged change is the proven one to the letter. */
  unchanged: 0 | 1;
  /** Of the pull request. */
  url: string | null;
  /** ISO 8601: when it was noticed. */
  at: string;
}

/** False when the round's merge is known already. */
export function addMerge(database: Database, merge: Merge): boolean {
  const { changes } = database.run(
    `INSERT OR IGNORE INTO merges (incident, round, commit_id, merged_at, merged_by, how, unchanged, url, at)
     VALUES (:incident, :round, :commit, :merged_at, :merged_by, :how, :unchanged, :url, :at)`,
    { ...merge },
  );
  return changes === 1;
}

export function mergeOf(database: Database, incident: string, round: number): Merge | undefined {
  return database.get<Merge>(
    `SELECT incident, round, commit_id AS "commit", merged_at, merged_by, how, unchanged, url, at FROM merges
     WHERE incident = ? AND round = ?`,
    [incident, round],
  );
}
