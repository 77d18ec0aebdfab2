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
  url: string | null;
  status: ProposalStatus;
  title: string;
  summary: string;
  /** ISO 8601. */
  at: string;
}

const COLUMNS = 'incident, round, branch, commit_id AS "commit", tree, url, status, title, summary, at';

/** The round's proposal: this one, or the one that was there before; then nothing is changed. */
export function insertProposal(database: Database, proposal: Proposal): { inserted: boolean; proposal: Proposal } {
  return database.tx(() => {
    const before = proposalOf(database, proposal.incident, proposal.round);
    if (before) return { inserted: false, proposal: before };
    database.run(
      `INSERT INTO proposals (incident, round, branch, commit_id, tree, url, status, title, summary, at)
       VALUES (:incident, :round, :branch, :commit, :tree, :url, :status, :title, :summary, :at)`,
      { ...proposal },
    );
    return { inserted: true, proposal };
  });
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
