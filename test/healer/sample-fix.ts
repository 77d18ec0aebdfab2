/** A small project with a bug, the error it throws in production, and an honest fix of it. */
import { editContext } from '../../healer/fixes/edit-context.ts';
import type { OpenFix } from '../../healer/fixes/open-fix.ts';
import { recordDiagnosis } from '../../healer/fixes/record-diagnosis.ts';
import { startFix } from '../../healer/fixes/start-fix.ts';
import { reportError } from '../../healer/incidents/report-error.ts';
import type { Workbench, WorkbenchOptions } from '../../healer/workbench.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import { write } from '../write.ts';
import { sampleBench } from './sample-repository.ts';

export const PROJECT = {
  'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/tenant.js': `export function tenantOf(sessions, id) {
  const session = sessions.get(id);
  return session.tenantId;
}
`,
  'test/tenant.test.js': `import assert from 'node:assert/strict';
import test from 'node:test';
import { tenantOf } from '../src/tenant.js';

test('a session knows its tenant', () => {
  assert.equal(tenantOf(new Map([['a', { tenantId: 'x' }]]), 'a'), 'x');
});
`,
  '.self-healing/config.yaml': 'version: "1.0"\ntests: { command: node --test }\n',
  '.self-healing/scenarios/tenants.yaml': `version: "1.0"
module: tenants
files: ["src/**"]
scenarios:
  - id: S001
    name: a session knows its tenant
    why: nobody else's data
    constraint: the session alone decides
    test_command: node --test test/tenant.test.js
`,
};

export const ERROR = `TypeError: Cannot read properties of undefined (reading 'tenantId')
    at tenantOf (/srv/shop/src/tenant.js:3:18)
    at handle (/srv/shop/src/server.js:40:5)`;

export const DIAGNOSIS = {
  root_cause: 'src/tenant.js:3 reads the tenant of a session that may have expired',
  failure_type: 'runtime_error' as const,
  affected_files: ['src/tenant.js'],
  confidence: 0.9,
  reasoning: 'sessions.get answers undefined for an expired session',
};

export const WORDS = {
  title: 'Answer null for an expired session',
  summary: 'tenantOf no longer reads from undefined.',
};

export async function reported(options: WorkbenchOptions = {}, files: Record<string, string> = {}) {
  const sample = await sampleBench({ ...PROJECT, ...files }, options);
  const { incident } = await reportError(sample.bench, { text: ERROR });
  return { ...sample, incident };
}

export async function started(options: WorkbenchOptions = {}, files: Record<string, string> = {}) {
  const sample = await reported(options, files);
  return { ...sample, fix: await startFix(sample.bench, { incident: sample.incident }) };
}

/** Diagnosis, reproduction and fix, as an agent would bring them. */
export async function healHonestly(bench: Workbench, fix: OpenFix): Promise<void> {
  const { incident } = fix;
  if (!diagnosisOf(bench.db, incident, fix.round)) await recordDiagnosis(bench, { incident, ...DIAGNOSIS });
  write(fix.worktree, {
    'src/tenant.js': PROJECT['src/tenant.js'].replace('session.tenantId', 'session?.tenantId ?? null'),
    'test/expired.test.js': `import assert from 'node:assert/strict';
import test from 'node:test';
import { tenantOf } from '../src/tenant.js';

test('an expired session has no tenant', () => {
  assert.equal(tenantOf(new Map(), 'gone'), null);
});
`,
  });
  await editContext(bench, {
    incident,
    layer: 'scenarios',
    entry: {
      module: 'tenants',
      name: 'an expired session has no tenant',
      why: 'it was a 500',
      incident,
      test_command: 'node --test test/expired.test.js',
    },
  });
}
