/** The releases that our own intake's events name, from the newest rows back, each row read once. */
import type { Database } from '../../store/sqlite.ts';

export interface SeenRelease {
  release: string;
  /** ISO 8601: when its first event since then was received. */
  at: string;
}

interface Row {
  id: number;
  release: string | null;
  received_at: string;
}

const PAGE = 500;
const MOST = 1_000;

/** `since` (ISO 8601) may only grow from one call to the next, but for a wider one, which reads anew. */
export function openSeenReleases(database: Database): (since: string) => SeenRelease[] {
  const first = new Map<string, string>();
  let newest = 0;
  let from: string | undefined;
  return (since) => {
    if (from === undefined || since < from) {
      newest = 0;
      first.clear();
      from = since;
    }
    const found = rowsAfter(database, newest, from);
    for (const { release, received_at } of found.rows) {
      if (release === null || release === '') continue;
      const known = first.get(release);
      if (known === undefined && first.size >= MOST) continue;
      if (known === undefined || received_at < known) first.set(release, received_at);
    }
    newest = found.newest;
    return [...first].flatMap(([release, at]) => (at >= since ? [{ release, at }] : []));
  };
}

/** Rows come in the order of their receipt, so that the way back ends at the first older one. */
function rowsAfter(database: Database, after: number, since: string): { rows: Row[]; newest: number } {
  const rows: Row[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = database.all<Row>(
      `SELECT rowid AS id, received_at, json_extract(event_json, '$.release') AS release FROM events
       WHERE rowid > :after AND rowid < :before ORDER BY rowid DESC LIMIT ${PAGE}`,
      { after, before },
    );
    rows.push(...page.filter(({ received_at }) => received_at >= since));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE || last.received_at < since) break;
    before = last.id;
  }
  return { rows, newest: rows[0]?.id ?? after };
}
