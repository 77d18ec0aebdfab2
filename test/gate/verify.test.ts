import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLaw } from '../../context/law.ts';
import { type ErrorEvent, eventSchema } from '../../events/event.ts';
import { explain } from '../../gate/explain.ts';
import { digestMainCheckout } from '../../gate/main-checkout.ts';
import { CHECK_NAMES } from '../../gate/verification.ts';
import { type VerifyRequest, verify } from '../../gate/verify.ts';
import { freshFolder, run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const INCIDENT = 'INC-1a2b3c4d5e6f7890';

const SOURCE = `exports.tenantOf = function tenantOf(request) {
  return request.user.tenantId;
};
`;
const FIXED = SOURCE.replace('request.user.tenantId', 'request.user?.tenantId ?? null');
const TEST = `const { test } = require('node:test');
const assert = require('node:assert');
const { tenantOf } = require('../src/tenant.js');

test('tells the tenant', () => {
  assert.strictEqual(tenantOf({ user: { tenantId: 7 } }), 7);
});
`;
const NEW_TEST = `const { test } = require('node:test');
const assert = require('node:assert');
const { tenantOf } = require('../src/tenant.js');

test('has no tenant without a user', () => {
  assert.strictEqual(tenantOf({}), null);
});
`;
const SCENARIO = `version: "1.0"
module: tenant
scenarios:
  - id: S010
    name: a request without a user has no tenant
    incident: ${INCIDENT}
    test_command: node --test test/anonymous.test.js
`;
const FILES = {
  'package.json': '{ "name": "shop", "scripts": { "test": "node --test test/*.test.js" } }\n',
  '.gitignore': 'node_modules\n*.log\n',
  'src/tenant.js': SOURCE,
  'src/page.js': "exports.page = (request) => String(require('./tenant.js').tenantOf(request));\n",
  'test/tenant.test.js': TEST,
  'test/page.test.js': "require('node:test').test('shows', () => void require('../src/page.js').page({ user: {} }));\n",
  '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: npm test\n',
  '.self-healing/invariants.yaml': `version: "1.0"
invariants:
  - id: INV-1
    rule: no eval
    severity: critical
    files: ["src/**"]
    check: { pattern: { regex: "\\\\beval\\\\(", must: not_match } }
`,
};
const HONEST = {
  'src/tenant.js': FIXED,
  'test/anonymous.test.js': NEW_TEST,
  '.self-healing/scenarios/tenant.yaml': SCENARIO,
};

const EVENT: ErrorEvent = eventSchema.parse({
  id: 'e1',
  source: 'log',
  actionable: true,
  severity: 'high',
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'tenantId')",
  file: 'src/tenant.js',
  line: 2,
  function: 'tenantOf',
  frames: [{ file: 'src/tenant.js', line: 2, function: 'tenantOf', in_app: true }],
  first_seen: '2026-11-20T10:00:00Z',
  last_seen: '2026-11-20T10:00:00Z',
  count: 1,
  fingerprint: '1a2b3c4d5e6f7890',
  received_at: '2026-11-20T10:00:00Z',
});

async function prepared(files: Record<string, string> = FILES) {
  const sample = await sampleRepository(files);
  const worktree = freshFolder('work tree');
  run(sample.root, 'worktree', 'add', '--quiet', '--detach', worktree, 'HEAD');
  const law = await readLaw(sample.repository, { commit: sample.base });
  const digest = await digestMainCheckout(sample.repository, { links: [] });
  const gate = (more: Partial<VerifyRequest> = {}) =>
    verify({
      repository: sample.repository,
      law,
      base: sample.base,
      folder: worktree,
      incident: { id: INCIDENT, event: EVENT },
      diagnosis: { failure_type: 'runtime_error', affected_files: ['src/tenant.js'], confidence: 0.9 },
      main: { digest, links: [] },
      iteration: 1,
      ...more,
    });
  return { ...sample, worktree, gate };
}

type Outcome = Awaited<ReturnType<typeof verify>>;
const codes = ({ verification }: Outcome) =>
  CHECK_NAMES.flatMap((name) => verification.checks[name].findings.map(({ code }) => code));

it('serves advice about the same tree from its memory, the reproduction and the final verdict never', async () => {
  const { gate, worktree } = await prepared({
    ...FILES,
    '.self-healing/invariants.yaml': `version: "1.0"
invariants:
  - id: INV-2
    rule: the page stays
    severity: critical
    files: ["src/**"]
    check: { command: "test -e src/page.js" }
`,
  });
  write(worktree, HONEST);
  const kept = new Map<string, unknown>();
  const cache = {
    get: (key: string) => kept.get(key),
    set: (key: string, value: unknown) => void kept.set(key, value),
  };
  const ran = async (more: Partial<VerifyRequest>) => {
    const lines: string[] = [];
    const onProgress: VerifyRequest['onProgress'] = (step) => {
      if (step.step === 'command') lines.push(step.command);
    };
    const { verification } = await gate({ ...more, onProgress });
    expect(verification.verdict).toBe('pass');
    expect(verification.checks.scenarios.evidence.map(({ at }) => at)).toEqual(['base', 'base_source', 'fix']);
    expect(verification.checks.invariants.evidence).toMatchObject([{ command: 'test -e src/page.js', exit: 0 }]);
    return lines;
  };
  const reproduction = Array.from({ length: 10 }, () => 'node --test test/anonymous.test.js');
  const all = [...reproduction, ...Array.from({ length: 3 }, () => 'npm test')];
  expect((await ran({ cache })).slice(0, 13)).toEqual(all);
  expect(await ran({ cache })).toEqual(reproduction);
  expect((await ran({})).slice(0, 13)).toEqual(all);
});

it('passes an honest fix, with red and green evidence for the reproduction', async () => {
  const { worktree, gate } = await prepared();
  write(worktree, HONEST);
  const steps: string[] = [];
  const outcome = await gate({ onProgress: (step) => steps.push(step.step) });
  expect(explain(outcome.verification)).toMatch(/^pass /);
  expect(codes(outcome)).toEqual([]);
  expect(outcome).toMatchObject({ weak: false, draft: false, needsPerson: [] });
  expect(outcome.changes.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'context .self-healing/scenarios/tenant.yaml',
    'source src/tenant.js',
    'test test/anonymous.test.js',
  ]);
  const evidence = outcome.verification.checks.reproduction.evidence.map(
    ({ at, exit }) => `${at} ${exit === 0 ? 'green' : 'red'}`,
  );
  expect(evidence).toEqual(expect.arrayContaining(['base_tests red', 'fix green', 'revert red']));
  expect(steps[0]).toBe('tree');
  expect(steps).toEqual(expect.arrayContaining([...CHECK_NAMES, 'command']));
});

it('passes an honest fix whose reproduction is a call, and counts what scenarios call as reached', async () => {
  const scenario = (id: string, module: string, name: string, rest: string) =>
    `  - { id: ${id}, name: ${name} works, call: { module: ${module}, export: ${name} }, ${rest} }\n`;
  const law = `version: "1.0"\nscenarios:\n${scenario('S001', 'src/page.js', 'page', 'input: { user: { tenantId: 7 } }, expected: "7"')}`;
  const files = { ...FILES, 'test/page.test.js': '', '.self-healing/scenarios/page.yaml': law };
  const { worktree, gate } = await prepared(files);
  const own = scenario('S010', 'src/tenant.js', 'tenantOf', `input: {}, expected: null, incident: ${INCIDENT}`);
  write(worktree, {
    'src/tenant.js': FIXED,
    '.self-healing/scenarios/tenant.yaml': `version: "1.0"\nscenarios:\n${own}`,
  });
  const outcome = await gate();
  expect(codes(outcome)).toEqual([]);
  expect(outcome).toMatchObject({ weak: false, verification: { verdict: 'pass' } });
  const { evidence } = outcome.verification.checks.reproduction;
  expect(evidence[0]?.tail).toMatch(/TypeError: .*'tenantId'\)\n\s+at (?:exports\.)?tenantOf \(/);
});

it('tells everything in one round', async () => {
  const { worktree, gate, root } = await prepared();
  write(worktree, {
    ...HONEST,
    'src/tenant.js': `${SOURCE}eval('1');\n`,
    'src/auth/login.js': 'x\n',
    '.self-healing/helper.js': 'x\n',
    'test/tenant.test.js': TEST.replace('7 } }), 7', '8 } }), 8'),
    '.self-healing/config.yaml': 'version: "1.0"\nguardrails: { max_files_changed: 99 }\n',
  });
  write(root, { 'stray.txt': 'x' });
  const outcome = await gate();
  expect(outcome.verification.verdict).toBe('refuse');
  expect(codes(outcome)).toEqual(
    expect.arrayContaining([
      'guardrails.forbidden_path',
      'context.config_changed',
      'guardrails.foreign_context_file',
      'tampering.test_changed',
      'guardrails.main_status',
      'guardrails.outside_scope',
      'reproduction.still_red',
      'invariants.violated',
    ]),
  );
  expect(outcome.needsPerson).toEqual(['stray.txt in the main checkout changed during the attempt.']);
});

it('runs the tree and not the folder: helpers that git does not see are gone', async () => {
  const { worktree, gate } = await prepared();
  write(worktree, {
    ...HONEST,
    'src/tenant.js': `exports.tenantOf = require('./helper.js').tenantOf;\n`,
    'src/helper.js': FIXED,
    '.gitignore': 'node_modules\n*.log\nsrc/helper.js\n',
  });
  const outcome = await gate();
  expect(outcome.verification.verdict).toBe('fail');
  expect(codes(outcome)).toEqual(expect.arrayContaining(['scenarios.not_reached']));
});

it('sees what info/exclude and assume-unchanged hide', async () => {
  const { worktree, gate, root } = await prepared();
  writeFileSync(join(root, '.git/info/exclude'), 'src/helper.js\n');
  run(worktree, 'update-index', '--assume-unchanged', 'src/page.js');
  write(worktree, { ...HONEST, 'src/helper.js': 'x\n' });
  appendFileSync(join(worktree, 'src/page.js'), '// hidden\n');
  const outcome = await gate();
  expect(outcome.changes.map(({ path }) => path)).toEqual(expect.arrayContaining(['src/helper.js', 'src/page.js']));
  expect(outcome.verification.checks.guardrails.findings.map(({ code, file }) => `${code} ${file}`)).toEqual([
    'guardrails.main_info undefined',
    'guardrails.outside_scope src/helper.js',
    'guardrails.outside_scope src/page.js',
  ]);
});

it('is about one tree: a byte that changes while it runs means verify again', async () => {
  const { worktree, gate } = await prepared();
  write(worktree, HONEST);
  let touched = false;
  const outcome = await gate({
    onProgress: ({ step }) => {
      if (step !== 'invariants' || touched) return;
      touched = true;
      appendFileSync(join(worktree, 'src/tenant.js'), ' ');
    },
  });
  expect(outcome.verification.verdict).toBe('fail');
  expect(codes(outcome)).toEqual(['guardrails.tree_changed']);
  expect((await gate()).verification.tree).not.toBe(outcome.verification.tree);
});

it('breaks nothing else: another red case fails, a removed one is refused', async () => {
  const { worktree, gate } = await prepared();
  write(worktree, { ...HONEST, 'src/tenant.js': FIXED.replace('request.user?.tenantId ?? null', 'null') });
  expect(codes(await gate())).toEqual(['scenarios.failed']);
  write(worktree, HONEST);
  rmSync(join(worktree, 'test/tenant.test.js'));
  const removed = await gate();
  expect(removed.verification.verdict).toBe('refuse');
  expect(codes(removed)).toEqual(['tampering.test_deleted', 'tampering.case_removed']);
});

it('judges any change without an incident, and says when there is nothing to judge', async () => {
  const { worktree, gate } = await prepared();
  const without = { incident: undefined, diagnosis: undefined, main: undefined };
  const nothing = await gate(without);
  expect(nothing.verification.verdict).toBe('pass');
  expect(codes(nothing)).toEqual(['guardrails.nothing_changed']);
  expect((await gate()).verification.verdict).toBe('fail');
  for (const name of ['a', 'b', 'c', 'd', 'e']) write(worktree, { [`src/${name}.js`]: `${'// x\n'.repeat(30)}` });
  const many = await gate(without);
  expect(many.verification).toMatchObject({ verdict: 'pass', checks: { reproduction: { status: 'skipped' } } });
  write(worktree, { 'src/a.js': 'eval(1)\n', '.self-healing/reports/INC-1.md': 'x\n' });
  const broken = await gate(without);
  expect(broken.verification.verdict).toBe('refuse');
  expect(codes(broken)).toEqual(['invariants.violated']);
});

it('judges by the law of the base, from the main checkout itself as well', async () => {
  const { gate, root } = await prepared();
  write(root, { ...HONEST, '.worktrees/hotfix/x/y.js': 'x' });
  const outcome = await gate({ folder: root, main: undefined });
  expect(outcome.changes.map(({ path }) => path)).not.toContain('.worktrees/hotfix/x/y.js');
  expect(outcome.verification.verdict).toBe('pass');
});
