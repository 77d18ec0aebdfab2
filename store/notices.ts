/**
 * What people are told when an incident is handed over: a row is written in the moment of the transition, spread over the
 * configured channels when these are looked up, and stays until each was told. One for each incident, round and channel.
 */
import type { Database } from './sqlite.ts';

export interface Notice {
  incident: string;
  round: number;
  channel: string;
  /** How often sending it was begun before. */
  tries: number;
  /** When it was begun first; null before. */
  first_ms: number | null;
}

/** The row of a hand-over whose channels were not looked up yet. */
const NOT_SPREAD = '';

/** Inside the caller's transaction. Nothing when the round was handed over before. */
export function expectNotice(database: Database, incident: string, round: number, now: Date): void {
  insert(database, { incident, round, channel: NOT_SPREAD }, now);
}

/** Hand-overs whose channels are to be looked up now, oldest first. */
export function unspreadNotices(database: Database, now: Date): Notice[] {
  return database.all(
    `SELECT incident, round, channel, tries, first_ms FROM notices
     WHERE done_at_ms IS NULL AND channel = '' AND due_at_ms <= ? ORDER BY due_at_ms, incident LIMIT 20`,
    [now.getTime()],
  );
}

/** One row per channel in the place of the one that waits for them. */
export function spreadNotice(database: Database, { incident, round }: Notice, channels: readonly string[], now: Date) {
  database.tx(() => {
    for (const channel of channels) insert(database, { incident, round, channel }, now);
    const why = channels.length === 0 ? 'no channel is configured' : null;
    endNotice(database, { incident, round, channel: NOT_SPREAD }, now, why);
  });
}

/**
 * The one of this channel that has waited longest, held for as long as sending may take; undefined when none is due.
 * Another process that asks meanwhile does not get it, and one that comes after a crash does.
 */
export function claimNotice(database: Database, channel: string, holdMs: number, now: Date): Notice | undefined {
  // Looked for by reading: asking every second must not take the database's one writer.
  const due = database.get<{ id: number }>(
    `SELECT rowid AS id FROM notices
     WHERE done_at_ms IS NULL AND channel = ? AND due_at_ms <= ? ORDER BY due_at_ms, incident LIMIT 1`,
    [channel, now.getTime()],
  );
  return (
    due &&
    database.get<Notice>(
      `UPDATE notices SET tries = tries + 1, first_ms = coalesce(first_ms, :now), due_at_ms = :until
       WHERE rowid = :id AND done_at_ms IS NULL AND due_at_ms <= :now
       RETURNING incident, round, channel, tries - 1 AS tries, first_ms`,
      { id: due.id, now: now.getTime(), until: now.getTime() + holdMs },
    )
  );
}

type Key = Pick<Notice, 'incident' | 'round' | 'channel'>;

export function postponeNotice(database: Database, notice: Key, due: Date, why: string): void {
  database.run(
    'UPDATE notices SET due_at_ms = :due, why = :why WHERE incident = :incident AND round = :round AND channel = :channel',
    { ...keyOf(notice), due: due.getTime(), why },
  );
}

export function endNotice(database: Database, notice: Key, now: Date, why: string | null): void {
  database.run(
    `UPDATE notices SET done_at_ms = :now, why = :why
     WHERE incident = :incident AND round = :round AND channel = :channel`,
    { ...keyOf(notice), now: now.getTime(), why },
  );
}

/** A rollback is told also when the incident has moved on: what is live has changed. */
export function wasRolledBack(database: Database, { incident, round }: Pick<Notice, 'incident' | 'round'>): boolean {
  return (
    database.get("SELECT 1 AS one FROM transitions WHERE incident = ? AND round = ? AND to_status = 'rolled_back'", [
      incident,
      round,
    ]) !== undefined
  );
}

/** Those of rounds that a person has taken up, or ended, before anybody was told: nothing is to be decided any more. */
export function dropStaleNotices(database: Database, now: Date): void {
  const stale = `done_at_ms IS NULL AND NOT EXISTS (SELECT 1 FROM incidents i
    WHERE i.incident = notices.incident AND i.round = notices.round AND i.status = 'escalated')
    AND NOT EXISTS (SELECT 1 FROM transitions t
    WHERE t.incident = notices.incident AND t.round = notices.round AND t.to_status = 'rolled_back')`;
  if (database.get(`SELECT 1 AS one FROM notices WHERE ${stale} LIMIT 1`) === undefined) return;
  const why = 'it did not wait for a person any more';
  database.run(`UPDATE notices SET done_at_ms = ?, why = ? WHERE ${stale}`, [now.getTime(), why]);
}

/** Those that nobody has been told yet, oldest first; `why`: what stood in the way of the last try. */
export function waitingNotices(database: Database, limit: number): (Key & { tries: number; why: string | null })[] {
  return database.all(
    `SELECT incident, round, channel, tries, why FROM notices WHERE done_at_ms IS NULL
     ORDER BY due_at_ms, incident LIMIT ?`,
    [limit],
  );
}

/** Over which of them nobody has been told of the incident yet, by name; empty also before they were looked up. */
export function channelsWaiting(database: Database, incident: string): string[] {
  return database
    .all<{ channel: string }>(
      "SELECT DISTINCT channel FROM notices WHERE incident = ? AND channel <> '' AND done_at_ms IS NULL ORDER BY channel",
      [incident],
    )
    .map(({ channel }) => channel);
}

export function countWaitingNotices(database: Database): number {
  return database.get<{ n: number }>('SELECT count(*) AS n FROM notices WHERE done_at_ms IS NULL')?.n ?? 0;
}

/** What is told of a hand-over, as it was written then. */
export function saveHandOver(database: Database, incident: string, round: number, payload: unknown, at: Date): void {
  database.run('INSERT OR REPLACE INTO hand_overs (incident, round, payload_json, at) VALUES (?, ?, ?, ?)', [
    incident,
    round,
    JSON.stringify(payload),
    at.toISOString(),
  ]);
}

/** Undefined when the incident was moved without one. */
export function handOverOf(database: Database, incident: string, round: number): unknown {
  const row = database.get<{ payload_json: string }>(
    'SELECT payload_json FROM hand_overs WHERE incident = ? AND round = ?',
    [incident, round],
  );
  return row && JSON.parse(row.payload_json);
}

function insert(database: Database, key: Key, now: Date): void {
  database.run(
    `INSERT OR IGNORE INTO notices (incident, round, channel, tries, due_at_ms)
     VALUES (:incident, :round, :channel, 0, :now)`,
    { ...keyOf(key), now: now.getTime() },
  );
}

function keyOf({ incident, round, channel }: Key) {
  return { incident, round, channel };
}
