/** What was found on an open proposal that work follows from: a review, a red check, a moved base, a merge of ours. Each once. */
import type { Database } from './sqlite.ts';

export type FollowUpKind = 'review' | 'ci' | 'base' | 'auto_merge';

export interface FollowUp {
  incident: string;
  round: number;
  /** Names it for ever within the round, such as `review:17` or `ci:<commit>`. */
  key: string;
  kind: FollowUpKind;
  /** What the how-manyth proposal of the round it was found on. */
  proposal: number;
  payload: unknown;
  /** ISO 8601. */
  at: string;
}

/** False when it is known already. */
export function addFollowUp(database: Database, { payload, ...row }: FollowUp): boolean {
  const { changes } = database.run(
    `INSERT OR IGNORE INTO follow_ups (incident, round, key, kind, proposal, payload_json, at)
     VALUES (:incident, :round, :key, :kind, :proposal, :payload_json, :at)`,
    { ...row, payload_json: JSON.stringify(payload) },
  );
  return changes === 1;
}

/** In the order in which they were found. */
export function followUpsOf(database: Database, incident: string, round: number): FollowUp[] {
  return database
    .all<Omit<FollowUp, 'payload'> & { payload_json: string }>(
      `SELECT incident, round, key, kind, proposal, payload_json, at FROM follow_ups
       WHERE incident = ? AND round = ? ORDER BY rowid`,
      [incident, round],
    )
    .map(({ payload_json, ...row }) => ({ ...row, payload: JSON.parse(payload_json) }));
}

/** How often the round was proposed: 1, and one more each time it was published again. */
export function timesProposed(database: Database, incident: string, round: number): number {
  const row = database.get<{ times: number }>(
    `SELECT count(*) AS times FROM transitions WHERE incident = ? AND round = ? AND to_status = 'proposed'`,
    [incident, round],
  );
  return row?.times ?? 0;
}
