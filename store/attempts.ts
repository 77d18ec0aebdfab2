/** How the parent judged each attempt of a round, for the runs after it and for reports. */
import type { Database } from './sqlite.ts';

export interface JudgedAttemptRow {
  incident: string;
  round: number;
  attempt: number;
  /** The failure mode; null when it was proven. */
  mode: string | null;
  /** One paragraph: why, what the gate found, which criteria did not hold. */
  why: string;
  /** ISO 8601. */
  at: string;
}

/** An attempt that is judged again has the later judgement. */
export function saveJudgedAttempt(database: Database, row: JudgedAttemptRow): void {
  database.run(
    `INSERT INTO judged_attempts (incident, round, attempt, mode, why, at)
     VALUES (:incident, :round, :attempt, :mode, :why, :at)
     ON CONFLICT (incident, round, attempt) DO UPDATE SET mode = :mode, why = :why, at = :at`,
    { ...row },
  );
}

/** In the order of the attempts. */
export function judgedAttempts(database: Database, incident: string, round: number): JudgedAttemptRow[] {
  return database.all<JudgedAttemptRow>(
    'SELECT * FROM judged_attempts WHERE incident = ? AND round = ? ORDER BY attempt',
    [incident, round],
  );
}
