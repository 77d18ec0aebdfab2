/** What an incident in work is busy with now: one row each, for whoever looks from another process. */
import type { Database } from './sqlite.ts';

export interface Live {
  incident: string;
  phase: string;
  /** One line, redacted. */
  doing: string;
  /** ISO 8601 */
  since: string;
}

export function saveLive(database: Database, live: Live): void {
  database.run('INSERT OR REPLACE INTO live VALUES (:incident, :phase, :doing, :since)', { ...live });
}

export function removeLive(database: Database, incident: string): void {
  database.run('DELETE FROM live WHERE incident = ?', [incident]);
}

export function liveOf(database: Database, incident: string): Live | undefined {
  return database.get<Live>('SELECT * FROM live WHERE incident = ?', [incident]);
}
