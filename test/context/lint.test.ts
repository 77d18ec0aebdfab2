import { expect, it } from 'vitest';
import { initialise } from '../../context/init.ts';
import { lint } from '../../context/lint.ts';
import { repositoryWith } from './temporary.ts';

it('names every finding at its place', async () => {
  const { folder } = repositoryWith({
    'src/a.ts': '',
    'src/b.ts': '',
    '.self-healing/scenarios/a.yaml':
      'files: ["src/a.ts", "gone/**"]\nscenarios:\n  - {id: S001, name: n}\n  - id: S002\n    name: m\n    test_command: node src/a.ts\n    incident: INC-9\n',
    '.self-healing/scenarios/b.yml': 'scenarios: []\n',
    '.self-healing/invariants.yaml':
      'invariants:\n  - {id: I1, rule: r, severity: warning, check: in words}\n  - {id: I2, rule: s, severity: critical, check: {unchanged: {paths: [migrations/**]}}}\n',
    '.self-healing/impact-map.yaml': 'edges: [{from: src/a.ts, to: gone.py}]\nrisk: [{files: [src/**], level: low}]\n',
    '.self-healing/incidents.yaml':
      'incidents:\n  - {id: INC-1, error: e, files: [src/b.ts]}\n  - {id: INC-2, error: e, files: [src/a.ts]}\n',
    '.self-healing/config.yaml': 'test: {}\n',
  });
  const findings = await lint(folder);
  expect(
    findings.map(({ file, line, column, code, message }) => `${file}:${line}:${column} ${code}: ${message}`),
  ).toEqual([
    '.self-healing/config.yaml:1:1 unknown_key: Unknown key "test"; the nearest known key is "tests".',
    '.self-healing/impact-map.yaml:1:30 dead_path: The edge names gone.py, which matches no file.',
    '.self-healing/incidents.yaml:2:34 no_scenario: No scenario runs for src/b.ts, which broke in INC-1.',
    '.self-healing/invariants.yaml:2:42 unproven: Invariant I1 is prose. Add a check: command, pattern or unchanged.',
    '.self-healing/invariants.yaml:3:71 dead_path: Invariant I2 names migrations/**, which matches no file.',
    '.self-healing/scenarios/a.yaml:1:21 dead_path: The module a names gone/**, which matches no file.',
    '.self-healing/scenarios/a.yaml:3:5 unproven: Scenario S001 has no way to run. Add test_command, call or http.',
    '.self-healing/scenarios/a.yaml:7:15 unknown_incident: Scenario S002 is about INC-9, which incidents.yaml does not know.',
    '.self-healing/scenarios/b.yml:1:1 not_read: .self-healing/scenarios/b.yml is not read. Scenarios are .self-healing/scenarios/<module>.yaml.',
  ]);
});

it('names calls and requests whose module is gone, or that could not fail', async () => {
  const { folder } = repositoryWith({
    'src/a.ts': 'export const f = 1;\n',
    '.self-healing/scenarios/a.yaml': [
      'scenarios:',
      '  - {id: S001, name: n, call: {module: src/gone.ts, export: f}, expected: 1}',
      '  - {id: S002, name: n, call: {module: src/a.ts, export: f}, expected: {throws: {kind: X}}}',
      '  - {id: S003, name: n, call: {module: src/a.ts, export: f}, rows: [{expected: 1}, {input: 1}]}',
      '  - {id: S004, name: n, http: {start: node ., ready: "http://127.0.0.1:1/", path: /}, expected: {}}',
      '  - {id: S005, name: n, test_command: node ., expected: {throws: it is prose here}}',
      '',
    ].join('\n'),
  });
  expect((await lint(folder)).map(({ line, code, message }) => `${line} ${code}: ${message}`)).toEqual([
    '2 dead_path: Scenario S001 names src/gone.ts, which matches no file.',
    expect.stringMatching(/^3 no_outcome: Scenario S002 proves nothing: throws: .*"kind"\.$/),
    '4 no_outcome: Scenario S003 proves nothing: row 2: expected is missing, so nothing could fail.',
    '5 no_outcome: Scenario S004 proves nothing: expected is missing, so nothing could fail.',
  ]);
});

it('finds nothing in a fresh .self-healing/, and nothing without one', async () => {
  const { folder } = repositoryWith({ 'package.json': '{"scripts": {"lint": "eslint ."}}' });
  expect(await lint(folder)).toEqual([]);
  await initialise({ root: folder });
  expect(await lint(folder)).toEqual([]);
});

it('tries structural rules on the files that they are about', async () => {
  const invariants = [
    '{id: I1, rule: r1, severity: critical, check: {pattern: {language: ts, rule: "eval("}}}',
    '{id: I2, rule: r2, severity: critical, check: {pattern: {language: py, rule: "eval($X)"}}}',
    '{id: I3, rule: r3, severity: critical, files: [src/b.ts], check: {pattern: {language: ts, rule: checkAuth(), must: match}}}',
    '{id: I4, rule: r4, severity: critical, files: [src/a.ts], check: {pattern: {language: ts, rule: checkAuth(), must: match}}}',
    '{id: I5, rule: r5, severity: critical, check: {unchanged: {exports: src/gone.ts}}}',
  ];
  const incident = '{id: INC-1, error: e, anti_pattern: {description: d, match: {language: ts, rule: "a b"}}}';
  const { folder } = repositoryWith({
    'src/a.ts': 'checkAuth();\n',
    'src/b.ts': '// checkAuth()\n',
    '.self-healing/invariants.yaml': `invariants:\n${invariants.map((line) => `  - ${line}\n`).join('')}`,
    '.self-healing/incidents.yaml': `incidents:\n  - ${incident}\n`,
  });
  const findings = await lint(folder);
  expect(findings.map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`)).toEqual([
    '2:86 invalid_rule: The anti-pattern of INC-1: "a b" is not one whole expression, statement or declaration of TypeScript: Multiple AST nodes are detected. Please check the pattern source `a b`.',
    '2:82 invalid_rule: Invariant I1: "eval(" is not one whole expression, statement or declaration of TypeScript: a part of it is a syntax error.',
    '3:5 no_files: Invariant I2 is about Python. The repository holds no file of it.',
    '4:101 never_matches: Invariant I3 wants code that the one file it is about does not hold.',
    '6:73 dead_path: Invariant I5 names src/gone.ts, which matches no file.',
  ]);
});

it('names the nearest language where none is called so', async () => {
  const { folder } = repositoryWith({
    '.self-healing/invariants.yaml':
      'invariants:\n  - id: I1\n    rule: r\n    severity: critical\n    check:\n      pattern: {language: pyton, rule: x}\n',
  });
  expect(await lint(folder)).toMatchObject([
    {
      line: 6,
      column: 27,
      message: expect.stringContaining('Unknown language "pyton"; the nearest known is "python".'),
    },
  ]);
});
