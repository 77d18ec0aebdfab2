/** Every verification that was made, by whom and about which tree. Rows are evidence for reports: they never change. */
import type { Database } from './sqlite.ts';

export interface VerificationRow {
  id: string;
  incident: string;
  round: number;
  /** The run in which it was made. */
  run: string | null;
  /** 1-based within the run. */
  iteration: number;
  /** Git tree id that the verdict is about. */
  tree: string;
  verdict: 'pass' | 'fail' | 'refuse';
  /** The whole result as JSON, handed back as it was given. */
  result: unknown;
  /** The process whose verdict it is: the MCP server in a session, a headless run's parent, a person's command. */
  by: 'server' | 'parent' | 'person';
  /** ISO 8601. */
  at: string;
}

type Columns = Omit<VerificationRow, 'result'> & { result_json: string };
const COLUMNS = 'id, incident, round, run, iteration, tree, verdict, result_json, by, at';

export function appendVerification(database: Database, { result, ...row }: VerificationRow): void {
  database.run(
    `INSERT INTO verifications (${COLUMNS})
     VALUES (:id, :incident, :round, :run, :iteration, :tree, :verdict, :result_json, :by, :at)`,
    { ...row, result_json: JSON.stringify(result) },
  );
}

/** In the order in which they were made; of all rounds when none is given. */
export function verificationsOf(database: Database, incident: string, round?: number): VerificationRow[] {
  return database
    .all<Columns>(
      `SELECT ${COLUMNS} FROM verifications
       WHERE incident = :incident AND (:round IS NULL OR round = :round) ORDER BY seq`,
      { incident, round: round ?? null },
    )
    .map(parsed);
}

export function latestVerification(database: Database, incident: string, round: number): VerificationRow | undefined {
  const row = database.get<Columns>(
    `SELECT ${COLUMNS} FROM verifications WHERE incident = ? AND round = ? ORDER BY seq DESC LIMIT 1`,
    [incident, round],
  );
  return row && parsed(row);
}

function parsed({ result_json, ...row }: Columns): VerificationRow {
  return { ...row, result: JSON.parse(result_json) };
}
