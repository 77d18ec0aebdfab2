import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readWorkingLaw } from '../../context/law.ts';
import { importContext } from '../../healer/import-context.ts';
import { write } from '../write.ts';
import { sampleBench } from './sample-repository.ts';

/** Laid out as bkit's templates and guide have it; its map as its own analyser writes it. */
const BKIT = {
  '.bkit/invariants.yaml': `version: "1.0"
invariants:
  # agreed with finance
  - id: "INV-001"
    rule: "a balance is never negative"
    files: ["src/payment.ts"]
    check: "balance >= 0"   # in the ledger
    severity: "critical"
    category: "business-rule"
  - id: INV-002
    rule: orders only move forward
    severity: info
    owner: ada
`,
  '.bkit/impact-map.json': JSON.stringify({
    version: '1.0',
    modules: {
      'src/auth.ts': { depends_on: ['src/payment.ts'], depended_by: [], blast_radius: 0, change_risk: 'low' },
      'src/web.ts': { depends_on: ['src/auth.ts'], depended_by: [], blast_radius: 0, change_risk: 'low' },
    },
  }),
  '.bkit/incident-memory.yaml': `version: "1.0"
incidents:
  - id: INC-007
    file: src/auth.ts
    error: jwt secret undefined
    root_cause: read before the environment was loaded
    anti_pattern: a default secret
    reported_by: grafana
  - { error: without an id }
`,
  'docs/02-design/scenarios/user-auth.scenarios.yaml': `version: "1.0"
module: "user-auth"
file: "src/auth.ts"
scenarios:
  - id: "S001"
    name: "login"
    description: "the happy path"
    input: { email: "a@example.com" }
    expected: { status: 200 }
    why: ""
    constraint: ""
    tags: ["happy-path"]
    test_command: "node --test test/auth.test.js"
`,
  'docs/02-design/scenarios/payment.scenarios.yaml': `version: "1.0"
module: payment
file: src/payment.ts
scenarios:
  - id: S001
    name: pays once
    priority: 1
`,
};
const OURS = {
  'src/auth.ts': '',
  'src/payment.ts': '',
  'src/web.ts': "import './auth.ts';\n",
  '.self-healing/config.yaml': 'version: "1.0"\n',
  '.self-healing/invariants.yaml':
    'version: "1.0"\ninvariants:\n  - { id: INV-002, rule: ours, severity: warning } # keep\n',
};
const FILES = ['invariants', 'impact-map', 'incidents', 'scenarios/payment', 'scenarios/user-auth'];

describe('importContext', () => {
  it('lists first and writes nothing, then writes every entry with its comments, ids and origin', async () => {
    const { bench, root } = await sampleBench({ ...BKIT, ...OURS });
    const listed = await importContext(bench, root, { write: false });
    expect((await readWorkingLaw(root)).scenarios).toEqual([]);
    const { entries, conflicts, left_out, kept } = await importContext(bench, root, { write: true });
    expect(listed.entries.map(({ id, file }) => [id, file])).toEqual(entries.map(({ id, file }) => [id, file]));
    expect(entries.map(({ layer, id, was }) => [layer, id, was])).toEqual([
      ['invariants', 'INV-001', undefined],
      ['impact', 'src/auth.ts → src/payment.ts', undefined],
      ['incidents', 'INC-007', undefined],
      ['scenarios', 'S001', undefined],
      ['scenarios', 'user-auth-S001', 'S001'],
    ]);
    expect(kept).toEqual([]);
    expect(conflicts).toEqual([
      {
        what: '.bkit/invariants.yaml, INV-002',
        why: 'INV-002 is there already and says something else; it stays as it is',
      },
    ]);
    expect(left_out.map(({ what }) => what)).toEqual([
      expect.stringContaining('depended_by'),
      '.bkit/incident-memory.yaml, entry 2',
    ]);
    const read = (name: string) => readFileSync(join(root, `.self-healing/${name}.yaml`), 'utf8');
    expect(
      read('invariants'),
    ).toBe(`${OURS['.self-healing/invariants.yaml']}  # From .bkit/invariants.yaml, INV-001 of bkit.
  # agreed with finance
  # in the ledger
  - id: INV-001
    rule: a balance is never negative
    severity: critical
    category: business-rule
    files:
      - src/payment.ts
    check: balance >= 0
`);
    expect(read('incidents')).toContain('# reported_by: grafana');
    expect(read('scenarios/payment')).toContain('# priority: 1');
    expect(read('scenarios/user-auth')).toMatch(
      /# Description: the happy path\n {2}# Its id there is S001, which another entry has/,
    );
    expect(parse(read('scenarios/user-auth'))).toMatchObject({
      module: 'user-auth',
      files: ['src/auth.ts'],
      scenarios: [{ input: { email: 'a@example.com' }, test_command: 'node --test test/auth.test.js' }],
    });
    expect((await readWorkingLaw(root)).problems).toEqual([]);
  });

  it('run again adds nothing and leaves alone what a person changed', async () => {
    const { bench, root } = await sampleBench({ ...BKIT, ...OURS });
    await importContext(bench, root, { write: true });
    const file = join(root, '.self-healing/scenarios/payment.yaml');
    write(root, {
      '.self-healing/scenarios/payment.yaml': readFileSync(file, 'utf8').replace('pays once', 'pays exactly once'),
    });
    const texts = () => FILES.map((name) => readFileSync(join(root, `.self-healing/${name}.yaml`), 'utf8'));
    const before = texts();
    const again = await importContext(bench, join(root, '.bkit'), { write: true });
    expect(again.entries).toEqual([]);
    expect(again.kept).toHaveLength(4);
    expect(again.conflicts.map(({ what }) => what)).toEqual([
      'invariants.yaml, INV-002',
      '../docs/02-design/scenarios/payment.scenarios.yaml, S001',
    ]);
    expect(texts()).toEqual(before);
  });

  it('says where there is nothing to import, and what cannot be read', async () => {
    const { bench, root } = await sampleBench({ ...OURS, 'b/invariants.yaml': 'invariants: [\n', 'a/x': '' });
    await expect(importContext(bench, join(root, 'a'), { write: true })).rejects.toMatchObject({ code: 'not_found' });
    const { left_out } = await importContext(bench, join(root, 'b'), { write: true });
    expect(left_out).toEqual([{ what: 'invariants.yaml', why: expect.stringContaining('cannot be read: ') }]);
  });
});
