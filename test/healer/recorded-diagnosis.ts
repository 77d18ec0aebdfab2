/** What a stand-in for the client does in place of the server of a diagnosis, which it has not. */
import { createRequire } from 'node:module';
import { DIAGNOSIS } from './sample-fix.ts';

const SQLITE = createRequire(import.meta.url).resolve('better-sqlite3');
/** For fakes that write the database themselves. */
export const DATABASE = `const db = require(${JSON.stringify(SQLITE)})('../../../.self-healing/state.db', { timeout: 5000 });`;

/** Statements of a fake client: the row as `row` changes it, and the call as `shown` does. */
export function recordsDiagnosis(row: object = {}, shown: object = row): string {
  const stored = { ...DIAGNOSIS, ...row };
  return `${DATABASE}
    const incident = process.env.SELF_HEALING_INCIDENT;
    const stored = ${JSON.stringify(stored)};
    db.prepare("INSERT INTO diagnoses (incident, round, root_cause, failure_type, affected_files_json, confidence, reasoning, at, widened_json) VALUES (?, 1, ?, ?, ?, ?, ?, '2026-11-20T10:00:00.000Z', '[]')")
      .run(incident, stored.root_cause, stored.failure_type, JSON.stringify(stored.affected_files), stored.confidence, stored.reasoning);
    print(INIT, ...call('d', 'mcp__plugin_self-healing_living-context__record_diagnosis', { incident, ...${JSON.stringify({ ...DIAGNOSIS, ...shown })} }, '{}'), RESULT);`;
}
