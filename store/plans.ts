/** The plan that splits a round's task into subtasks. Their shape belongs to who records and who carries them out. */
import type { Database } from './sqlite.ts';

export interface Plan {
  incident: string;
  round: number;
  /** JSON, handed back as it was given. */
  subtasks: unknown;
  /** ISO 8601. */
  at: string;
}

/** The round's plan from now on. */
export function savePlan(database: Database, { subtasks, ...plan }: Plan): void {
  database.run(
    `INSERT INTO plans (incident, round, subtasks_json, at) VALUES (:incident, :round, :subtasks_json, :at)
     ON CONFLICT (incident, round) DO UPDATE SET subtasks_json = :subtasks_json, at = :at`,
    { ...plan, subtasks_json: JSON.stringify(subtasks) },
  );
}

export function planOf(database: Database, incident: string, round: number): Plan | undefined {
  const row = database.get<Omit<Plan, 'subtasks'> & { subtasks_json: string }>(
    'SELECT * FROM plans WHERE incident = ? AND round = ?',
    [incident, round],
  );
  if (!row) return undefined;
  const { subtasks_json, ...plan } = row;
  return { ...plan, subtasks: JSON.parse(subtasks_json) };
}
