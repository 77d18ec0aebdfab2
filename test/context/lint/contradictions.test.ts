import { expect, it } from 'vitest';
import { lint } from '../../../context/lint.ts';
import { repositoryWith } from '../temporary.ts';

async function found(files: Record<string, string>): Promise<string[]> {
  const { folder } = repositoryWith({
    'src/a.ts': 'export const f = 1;\n',
    'src/b.ts': 'export const g = 1;\n',
    ...files,
  });
  return (await lint(folder)).map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`);
}

it('names what is run twice, and two outcomes of one call', async () => {
  const scenarios = [
    '{id: S1, name: n, test_command: node src/a.ts}',
    '{id: S2, name: m, test_command: "node   src/a.ts"}',
    '{id: S3, name: n, kind: check, test_command: node src/a.ts}',
    '{id: S4, name: n, call: {module: src/a.ts, export: f}, input: 1, expected: 1}',
    '{id: S5, name: n, call: {module: src/a.ts, export: f}, input: 2, expected: 1}',
    '{id: S6, name: n, call: {export: f, module: src/a.ts}, input: 1, expected: 2}',
    '{id: S2, name: o, test_command: node src/b.ts}',
  ];
  const path = '.self-healing/scenarios/a.yaml';
  expect(await found({ [path]: `scenarios:\n${scenarios.map((one) => `  - ${one}\n`).join('')}` })).toEqual([
    `3:37 duplicate_entry: Scenario S2 runs what S1 (${path}:2) runs already.`,
    `7:80 contradiction: Scenario S6 expects another outcome of what S4 (${path}:5) runs, too.`,
    `8:10 duplicate_id: The scenario id S2 is already used at ${path}:3:5.`,
  ]);
});

it('names rules written twice, with two severities, and patterns that must and must not match', async () => {
  const invariants = [
    '{id: I1, rule: a Rule, severity: warning, files: [src/**], check: {pattern: {regex: never}}}',
    '{id: I2, rule: a rule, severity: warning, files: [src/**], check: {unchanged: {exports: src/a.ts}}}',
    '{id: I3, rule: other, severity: critical, files: [src/**], check: {pattern: {regex: never}}}',
    '{id: I4, rule: more, severity: warning, files: [src/a.ts], check: {pattern: {regex: const f, must: match}}}',
    '{id: I5, rule: less, severity: warning, files: [src/b.ts], check: {pattern: {regex: const f}}}',
    '{id: I6, rule: none, severity: warning, files: [src/*.ts], check: {pattern: {regex: const f, must: not_match}}}',
  ];
  const path = '.self-healing/invariants.yaml';
  expect(await found({ [path]: `invariants:\n${invariants.map((one) => `  - ${one}\n`).join('')}` })).toEqual([
    `3:20 duplicate_entry: Invariant I2 has the rule of I1 (${path}:2) for the same files.`,
    `4:37 contradiction: Invariant I3 is critical, and the same check is warning as I1 (${path}:2).`,
    '7:89 already_fails: Invariant I6 fails today: it is found at src/a.ts:1.',
    `7:104 contradiction: Invariant I6 contradicts I4 (${path}:5): the same pattern must match and must not.`,
  ]);
});

it('names edges and risks that are written twice, contradict, or have no effect', async () => {
  const path = '.self-healing/impact-map.yaml';
  const map = [
    'edges:',
    '  - {from: src/a.ts, to: src/b.ts}',
    '  - {from: src/a.ts, to: src/b.ts, why: again}',
    '  - {from: src/a.ts, to: src/a.ts}',
    'risk:',
    '  - {files: [src/**], level: low}',
    '  - {files: [src/a.ts], level: high}',
    '  - {files: [src/a.ts], level: medium}',
    '  - {files: [src/a*], level: medium}',
    '  - {files: [src/**], level: low, why: again}',
    '',
  ];
  expect(await found({ [path]: map.join('\n') })).toEqual([
    `3:5 duplicate_entry: The edge src/a.ts → src/b.ts is written at ${path}:2 already.`,
    '4:26 no_effect: The edge leads from src/a.ts to itself.',
    `8:32 contradiction: The risk is medium here and high for src/a.ts at ${path}:7.`,
    `9:30 no_effect: The risk medium has no effect: all of its files are high by ${path}:7, and the highest level counts.`,
    `10:5 duplicate_entry: The risk low is written for src/** at ${path}:6 already.`,
  ]);
});

it('concludes nothing from the entries of a file that cannot be read', async () => {
  expect(
    await found({
      '.self-healing/scenarios/a.yaml':
        'scenarios:\n  - {id: S1, name: n, test_command: node src/a.ts, incident: INC-1}\n',
      '.self-healing/incidents.yaml': 'incidents: [\n',
    }),
  ).toEqual([expect.stringMatching(/^\d+:\d+ yaml_syntax: /)]);
  expect(
    await found({
      '.self-healing/scenarios/a.yaml': 'scenario: []\n',
      '.self-healing/incidents.yaml':
        'incidents:\n  - {id: INC-1, error: e, files: [src/a.ts, src/gone.ts], anti_pattern: never again}\n',
    }),
  ).toEqual([
    '2:45 dead_path: Incident INC-1 names src/gone.ts, which matches no file.',
    '2:59 no_matcher: The anti-pattern of INC-1 has no matcher: a fix that repeats it is not noticed.',
    expect.stringMatching(/unknown_key/),
  ]);
});
