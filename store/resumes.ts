/** When a person said that healing may go on, whatever was rejected before. */
import type { Database } from './sqlite.ts';

export function addResume(database: Database, resume: { who: string; at: string }): void {
  database.run('INSERT INTO resumes (who, at) VALUES (:who, :at)', resume);
}

/** ISO 8601; null while nobody ever did. */
export function lastResume(database: Database): string | null {
  return database.get<{ at: string | null }>('SELECT max(at) AS at FROM resumes')?.at ?? null;
}
