/** Which incident waits for which other one. A link is kept for ever; it holds nothing back once it is released. */
import type { Database } from './sqlite.ts';

/** What ties the two together: see `healer/intake/suspect.ts`. */
export type LinkKind = 'same_error' | 'alert' | 'upstream' | 'cause';

export interface Link {
  incident: string;
  round: number;
  /** The incident that is waited for: it probably explains this one. */
  root: string;
  kind: LinkKind;
  why: string;
  /** ISO 8601, as is the moment until which it waits at most. */
  at: string;
  until: string;
  released_at: string | null;
  released_why: string | null;
}

/** Nothing when the incident was linked in this round before. */
export function saveLink(database: Database, link: Omit<Link, 'released_at' | 'released_why'>): void {
  database.run(
    `INSERT OR IGNORE INTO links (incident, round, root, kind, why, at, until)
     VALUES (:incident, :round, :root, :kind, :why, :at, :until)`,
    { ...link },
  );
}

export function releaseLink(
  database: Database,
  { incident, round }: Pick<Link, 'incident' | 'round'>,
  at: string,
  why: string,
): void {
  database.run(
    'UPDATE links SET released_at = :at, released_why = :why WHERE incident = :incident AND round = :round AND released_at IS NULL',
    { incident, round, at, why },
  );
}

export function linkOf(database: Database, incident: string, round: number): Link | undefined {
  return database.get<Link>('SELECT * FROM links WHERE incident = ? AND round = ?', [incident, round]);
}

/** Whoever starts it does not wait. */
export function takeUp(
  database: Database,
  { incident, round, at, who }: { incident: string; round: number; at: string; who: string },
): void {
  releaseLink(database, { incident, round }, at, `${who} took it up`);
}

/** Of incidents that were queued before they were linked. */
export function linksOfQueued(database: Database): Link[] {
  return database.all<Link>(
    `SELECT links.* FROM links JOIN incidents USING (incident, round)
     WHERE released_at IS NULL AND status = 'queued'`,
  );
}

/** Of all rounds, oldest first. */
export function linksTo(database: Database, root: string): Link[] {
  return database.all<Link>('SELECT * FROM links WHERE root = ? ORDER BY at, incident', [root]);
}

/** Those that hold something back as long as their incident was not taken up, by `<incident>/<round>`. */
export function openLinks(database: Database): Map<string, Link> {
  const links = database.all<Link>('SELECT * FROM links WHERE released_at IS NULL');
  return new Map(links.map((link) => [`${link.incident}/${link.round}`, link]));
}
