/** Verdicts about a part of a fix. They are advice and a part's own judgement: nothing is ever published on one. */
import type { Database } from './sqlite.ts';
import type { VerificationRow } from './verifications.ts';

export interface PartVerificationRow extends Omit<VerificationRow, 'id' | 'run' | 'iteration'> {
  run: string;
}

type Columns = Omit<PartVerificationRow, 'result'> & { result_json: string };

export function appendPartVerification(database: Database, { result, ...row }: PartVerificationRow): void {
  database.run(
    `INSERT INTO part_verifications (incident, round, run, by, tree, verdict, result_json, at)
     VALUES (:incident, :round, :run, :by, :tree, :verdict, :result_json, :at)`,
    { ...row, result_json: JSON.stringify(result) },
  );
}

/** In the order in which they were made. */
export function partVerificationsOf(database: Database, incident: string, round: number): PartVerificationRow[] {
  return database
    .all<Columns>(
      `SELECT incident, round, run, by, tree, verdict, result_json, at FROM part_verifications
       WHERE incident = ? AND round = ? ORDER BY seq`,
      [incident, round],
    )
    .map(({ result_json, ...row }) => ({ ...row, result: JSON.parse(result_json) }));
}
