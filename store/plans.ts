/**
 * The plan that splits a round's task into subtasks, and how far each of them is. Their shape belongs to who records and
 * who carries them out.
 */
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

export type SubtaskState = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

export interface SubtaskRow {
  incident: string;
  round: number;
  /** From 1, in the order in which they are carried out. */
  position: number;
  /** JSON, handed back as it was given. */
  subtask: unknown;
  state: SubtaskState;
  /** Why it failed or was skipped, or what was found; empty before. */
  why: string;
  /** Of the runs that worked on it last. */
  attempt: number | null;
  /** Trees of the worktree when it was begun and when it was done. */
  before_tree: string | null;
  after_tree: string | null;
  /** What it changed, where that was taken back. */
  diff: string;
  /** ISO 8601. */
  at: string;
}

/** Begins a plan: every subtask that was there of the round is replaced. */
export function beginSubtasks(
  database: Database,
  { incident, round, at }: Pick<SubtaskRow, 'incident' | 'round' | 'at'>,
  subtasks: readonly unknown[],
): void {
  database.tx(() => {
    database.run('DELETE FROM subtasks WHERE incident = ? AND round = ?', [incident, round]);
    for (const [index, subtask] of subtasks.entries())
      database.run(
        `INSERT INTO subtasks (incident, round, position, subtask_json, state, why, diff, at)
         VALUES (:incident, :round, :position, :subtask_json, 'waiting', '', '', :at)`,
        { incident, round, position: index + 1, subtask_json: JSON.stringify(subtask), at },
      );
  });
}

export function saveSubtask(database: Database, { subtask: _, ...row }: SubtaskRow): void {
  database.run(
    `UPDATE subtasks SET state = :state, why = :why, attempt = :attempt, before_tree = :before_tree,
       after_tree = :after_tree, diff = :diff, at = :at
     WHERE incident = :incident AND round = :round AND position = :position`,
    { ...row },
  );
}

/** In the order in which they are carried out; empty before a plan is begun. */
export function subtasksOf(database: Database, incident: string, round: number): SubtaskRow[] {
  return database
    .all<Omit<SubtaskRow, 'subtask'> & { subtask_json: string }>(
      'SELECT * FROM subtasks WHERE incident = ? AND round = ? ORDER BY position',
      [incident, round],
    )
    .map(({ subtask_json, ...row }) => ({ ...row, subtask: JSON.parse(subtask_json) }));
}
