/** Whether the error came again after the deploy, by our own intake's rows: of the new release, or of an older one still running. */
import type { Database } from '../../store/sqlite.ts';
import type { Watch } from '../../store/watches.ts';
import type { Containing } from './containing.ts';

export interface Again {
  /** Of the new release, or of none that is known, after the watch began; undefined without one. */
  first: { at: string; release: string | null } | undefined;
  count: number;
  /** ISO 8601: the last one of a release without the fix; undefined without one. */
  lastOfOlder: string | undefined;
}

interface Row {
  count: number;
  last_seen: string;
  received_at: string;
  release: string | null;
}

/** Rows of one incident and watch; more say nothing new. */
const MOST = 1_000;

/**
 * `merge`: undefined when its commit is not known; then no release can be told apart but the deployed one. `graceMs`: for so
 * long after the deploy an error of no known release is taken for one of an instance that is about to end.
 */
export async function occurredAgain(
  { db, containing, graceMs }: { db: Database; containing: Containing; graceMs: number },
  { incident, began_at, release }: Pick<Watch, 'incident' | 'began_at' | 'release'>,
  merge: string | undefined,
): Promise<Again> {
  const older = releasesBefore(db, incident, began_at);
  const again: Again = { first: undefined, count: 0, lastOfOlder: undefined };
  for (const row of rowsSince(db, incident, began_at)) {
    const contains = merge === undefined || !row.release ? 'unknown' : await containing.release(row.release, merge);
    const isKnown = contains === 'yes' || (row.release !== null && row.release === release);
    const isLate = !isKnown && Date.parse(row.last_seen) <= Date.parse(began_at) + graceMs;
    const isNamed = row.release !== null && row.release !== '' && older.has(row.release);
    if (contains === 'no' || isLate || (contains === 'unknown' && !isKnown && isNamed)) {
      if (again.lastOfOlder === undefined || row.last_seen > again.lastOfOlder) again.lastOfOlder = row.last_seen;
    } else {
      again.first ??= { at: row.last_seen, release: row.release || null };
      again.count += row.count;
    }
  }
  return again;
}

/** What happened before the watch began and was only told late is none. */
function rowsSince(db: Database, incident: string, began: string): Row[] {
  return db
    .all<Row>(
      `SELECT count, last_seen, received_at, json_extract(event_json, '$.release') AS release FROM events
       WHERE incident = ? AND received_at > ? ORDER BY received_at LIMIT ${MOST}`,
      [incident, began],
    )
    .filter(({ last_seen }) => Date.parse(last_seen) > Date.parse(began));
}

function releasesBefore(db: Database, incident: string, began: string): ReadonlySet<string | null> {
  const rows = db.all<{ release: string | null }>(
    `SELECT DISTINCT json_extract(event_json, '$.release') AS release FROM events
     WHERE incident = ? AND received_at <= ? LIMIT ${MOST}`,
    [incident, began],
  );
  return new Set(rows.map(({ release }) => release));
}

/** The number of the issue in Sentry that the incident's events name; undefined when it is of none. */
export function sentryIssueOf(db: Database, incident: string): string | undefined {
  const row = db.get<{ issue: string | null }>(
    `SELECT json_extract(event_json, '$.group') AS issue FROM events
     WHERE incident = ? AND source = 'sentry' AND json_extract(event_json, '$.group') GLOB '[0-9]*'
     ORDER BY received_at DESC LIMIT 1`,
    [incident],
  );
  return row?.issue != null && /^\d{1,20}$/.test(row.issue) ? row.issue : undefined;
}
