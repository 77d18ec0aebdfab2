/**
 * What has to be done after something was taken in: a log to fetch, an answer to give. A row is there before the sender
 * hears that it was accepted, and stays until it is done, so that a restart goes on with it. One that is done is kept for a
 * week: told again, it is known.
 */
import type { Database } from './sqlite.ts';

export interface NewErrand {
  /** Names it for ever. */
  id: string;
  kind: string;
  payload: unknown;
}

export interface Errand extends NewErrand {
  /** How often it was tried before. */
  tries: number;
}

const KEPT_MS = 7 * 86_400_000;

/** False when it is known already, done or not. */
export function addErrand(database: Database, { id, kind, payload }: NewErrand, now: Date): boolean {
  const at = now.getTime();
  database.run('DELETE FROM errands WHERE done_at_ms < ?', [at - KEPT_MS]);
  const { changes } = database.run(
    'INSERT OR IGNORE INTO errands (id, kind, payload_json, tries, due_at_ms, why) VALUES (?, ?, ?, 0, ?, NULL)',
    [id, kind, JSON.stringify(payload), at],
  );
  return changes === 1;
}

/** The one of its kind that has waited longest; undefined when none is due. */
export function dueErrand(database: Database, kind: string, now: Date): Errand | undefined {
  const row = database.get<{ id: string; kind: string; payload_json: string; tries: number }>(
    'SELECT id, kind, payload_json, tries FROM errands WHERE done_at_ms IS NULL AND kind = ? AND due_at_ms <= ? ORDER BY due_at_ms, id',
    [kind, now.getTime()],
  );
  return row && { id: row.id, kind: row.kind, payload: JSON.parse(row.payload_json), tries: row.tries };
}

/** Milliseconds until the next is due; undefined when nothing waits. */
export function nextErrandIn(database: Database, kind: string, now: Date): number | undefined {
  const row = database.get<{ due: number | null }>(
    'SELECT min(due_at_ms) AS due FROM errands WHERE done_at_ms IS NULL AND kind = ?',
    [kind],
  );
  return row?.due == null ? undefined : Math.max(0, row.due - now.getTime());
}

export function postponeErrand(database: Database, id: string, due: Date, why: string): void {
  database.run('UPDATE errands SET tries = tries + 1, due_at_ms = ?, why = ? WHERE id = ?', [due.getTime(), why, id]);
}

export function endErrand(database: Database, id: string, now: Date, why: string | null): void {
  database.run('UPDATE errands SET done_at_ms = ?, why = ? WHERE id = ?', [now.getTime(), why, id]);
}

/** Whether any whose id begins so is known. */
export function knowsErrand(database: Database, prefix: string): boolean {
  return database.get('SELECT 1 AS one FROM errands WHERE substr(id, 1, ?) = ?', [prefix.length, prefix]) !== undefined;
}
