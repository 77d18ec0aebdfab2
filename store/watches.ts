/** What a watch rests on, what it measured look by look, and how it ended: one for an incident and round. */
import type { Database } from './sqlite.ts';

export interface Watch {
  incident: string;
  round: number;
  /** How the deploy was seen; `merge`: nothing told of one. */
  basis: 'deployment' | 'release' | 'merge';
  /** Who told of it, in words. */
  told_by: string;
  /** As the running program names itself; null where that is not known. */
  release: string | null;
  /** ISO 8601: what is compared with lies before it. */
  deployed_at: string;
  /** ISO 8601: the window starts here. */
  began_at: string;
  /** ISO 8601: the last look, and the time in which somebody looked; what lies in a pause counts for nothing. */
  looked_at: string;
  watched_ms: number;
  /** Sentry's last answer, how many events of the new release it counts, and why it gave none. */
  sentry_at: string | null;
  sentry_count: number | null;
  sentry_problem: string | null;
  ended_at: string | null;
  verdict: 'resolved' | 'rolled_back' | 'handed_over' | null;
  /** Of the verdict; before it, what it waits for. */
  why: string;
}

/** One look at Prometheus. Null: not asked, or nothing was answered. */
export interface Reading {
  at: string;
  /** 0 to 1. */
  error_rate: number | null;
  p95_ms: number | null;
  /** Requests that the verdict may rest on. */
  requests: number | null;
  earlier_error_rate: number | null;
  earlier_p95_ms: number | null;
  /** Why something of it is missing. */
  problem: string | null;
}

type Start = Pick<Watch, 'incident' | 'round' | 'basis' | 'told_by' | 'release' | 'deployed_at' | 'began_at'>;

/** A deploy that is seen later takes the place of a guess; what was measured until then goes with it. */
export function beginWatch(database: Database, start: Start): void {
  const { incident, round, basis, told_by, release, deployed_at, began_at } = start;
  database.tx(() => {
    database.run('DELETE FROM watch_readings WHERE incident = ? AND round = ?', [incident, round]);
    database.run(
      `INSERT INTO watches (incident, round, basis, told_by, release, deployed_at, began_at, looked_at, watched_ms, why)
       VALUES (:incident, :round, :basis, :told_by, :release, :deployed_at, :began_at, :began_at, 0, '')
       ON CONFLICT (incident, round) DO UPDATE SET basis = :basis, told_by = :told_by, release = :release,
         deployed_at = :deployed_at, began_at = :began_at, looked_at = :began_at, watched_ms = 0,
         sentry_at = NULL, sentry_count = NULL, sentry_problem = NULL`,
      { incident, round, basis, told_by, release, deployed_at, began_at },
    );
  });
}

export function watchOf(database: Database, incident: string, round: number): Watch | undefined {
  return database.get<Watch>('SELECT * FROM watches WHERE incident = ? AND round = ?', [incident, round]);
}

type Key = Pick<Watch, 'incident' | 'round'>;

export function noteWaiting(database: Database, { incident, round }: Key, why: string): void {
  database.run('UPDATE watches SET why = ? WHERE incident = ? AND round = ? AND why <> ?', [why, incident, round, why]);
}

/** `pauseMs`: when the last look is longer ago, nobody looked meanwhile. */
export function noteLook(database: Database, { incident, round }: Key, at: Date, pauseMs: number): void {
  database.tx(() => {
    const watch = watchOf(database, incident, round);
    if (!watch) return;
    const passed = Math.max(0, at.getTime() - Date.parse(watch.looked_at));
    database.run('UPDATE watches SET looked_at = ?, watched_ms = ? WHERE incident = ? AND round = ?', [
      at.toISOString(),
      watch.watched_ms + (passed <= pauseMs ? passed : 0),
      incident,
      round,
    ]);
  });
}

/** `count` is null where it did not answer, and `problem` says why. */
export function noteSentry(
  database: Database,
  { incident, round }: Key,
  told: { at: string; count: number | null; problem: string | null },
): void {
  database.run(
    `UPDATE watches SET sentry_problem = :problem, sentry_at = CASE WHEN :count IS NULL THEN sentry_at ELSE :at END,
       sentry_count = coalesce(:count, sentry_count)
     WHERE incident = :incident AND round = :round`,
    { incident, round, ...told },
  );
}

export function endWatch(
  database: Database,
  { incident, round }: Key,
  end: { verdict: NonNullable<Watch['verdict']>; why: string; at: string },
): void {
  database.run(
    'UPDATE watches SET verdict = :verdict, why = :why, ended_at = :at WHERE incident = :incident AND round = :round',
    { incident, round, ...end },
  );
}

export function addReading(database: Database, { incident, round }: Key, reading: Reading): void {
  database.run(
    `INSERT INTO watch_readings (incident, round, at, error_rate, p95_ms, requests, earlier_error_rate, earlier_p95_ms, problem)
     VALUES (:incident, :round, :at, :error_rate, :p95_ms, :requests, :earlier_error_rate, :earlier_p95_ms, :problem)`,
    { incident, round, ...reading },
  );
}

/** Oldest first. */
export function readingsOf(database: Database, incident: string, round: number): Reading[] {
  return database.all<Reading>(
    `SELECT at, error_rate, p95_ms, requests, earlier_error_rate, earlier_p95_ms, problem
     FROM watch_readings WHERE incident = ? AND round = ? ORDER BY seq`,
    [incident, round],
  );
}
