/** Why publishing did not succeed, each time it was tried: what a person is shown, and nothing rests on it. */
import type { Database } from './sqlite.ts';

export interface PublishAttempt {
  incident: string;
  round: number;
  /** A state of `healer/publishing/publish-states.ts`. */
  state: string;
  why: string;
  next: string;
  url: string | null;
  /** ISO 8601. */
  at: string;
}

export function appendPublishAttempt(database: Database, attempt: PublishAttempt): void {
  database.run(
    `INSERT INTO publish_attempts (incident, round, state, why, next, url, at)
     VALUES (:incident, :round, :state, :why, :next, :url, :at)`,
    { ...attempt },
  );
}

export function lastPublishAttempt(database: Database, incident: string, round: number): PublishAttempt | undefined {
  return database.get<PublishAttempt>(
    `SELECT incident, round, state, why, next, url, at FROM publish_attempts
     WHERE incident = ? AND round = ? ORDER BY seq DESC LIMIT 1`,
    [incident, round],
  );
}
