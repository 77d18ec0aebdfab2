import { join } from 'node:path';
import { expect, test } from 'vitest';
import { escalate } from '../../../healer/fixes/escalate.ts';
import { propose } from '../../../healer/fixes/propose.ts';
import { recordDiagnosis } from '../../../healer/fixes/record-diagnosis.ts';
import { startFix } from '../../../healer/fixes/start-fix.ts';
import { approveStart } from '../../../healer/incidents/decisions.ts';
import { DIAGNOSIS, started, WORDS } from '../sample-fix.ts';

test('the diagnosis is set once; a second call only adds files, with its reason, within the limit', async () => {
  const { bench, incident, fix } = await started();
  const record = (more: object) => recordDiagnosis(bench, { incident, ...DIAGNOSIS, ...more });
  await expect(record({ affected_files: ['../../../etc/passwd'] })).rejects.toThrow('not a file inside the worktree');
  await expect(record({ affected_files: [] })).rejects.toThrow('empty');
  expect(await record({ affected_files: [join(fix.worktree, 'src/tenant.js')] })).toMatchObject({
    autonomy: 'fix',
    affected_files: ['src/tenant.js'],
  });
  await expect(record({ confidence: 0.95 })).rejects.toMatchObject({ code: 'not_allowed' });
  expect(await record({ affected_files: ['src/b.js'], reasoning: 'b reads it too' })).toMatchObject({
    affected_files: ['src/tenant.js', 'src/b.js'],
  });
  await expect(record({ affected_files: ['src/c.js', 'src/d.js'] })).rejects.toThrow('max_files_changed is 3');
  expect(await record({ affected_files: ['test/a.test.js'] })).toMatchObject({ autonomy: 'fix' });
});

test('below the threshold it is recorded all the same, and only a hand-over remains', async () => {
  const { bench, incident } = await started();
  await expect(recordDiagnosis(bench, { incident, ...DIAGNOSIS, confidence: 0.5 })).rejects.toMatchObject({
    code: 'not_allowed',
    next: expect.stringContaining('escalate'),
  });
  await expect(recordDiagnosis(bench, { incident, ...DIAGNOSIS })).rejects.toThrow('is set');
  await expect(propose(bench, { incident, ...WORDS })).rejects.toThrow('below the threshold');
  expect(
    await escalate(bench, { incident, reason: 'not sure', needs: 'a look', failureMode: 'low_confidence' }),
  ).toMatchObject({
    status: 'escalated',
    payload: { failure_mode: 'low_confidence', requires_action: true, round: 1 },
  });
});

test('a class set to "ask" stops the run; once approved it counts as fix for that round', async () => {
  const { bench, incident } = await started();
  const asked = await recordDiagnosis(bench, { incident, ...DIAGNOSIS, failure_type: 'configuration' });
  expect(asked).toMatchObject({ autonomy: 'ask', next: expect.stringContaining('a person decides') });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'awaiting_start' });
  await expect(startFix(bench, { incident })).rejects.toThrow('it is awaiting_start');
  await approveStart(bench.incidents, { incident, who: 'person:ada' });
  const fix = await startFix(bench, { incident });
  expect(fix.round).toBe(1);
  expect(await recordDiagnosis(bench, { incident, ...DIAGNOSIS, failure_type: 'configuration' })).toMatchObject({
    autonomy: 'fix',
  });
});

const OF_CONFIG = '  # in .self-healing/config.yaml';

test.each([
  [{ confidence: 0.5 }, 'guardrails: { confidence_threshold: 0.5 }'],
  [{ failure_type: 'security' as const }, 'autonomy: { security: fix }'],
  [{ affected_files: ['src/a.js', 'src/b.js', 'src/c.js', 'src/d.js'] }, 'guardrails: { max_files_changed: 5 }'],
])('%j is lifted by the line that it is answered with', async (diagnosed, line) => {
  const record = async (config: string) => {
    const text = `version: "1.0"\ntests: { command: node --test }\n${config}\n`;
    const { bench, incident } = await started({}, { '.self-healing/config.yaml': text });
    if ('affected_files' in diagnosed) await recordDiagnosis(bench, { incident, ...DIAGNOSIS });
    return recordDiagnosis(bench, { incident, ...DIAGNOSIS, ...diagnosed }).catch((error: Error) => error);
  };
  const before = await record('');
  expect(before instanceof Error ? before.message : before.next).toContain(`\`${line}${OF_CONFIG}\``);
  expect(await record(line)).toMatchObject({ autonomy: 'fix' });
});

test('a session is told at its diagnosis that the tests cannot run, a headless run is not', async () => {
  const config = 'tests: { command: no-such-runner }\n';
  const session = await started({ role: 'session' }, { '.self-healing/config.yaml': config });
  const { bench, incident } = session;
  await expect(recordDiagnosis(bench, { incident, ...DIAGNOSIS })).rejects.toMatchObject({
    code: 'not_allowed',
    message: expect.stringMatching(
      /^The diagnosis is recorded\. The tests cannot run .* Write `tests: \{ command: npm test \}/,
    ),
    next: expect.stringContaining('escalate'),
  });
  const parent = await started({}, { '.self-healing/config.yaml': config });
  expect(await recordDiagnosis(parent.bench, { incident: parent.incident, ...DIAGNOSIS })).toMatchObject({
    autonomy: 'fix',
  });
});

test('an override of the config that matches the incident is applied', async () => {
  const config = `tests: { command: node --test }
overrides:
  - { match: { failure_type: runtime_error, files: ["src/**"] }, set: { guardrails: { confidence_threshold: 0.95 } } }
  - { match: { service: other }, set: { guardrails: { confidence_threshold: 0 } } }
`;
  const { bench, incident } = await started({}, { '.self-healing/config.yaml': config });
  await expect(recordDiagnosis(bench, { incident, ...DIAGNOSIS })).rejects.toThrow('below the threshold of 0.95');
});
