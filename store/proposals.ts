/** What was proposed: one per incident and round, however often publishing is tried again. */
import type { Database } from './sqlite.ts';

/** `branch`: committed on the local branch. `pushed`: read back from the remote. */
export type ProposalStatus = 'branch' | 'pushed' | 'pull_request' | 'merged' | 'rejected';

export interface Proposal {
  incident: string;
  round: number;
  branch: string;
  commit: string;
  /** Git tree id of the commit. */
  tree: string;
  /** Where a person reviews it; null while there is no pull request. */
  url: string | null;
  /** The branch it is for; null when the base is a plain commit. */
  base_branch: string | null;
  status: ProposalStatus;
  title: string;
  summary: string;
  /** ISO 8601. */
  at: string;
}

const COLUMNS = 'incident, round, branch, commit_id AS "commit", tree, url, base_branch, status, title, summary, at';

/**
 * Notes the round's proposal as it stands now. A commit that was brought onto a newer base takes the place of the earlier
 * one; when it was first proposed, and a pull request once known, stay.
 */
export function saveProposal(database: Database, proposal: Proposal): Proposal {
  const row = database.get<Proposal>(
    `INSERT INTO proposals (incident, round, branch, commit_id, tree, url, base_branch, status, title, summary, at)
     VALUES (:incident, :round, :branch, :commit, :tree, :url, :base_branch, :status, :title, :summary, :at)
     ON CONFLICT (incident, round) DO UPDATE SET commit_id = :commit, tree = :tree, url = coalesce(:url, url),
       base_branch = :base_branch, status = :status, title = :title, summary = :summary
     RETURNING ${COLUMNS}`,
    { ...proposal },
  );
  if (!row) throw new Error('An INSERT with RETURNING gave no row');
  return row;
}

/** What became of it. False when the round has no proposal. */
export function updateProposal(
  database: Database,
  incident: string,
  round: number,
  change: { status: ProposalStatus; url?: string | null },
): boolean {
  const { changes } = database.run(
    `UPDATE proposals SET status = :status, url = coalesce(:url, url) WHERE incident = :incident AND round = :round`,
    { incident, round, status: change.status, url: change.url ?? null },
  );
  return changes === 1;
}

export function proposalOf(database: Database, incident: string, round: number): Proposal | undefined {
  return database.get<Proposal>(`SELECT ${COLUMNS} FROM proposals WHERE incident = ? AND round = ?`, [incident, round]);
}

/** Those that people have yet to decide about, of each incident's present round, unless somebody works on it right now. */
export function openProposals(database: Database): Proposal[] {
  return database.all<Proposal>(
    `SELECT ${COLUMNS.split(', ')
      .map((column) => `p.${column}`)
      .join(', ')}
     FROM proposals p JOIN incidents i ON i.incident = p.incident AND i.round = p.round
     WHERE p.status IN ('branch', 'pushed', 'pull_request')
       AND i.status IN ('proposed', 'queued', 'awaiting_publish', 'escalated', 'dismissed')
     ORDER BY p.at, p.incident`,
  );
}

const AGAIN = 'SELECT 1 FROM proposals p WHERE p.incident = i.incident AND p.round = i.round';

/** What is queued, by whether its round was proposed already: `again` opens no further pull request. */
export function queuedIncidents(database: Database, which: 'again' | 'new'): string[] {
  return database
    .all<{ incident: string }>(
      `SELECT i.incident FROM incidents i INDEXED BY incidents_by_status
       WHERE i.status = 'queued' AND ${which === 'new' ? 'NOT ' : ''}EXISTS (${AGAIN})`,
    )
    .map(({ incident }) => incident);
}

/** When each was first proposed, oldest first, from `since` (ISO 8601) on. */
export function proposedSince(database: Database, since: string): string[] {
  return database.all<{ at: string }>('SELECT at FROM proposals WHERE at > ? ORDER BY at', [since]).map(({ at }) => at);
}

/** To be called before a commit leaves: only commits that were made here are ever replaced, here or on the remote. */
export function rememberCommit(database: Database, made: Pick<Proposal, 'incident' | 'round' | 'commit' | 'at'>): void {
  database.run(
    `INSERT OR IGNORE INTO proposal_commits (commit_id, incident, round, at) VALUES (:commit, :incident, :round, :at)`,
    { commit: made.commit, incident: made.incident, round: made.round, at: made.at },
  );
}

/** Whether this machine made the commit, for exactly this incident and round. */
export function madeCommit(database: Database, incident: string, round: number, commit: string): boolean {
  return (
    database.get('SELECT 1 FROM proposal_commits WHERE commit_id = ? AND incident = ? AND round = ?', [
      commit,
      incident,
      round,
    ]) !== undefined
  );
}
