/**
 * Every line that a finding prints for a person is written into the documents it names, which are then read by the real
 * parser: what it promised to lift blocks no more.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { readLaw } from '../../context/law.ts';
import { defaultConfig } from '../../context/schemas/config.ts';
import { eventSchema } from '../../events/event.ts';
import type { CheckRun } from '../../gate/check-run.ts';
import { configLine, knownFailingLine } from '../../gate/lift.ts';
import { judgeScenario } from '../../gate/scenarios/findings.ts';
import { CHECK_NAMES, type Finding } from '../../gate/verification.ts';
import { verify } from '../../gate/verify.ts';
import { freshFolder, run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const BASE = {
  'package.json': '{ "type": "module" }\n',
  'src/core.js': 'export const core = 1;\n',
  'src/page.js': "export { core } from './core.js';\n",
  'test/core.test.js':
    "import test from 'node:test';\nimport { core } from '../src/core.js';\ntest('core', () => void core);\n",
  'test/red.test.js': "import test from 'node:test';\ntest('red', () => { throw new Error('since long'); });\n",
};
/** Not committed: the main checkout's stands in, as in a repository that has just been set up. */
const LAW = {
  '.self-healing/config.yaml': 'version: "1.0"\ntests: { command: node --test }\nguardrails: { max_blast_radius: 0 }\n',
  '.self-healing/invariants.yaml': `version: "1.0"
invariants:
  - id: INV-1
    rule: the core stays
    severity: critical
    check: { unchanged: { paths: [src/core.js] } }
  - id: INV-2
    rule: the shape stays
    severity: critical
    check: { command: no-such-program-anywhere }
`,
  '.self-healing/incidents.yaml': `version: "1.0"
incidents:
  - id: INC-0000000000000001
    error: x
    anti_pattern: { description: counting in comments, match: { regex: "// line 7" } }
`,
  '.self-healing/scenarios/core.yaml': `version: "1.0"
module: core
scenarios:
  - id: S007
    name: called
    call: { module: src/core.js, export: core }
`,
};
/** Breaks nearly every rule that a person can lift. */
const FIX = {
  'src/core.js': `export const core = 2;\n${Array.from({ length: 60 }, (_, line) => `// line ${line}\n`).join('')}`,
  'src/auth/login.js': 'export const a = 1;\n',
  'src/payment/card.js': 'export const b = 1;\n',
  'src/other.js': 'export const c = 1;\n',
  'test/core.test.js': BASE['test/core.test.js'].replace('void core', 'void 0'),
};
const LIFTED = [
  'anti_patterns.repeated',
  'blast_radius.too_large',
  'guardrails.forbidden_path',
  'guardrails.low_confidence',
  'guardrails.too_many_files',
  'guardrails.too_many_lines',
  'invariants.cannot_run',
  'invariants.violated',
  'reproduction.missing',
  'scenarios.already_failing',
  'scenarios.cannot_run',
  'tampering.test_changed',
];

/** The cell "lifted by" of docs/verdicts.md. */
function documented(code: string): string {
  const [family, name] = code.split('.');
  const row = DOCUMENT.split('\n').find(
    (line) => line.startsWith(`| \`${family}.`) && line.split('|')[1]?.match(new RegExp(`[\`.]${name}\``)),
  );
  return row?.split('|').at(-2) ?? '';
}
const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/verdicts.md'), 'utf8');

/** `guardrails.max_files_changed`; of an entry its key alone. */
function keyOf(lift: string): string {
  return /^(\w+): \{ (\w+):/.exec(lift)?.slice(1).join('.') ?? lift.split(':')[0] ?? '';
}

/** What a person does with a printed line. */
function apply(root: string, lift: string): void {
  const [, yaml = '', entry, file = ''] = /^(.*?) {2}# (?:of (\S+), |in )(\S+?)(?::\d+)?$/.exec(lift) ?? [];
  const path = join(root, file);
  const document = parseDocument(readFileSync(path, 'utf8'));
  const at = ['invariants', 'incidents', 'scenarios'].flatMap((list) => {
    const index = (document.toJS()[list] ?? []).findIndex(({ id }: { id: string }) => id === entry);
    return index < 0 ? [] : [[list, index]];
  });
  for (const [key, value] of Object.entries(parse(yaml) as Record<string, unknown>))
    if (entry === undefined)
      for (const [inner, set] of Object.entries(value as object))
        document.setIn([key, inner], document.createNode(set));
    else document.setIn([...(at[0] ?? []), key], value);
  writeFileSync(path, document.toString());
}

it('lifts what it says, for a whole verification', { timeout: 120_000 }, async () => {
  const { repository, root, base } = await sampleRepository(BASE);
  const folder = join(freshFolder(), 'w');
  run(root, 'worktree', 'add', '--quiet', '--detach', folder, base);
  write(root, LAW);
  write(folder, FIX);
  const judge = async () => {
    const { verification } = await verify({
      repository,
      law: await readLaw(repository, { commit: base }),
      base,
      folder,
      incident: { id: 'INC-1a2b3c4d5e6f7890', event: EVENT },
      diagnosis: {
        failure_type: 'runtime_error',
        affected_files: ['src/core.js', 'src/auth/login.js', 'src/payment/card.js', 'src/other.js'],
        confidence: 0.4,
      },
      iteration: 1,
    });
    return verification;
  };
  const before = await judge();
  const findings = CHECK_NAMES.flatMap((name) => before.checks[name].findings).filter(({ lift }) => lift !== undefined);
  expect(before.verdict).toBe('refuse');
  expect([...new Set(findings.map(({ code }) => code))].sort()).toEqual(LIFTED);

  for (const { code, lift = '' } of findings) {
    expect(documented(code), code).toContain(keyOf(lift));
    apply(root, lift);
  }
  const after = await judge();
  expect(after.verdict, JSON.stringify(after, null, 1)).toBe('pass');
  const left: Finding[] = CHECK_NAMES.flatMap((name) => after.checks[name].findings);
  expect(left.filter(({ lift, code }) => lift !== undefined && code !== 'tampering.test_changed')).toEqual([]);
  // What the lines let through is said all the same, and a person is asked about the tests.
  expect(left.map(({ code }) => code)).toEqual(expect.arrayContaining(['invariants.violated', 'reproduction.missing']));
});

const NOTHING: CheckRun = {
  command: 'npm test',
  tree: 't',
  at: 'base',
  status: 'error',
  exit: 1,
  counts: null,
  cases: [],
  diagnostics: [],
  seconds: 1,
  output: '',
  tail: '',
};

it.each(['uncounted', 'command_not_found', 'timed_out'])('lifts a scenario that is %s', (code) => {
  const judge = (config: ReturnType<typeof defaultConfig>) => {
    // It needs a third more than it is given.
    const enough = code === 'timed_out' && config.tests.timeout >= 400_000;
    const done: CheckRun = { ...NOTHING, status: 'passed', counts: { passed: 1, failed: 0, skipped: 0 } };
    const status = code === 'timed_out' ? 'timed_out' : 'error';
    const ran = enough ? done : ({ ...NOTHING, status, reason: { code, message: 'why' } } satisfies CheckRun);
    const scenario = {
      id: 'S000',
      command: 'npm test',
      way: { by: 'command' as const, command: 'npm test' },
      kind: 'test' as const,
      timeoutMs: config.tests.timeout,
      author: 'people' as const,
    };
    return judgeScenario({ scenario, base: ran, baseSource: ran, fix: ran, excused: new Set() }, config);
  };
  const [finding] = judge(defaultConfig());
  expect(finding?.severity).toBe('fail');
  const root = freshFolder();
  write(root, { '.self-healing/config.yaml': 'version: "1.0"\n' });
  apply(root, finding?.lift ?? '');
  const text = readFileSync(join(root, '.self-healing/config.yaml'), 'utf8');
  const config = defaultConfig();
  const { tests } = parse(text) as { tests: { known_failing?: string[]; timeout?: string } };
  config.tests.known_failing = tests.known_failing ?? [];
  config.tests.timeout = Number.parseInt(tests.timeout ?? '300', 10) * 1000;
  expect(judge(config).filter(({ severity }) => severity === 'fail')).toEqual([]);
});

it('writes names of every kind so that YAML reads them back, and many of them as their scenario', () => {
  const names = ['a: b # c', 'it\'s "quoted", [really]', 'two\nlines', '- x', ''];
  const line = knownFailingLine(['old'], 'S000', names);
  expect(line.split('\n')).toHaveLength(1);
  expect(parse(line)).toEqual({ tests: { known_failing: ['old', ...names] } });
  const many = Array.from({ length: 30 }, (_, index) => `case ${index}`);
  expect(knownFailingLine([], 'S000', many)).toBe('tests: { known_failing: [S000] }  # in .self-healing/config.yaml');
  expect(parse(configLine('tests', 'command', 'npm test -- --x="}" # y'))).toEqual({
    tests: { command: 'npm test -- --x="}" # y' },
  });
});

const EVENT = eventSchema.parse({
  id: 'e1',
  source: 'log',
  actionable: true,
  severity: 'high',
  type: 'TypeError',
  message: 'x',
  frames: [],
  first_seen: '2026-11-20T10:00:00Z',
  last_seen: '2026-11-20T10:00:00Z',
  count: 1,
  fingerprint: '1a2b3c4d5e6f7890',
  received_at: '2026-11-20T10:00:00Z',
});
