/** Where each proposal stands, in one line, as it was last seen; and the comment that says so on the pull request. */
import type { Database } from './sqlite.ts';

export interface Standing {
  incident: string;
  round: number;
  line: string;
  /** GitHub's number of our comment; null while there is none. */
  comment_id: number | null;
  /** What the comment says; empty while there is none. */
  comment: string;
  /** ISO 8601: since when it stands like this. */
  at: string;
}

export function standingOf(database: Database, incident: string, round: number): Standing | undefined {
  return database.get<Standing>('SELECT * FROM standings WHERE incident = ? AND round = ?', [incident, round]);
}

/** True when it is another one than before. */
export function saveStanding(database: Database, now: Pick<Standing, 'incident' | 'round' | 'line' | 'at'>): boolean {
  const { changes } = database.run(
    `INSERT INTO standings (incident, round, line, comment_id, comment, at)
     VALUES (:incident, :round, :line, NULL, '', :at)
     ON CONFLICT (incident, round) DO UPDATE SET line = :line, at = :at WHERE line <> :line`,
    { ...now },
  );
  return changes === 1;
}

export function saveComment(
  database: Database,
  of: Pick<Standing, 'incident' | 'round' | 'comment_id' | 'comment'>,
): void {
  database.run(
    'UPDATE standings SET comment_id = :comment_id, comment = :comment WHERE incident = :incident AND round = :round',
    { ...of },
  );
}
