/** Scripts for the stand-in of the client that do what an agent and its server would have left behind. */
import { createRequire } from 'node:module';
import { DIAGNOSIS, PROJECT } from './sample-fix.ts';

const SQLITE = createRequire(import.meta.url).resolve('better-sqlite3');

/** A diagnosis as the server would have recorded it; only for the diagnostician, and the end of the script for it. */
export function diagnoses(changes: Partial<Record<keyof typeof DIAGNOSIS, unknown>> = {}): string {
  const diagnosis = { ...DIAGNOSIS, ...changes };
  return `if (process.argv.includes('self-healing:diagnostician')) {
    const incident = process.env.SELF_HEALING_INCIDENT;
    const stored = ${JSON.stringify(diagnosis)};
    require(${JSON.stringify(SQLITE)})('../../../.self-healing/state.db', { timeout: 5000 })
      .prepare("INSERT INTO diagnoses (incident, round, root_cause, failure_type, affected_files_json, confidence, reasoning, at, widened_json) VALUES (?, 1, ?, ?, ?, ?, ?, '2026-11-20T10:00:00.000Z', '[]')")
      .run(incident, stored.root_cause, stored.failure_type, JSON.stringify(stored.affected_files), stored.confidence, stored.reasoning);
    print(INIT, ...call('d', 'mcp__plugin_self-healing_living-context__record_diagnosis', { incident, ...stored }, '{}'), RESULT);
    return;
  }`;
}

const FIXED = PROJECT['src/tenant.js'].replace('session.tenantId', 'session?.tenantId ?? null');
const TEST = `import assert from 'node:assert/strict';
import test from 'node:test';
import { tenantOf } from '../src/tenant.js';

test('an expired session has no tenant', () => {
  assert.equal(tenantOf(new Map(), 'gone'), null);
});
`;

/** The honest fix of the sample, with its test and scenario. */
export const FIXES = `
  const fs = require('node:fs');
  fs.writeFileSync('src/tenant.js', ${JSON.stringify(FIXED)});
  fs.writeFileSync('test/expired.test.js', ${JSON.stringify(TEST)});
  fs.appendFileSync('.self-healing/scenarios/tenants.yaml', \`  - id: S002
    name: an expired session has no tenant
    why: it was a 500
    incident: \${process.env.SELF_HEALING_INCIDENT}
    test_command: node --test test/expired.test.js
\`);
  print(INIT, ...call('e', 'Edit', { file_path: 'src/tenant.js' }, 'ok'), RESULT);`;
