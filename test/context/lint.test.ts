import { expect, it } from 'vitest';
import { initialise } from '../../context/init.ts';
import { lint } from '../../context/lint.ts';
import { repositoryWith } from './temporary.ts';

it('names every finding at its place', async () => {
  const { folder } = repositoryWith({
    'src/a.ts': '',
    'src/b.ts': '',
    '.self-healing/scenarios/a.yaml':
      'files: ["src/a.ts", "gone/**"]\nscenarios:\n  - {id: S001, name: n}\n  - id: S002\n    name: m\n    test_command: x\n    incident: INC-9\n',
    '.self-healing/scenarios/b.yml': 'scenarios: []\n',
    '.self-healing/invariants.yaml':
      'invariants:\n  - {id: I1, rule: r, severity: warning, check: in words}\n  - {id: I2, rule: r, severity: critical, check: {unchanged: {paths: [migrations/**]}}}\n',
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
    '.self-healing/impact-map.yaml:1:9 dead_path: The edge names gone.py, which matches no file.',
    '.self-healing/incidents.yaml:2:5 no_scenario: No scenario runs for src/b.ts, which broke in INC-1.',
    '.self-healing/invariants.yaml:2:5 unproven: Invariant I1 is prose. Add a check: command, pattern or unchanged.',
    '.self-healing/invariants.yaml:3:5 dead_path: Invariant I2 names migrations/**, which matches no file.',
    '.self-healing/scenarios/a.yaml:3:5 dead_path: The module a names gone/**, which matches no file.',
    '.self-healing/scenarios/a.yaml:3:5 unproven: Scenario S001 has no way to run. Add test_command, call or http.',
    '.self-healing/scenarios/a.yaml:4:5 unknown_incident: Scenario S002 is about INC-9, which incidents.yaml does not know.',
    '.self-healing/scenarios/b.yml:1:1 not_read: .self-healing/scenarios/b.yml is not read. Scenarios are .self-healing/scenarios/<module>.yaml.',
  ]);
});

it('finds nothing in a fresh .self-healing/, and nothing without one', async () => {
  const { folder } = repositoryWith({ 'package.json': '{"scripts": {"lint": "eslint ."}}' });
  expect(await lint(folder)).toEqual([]);
  await initialise({ root: folder });
  expect(await lint(folder)).toEqual([]);
});
