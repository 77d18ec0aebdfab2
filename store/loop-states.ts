/**
 * What loop detection keeps between processes and attempts: the state of each agent of a run, the points an incident's
 * attempts have been at, and why a guard stopped a run, for the parent that ends it. The JSON is the detector's own.
 */
import type { Database } from './sqlite.ts';

export interface LoopStateRow {
  /** Run and agent. */
  key: string;
  /** Null in an ordinary session. */
  incident: string | null;
  /** Plain JSON. */
  state: unknown;
}

/** Of three attempts in each of many rounds; older ones have long been answered otherwise. */
const POINTS_PER_INCIDENT = 500;

/** Replaces the state that is kept under the key. */
export function saveLoopState(database: Database, { key, incident, state }: LoopStateRow): void {
  database.run(
    `INSERT INTO loop_states (key, incident, state_json) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET incident = excluded.incident, state_json = excluded.state_json`,
    [key, incident, JSON.stringify(state)],
  );
}

/** The state as it was saved; undefined when there is none. */
export function loopStateOf(database: Database, key: string): unknown {
  const row = database.get<{ state_json: string }>('SELECT state_json FROM loop_states WHERE key = ?', [key]);
  return row && JSON.parse(row.state_json);
}

/** Appends; the newest 500 of an incident are kept. */
export function addLoopPoints(
  database: Database,
  at: { incident: string; round: number; run: string },
  points: readonly unknown[],
): void {
  const { incident, round, run } = at;
  database.tx(() => {
    for (const point of points.slice(-POINTS_PER_INCIDENT))
      database.run('INSERT INTO loop_points (incident, round, run, point_json) VALUES (?, ?, ?, ?)', [
        incident,
        round,
        run,
        JSON.stringify(point),
      ]);
    database.run(
      `DELETE FROM loop_points WHERE incident = :incident AND seq <=
         (SELECT seq FROM loop_points WHERE incident = :incident ORDER BY seq DESC LIMIT 1 OFFSET :kept)`,
      { incident, kept: POINTS_PER_INCIDENT },
    );
  });
}

export interface LoopPointFilter {
  /** Only of this round. */
  round?: number | undefined;
  /** Without the points of this run: one that goes on has its own. */
  except?: string | undefined;
}

/** Oldest first. */
export function loopPointsOf(database: Database, incident: string, filter: LoopPointFilter = {}): unknown[] {
  const rows = database.all<{ point_json: string }>(
    `SELECT point_json FROM loop_points
     WHERE incident = :incident AND (:round IS NULL OR round = :round) AND (:except IS NULL OR run <> :except)
     ORDER BY seq`,
    { incident, round: filter.round ?? null, except: filter.except ?? null },
  );
  return rows.map(({ point_json }) => JSON.parse(point_json));
}

/** Why a run was stopped by a guard. */
export interface StoppedRun {
  run: string;
  rule: string;
  evidence: string;
  /** ISO 8601. */
  at: string;
}

/** The first mark of a run stays. True when this was it. */
export function markStopped(database: Database, { run, rule, evidence, at }: StoppedRun): boolean {
  const { changes } = database.run(
    'INSERT INTO stopped_runs (run, rule, evidence, at) VALUES (?, ?, ?, ?) ON CONFLICT (run) DO NOTHING',
    [run, rule, evidence, at],
  );
  return changes === 1;
}

export function stoppedRun(database: Database, run: string): StoppedRun | undefined {
  return database.get<StoppedRun & Record<string, string>>('SELECT * FROM stopped_runs WHERE run = ?', [run]);
}
