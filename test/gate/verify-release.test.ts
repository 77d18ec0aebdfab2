import { expect, it } from 'vitest';
import { readLaw } from '../../context/law.ts';
import { eventSchema } from '../../events/event.ts';
import { isRelease } from '../../gate/evidence.ts';
import { verify } from '../../gate/verify.ts';
import { commit, freshFolder, run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const INCIDENT = 'INC-1a2b3c4d5e6f7890';
const RED = 'exports.tenantOf = function tenantOf(request) {\n  return request.user.tenantId;\n};\n';
const GREEN = RED.replace('user.', 'user?.');
const FILES = {
  'package.json': '{ "scripts": { "test": "node --test test/*.test.js" } }\n',
  'src/tenant.js': RED,
  'test/old.test.js': "require('node:test').test('old', () => {});\n",
  '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: npm test\n',
};
const TEST = {
  'test/anonymous.test.js': `const { tenantOf } = require('../src/tenant.js');\nrequire('node:test').test('no user', () => { tenantOf({}); });\n`,
  '.self-healing/scenarios/tenant.yaml': `version: "1.0"\nmodule: tenant\nscenarios:\n  - id: S010\n    name: no user\n    incident: ${INCIDENT}\n    test_command: node --test test/anonymous.test.js\n`,
};

/** The tag stands on the first commit, `later` is committed on it as the base, and `fix` lies in the worktree. */
async function judged(first: Record<string, string>, later: Record<string, string>, fix: Record<string, string>) {
  const { root, repository } = await sampleRepository(first);
  run(root, 'tag', 'v1.4.0');
  const base = commit(root, later);
  const worktree = freshFolder('worktree');
  run(root, 'worktree', 'add', '--quiet', '--detach', worktree, base);
  write(worktree, { ...TEST, ...fix });
  const event = eventSchema.parse({
    id: 'e1',
    source: 'log',
    actionable: true,
    severity: 'high',
    release: 'shop@1.4.0',
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'tenantId')",
    frames: [{ file: 'src/tenant.js', line: 2, function: 'tenantOf', in_app: true }],
    first_seen: '2026-11-20T10:00:00Z',
    last_seen: '2026-11-20T10:00:00Z',
    count: 1,
    fingerprint: '1a2b3c4d5e6f7890',
    received_at: '2026-11-20T10:00:00Z',
  });
  const { verification } = await verify({
    repository,
    law: await readLaw(repository, { commit: base }),
    base,
    folder: worktree,
    incident: { id: INCIDENT, event },
    diagnosis: { failure_type: 'runtime_error', affected_files: ['src/tenant.js'], confidence: 0.9 },
    iteration: 1,
  });
  const { findings, evidence } = verification.checks.reproduction;
  return { verification, findings, runs: evidence.filter(isRelease) };
}

it('says that the base is fixed already, when the release that the event names is red', async () => {
  const { findings, runs } = await judged(FILES, { 'src/tenant.js': GREEN }, {});
  expect(findings.map(({ code }) => code)).toEqual(['reproduction.already_fixed']);
  expect(findings[0]?.message).toContain('red in release shop@1.4.0 (3×) and green on the base');
  expect(runs.map(({ command, exit }) => `${command} → ${exit}`)).toEqual(
    Array(3).fill('node --test test/anonymous.test.js  # in release shop@1.4.0 → 1'),
  );
});

it('runs on the release too when the base is red, which changes nothing', async () => {
  const { verification, findings, runs } = await judged(FILES, { 'src/new.js': '1;\n' }, { 'src/tenant.js': GREEN });
  expect(findings).toEqual([]);
  expect(runs).toMatchObject([{ exit: 1, counts: { failed: 1 } }]);
  expect(verification.verdict).toBe('pass');
});

it('warns when the release is green, or its tests cannot run there, and the verdict stays', async () => {
  const newer = await judged(
    { ...FILES, 'src/tenant.js': GREEN },
    { 'src/tenant.js': RED },
    { 'src/tenant.js': GREEN },
  );
  expect(newer.findings.map(({ code }) => code)).toEqual(['reproduction.green_in_release']);
  const { 'src/tenant.js': _, ...before } = FILES;
  const older = await judged(before, { 'src/tenant.js': RED }, { 'src/tenant.js': GREEN });
  expect(older.findings.map(({ code }) => code)).toEqual(['reproduction.release_not_run']);
  expect(older.findings[0]?.message).toMatch(/tells nothing of release shop@1.4.0.*did not load/);
  for (const { verification } of [newer, older]) expect(verification.verdict).toBe('pass');
});

it('does not take a test that is green everywhere for a fixed error', async () => {
  const { findings } = await judged({ ...FILES, 'src/tenant.js': GREEN }, { 'src/new.js': '1;\n' }, {});
  expect(findings.map(({ code }) => code)).toEqual(['reproduction.green_on_base']);
});
