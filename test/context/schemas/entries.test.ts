import { expect, it } from 'vitest';
import { parseDocument } from '../../../context/document.ts';
import { incidentsFileSchema } from '../../../context/schemas/incidents.ts';
import { executableCheck, invariantsFileSchema } from '../../../context/schemas/invariants.ts';
import { isExecutable, scenarioFileSchema } from '../../../context/schemas/scenarios.ts';

it('knows every way to run a scenario', () => {
  const parsed = parseDocument(
    `
version: "1.0"
module: auth
files: ["src/auth/**"]
scenarios:
  - { id: A, name: n, test_command: npm test, timeout: 120s }
  - { id: B, name: n, input: [1], expected: null, call: { module: src/auth.ts, export: login } }
  - { id: C, name: n, http: { start: npm start, ready: "http://127.0.0.1:3000/health", method: POST, path: /login } }
  - { id: D, name: n, input: { attempts: 5 }, why: w, constraint: c, tags: [t], incident: INC-1a2b3c4d5e6f7890, proposed: true }
`,
    'f',
    scenarioFileSchema,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  expect(parsed.value.scenarios.map(isExecutable)).toEqual([true, true, true, false]);
  expect(parsed.value.scenarios[0]).toEqual({
    ...{ id: 'A', name: 'n', kind: 'test', test_command: 'npm test', timeout: 120_000 },
    ...{ why: '', constraint: '', tags: [] },
  });
});

it.each([
  ['the built-in id', '{id: S000, name: n}'],
  ['an id with a line break', '{id: "a\\nb", name: n}'],
  ['a path that leaves the repository', '{id: A, name: n, call: {module: ../x.ts, export: y}}'],
  ['an address that is none', '{id: A, name: n, http: {start: x, ready: soon, path: /}}'],
])('refuses a scenario with %s', (_, entry) => {
  expect(parseDocument(`scenarios: [${entry}]`, 'f', scenarioFileSchema).ok).toBe(false);
});

it('knows every check of an invariant, and prose for what it is', () => {
  const checks = [
    '{command: npm run check}',
    '{pattern: {language: ts, rule: "eval($X)", must: not_match}}',
    '{pattern: {regex: TODO}}',
    '{unchanged: {paths: ["migrations/**"]}}',
    '{unchanged: {exports: src/api.ts}}',
    'in words',
  ];
  const entries = checks.map((check, i) => `  - {id: I${i}, rule: r, severity: critical, check: ${check}}`);
  const parsed = parseDocument(`invariants:\n${entries.join('\n')}\n`, 'f', invariantsFileSchema);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  expect(parsed.value.invariants.map(executableCheck).map((check) => check && Object.keys(check))).toEqual([
    ...[['command'], ['pattern'], ['pattern'], ['unchanged'], ['unchanged']],
    undefined,
  ]);
  expect(executableCheck(parsed.value.invariants[2] ?? never())?.pattern).toEqual({ regex: 'TODO', must: 'not_match' });
});

it.each([
  ['a rule without its language', '{pattern: {rule: "eval($X)"}}'],
  ['rule and regex', '{pattern: {language: ts, rule: a, regex: b}}'],
  ['no kind', '{}'],
  ['neither paths nor exports', '{unchanged: {}}'],
])('refuses a check with %s', (_, check) => {
  const text = `invariants: [{id: I, rule: r, severity: critical, check: ${check}}]`;
  expect(parseDocument(text, 'f', invariantsFileSchema).ok).toBe(false);
});

it('takes an anti-pattern with or without a matcher', () => {
  const text = `incidents:
  - {id: INC-1, error: e, anti_pattern: in words}
  - {id: INC-2, date: 2026-11-20, error: e, anti_pattern: {description: d, match: {regex: "catch"}}}
`;
  const parsed = parseDocument(text, 'f', incidentsFileSchema);
  expect(parsed.ok && parsed.value.incidents.map((entry) => entry.anti_pattern)).toEqual([
    { description: 'in words', match: undefined },
    { description: 'd', match: { regex: 'catch' } },
  ]);
});

function never(): never {
  throw new Error('missing');
}
