/** The one rollback that a round may have: decided once, and begun once, over crashes and restarts. */
import type { Database } from './sqlite.ts';

export interface Rollback {
  incident: string;
  round: number;
  mode: 'propose' | 'command' | 'off';
  why: string;
  /** ISO 8601: when it was decided. */
  at: string;
  state: 'due' | 'running' | 'done' | 'failed';
  /** Of the revert. */
  branch: string | null;
  commit: string | null;
  url: string | null;
  /** What came of it, or what stands in its way; of a command its output. */
  outcome: string;
  tries: number;
  due_at_ms: number;
}

const COLUMNS = 'incident, round, mode, why, at, state, branch, commit_id AS "commit", url, outcome, tries, due_at_ms';

/** False when it was decided before: the first decision stays. */
export function decideRollback(
  database: Database,
  { incident, round, mode, why, at }: Pick<Rollback, 'incident' | 'round' | 'mode' | 'why' | 'at'>,
): boolean {
  const { changes } = database.run(
    `INSERT OR IGNORE INTO rollbacks (incident, round, mode, why, at, state, outcome, tries, due_at_ms)
     VALUES (:incident, :round, :mode, :why, :at, 'due', '', 0, 0)`,
    { incident, round, mode, why, at },
  );
  return changes === 1;
}

export function rollbackOf(database: Database, incident: string, round: number): Rollback | undefined {
  return database.get<Rollback>(`SELECT ${COLUMNS} FROM rollbacks WHERE incident = ? AND round = ?`, [incident, round]);
}

type Key = Pick<Rollback, 'incident' | 'round'>;

/** From here on it is never begun again. False when somebody began it before. */
export function beginRollback(database: Database, { incident, round }: Key): boolean {
  const { changes } = database.run(
    "UPDATE rollbacks SET state = 'running' WHERE incident = ? AND round = ? AND state = 'due'",
    [incident, round],
  );
  return changes === 1;
}

/** Before it leaves this machine, so that a later try sends the same one. */
export function noteRevert(database: Database, { incident, round }: Key, branch: string, commit: string): void {
  database.run('UPDATE rollbacks SET branch = ?, commit_id = ? WHERE incident = ? AND round = ?', [
    branch,
    commit,
    incident,
    round,
  ]);
}

export function postponeRollback(database: Database, { incident, round }: Key, why: string, due: Date): void {
  database.run('UPDATE rollbacks SET tries = tries + 1, outcome = ?, due_at_ms = ? WHERE incident = ? AND round = ?', [
    why,
    due.getTime(),
    incident,
    round,
  ]);
}

export function endRollback(
  database: Database,
  { incident, round }: Key,
  end: { state: 'done' | 'failed'; outcome: string; url: string | null },
): void {
  database.run(
    'UPDATE rollbacks SET state = :state, outcome = :outcome, url = :url WHERE incident = :incident AND round = :round',
    { incident, round, ...end },
  );
}
