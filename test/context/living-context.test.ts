import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../context/impact/graph.ts';
import { composeLaw } from '../../context/law/compose.ts';
import { getContext } from '../../context/living-context.ts';
import { type ErrorEvent, eventSchema } from '../../events/event.ts';
import { sourcesOf } from './impact/tree.ts';

const law = composeLaw(
  new Map(
    Object.entries({
      '.self-healing/scenarios/shop.yaml': `
version: "1.0"
files: ["src/web.ts"]
scenarios:
  - { id: S001, name: pages render, test_command: npm test }
  - { id: S002, name: a draft, proposed: true }
`,
      '.self-healing/scenarios/core.yaml': `
version: "1.0"
file: src/core.ts
scenarios:
  - { id: S010, name: sums, why: money, constraint: no floats, tags: [money] }
`,
      '.self-healing/scenarios/other.yaml': `
version: "1.0"
file: src/other.ts
scenarios:
  - { id: S020, name: other, test_command: npm test }
  - { id: S021, name: the reproduction, test_command: npm test, incident: INC-0123456789abcdef }
`,
      '.self-healing/invariants.yaml': `
version: "1.0"
invariants:
  - { id: INV-1, rule: everywhere, severity: critical, check: { command: "true" } }
  - { id: INV-2, rule: elsewhere, severity: warning, files: [docs/**] }
  - { id: INV-3, rule: in dependents, severity: warning, files: [src/web.ts], check: prose }
`,
      '.self-healing/incidents.yaml': `
version: "1.0"
incidents:
  - { id: INC-aaaaaaaaaaaaaaaa, error: "RangeError: too much", files: [src/core.ts], anti_pattern: clamping silently }
  - { id: INC-bbbbbbbbbbbbbbbb, error: "x", files: [src/other.ts] }
`,
    }).map(([path, text]) => [path, Buffer.from(text)]),
  ),
);
const graph = buildGraph(
  sourcesOf({
    'src/core.ts': '',
    'src/web.ts': `import './core'`,
    'src/other.ts': '',
    'test/web.test.ts': `import '../src/web'`,
  }),
);
const event: ErrorEvent = eventSchema.parse({
  ...{ id: '1', source: 'log', actionable: true, severity: 'high', type: 'RangeError', message: 'too much', count: 1 },
  ...{ first_seen: '', last_seen: '', received_at: '', fingerprint: '0123456789abcdef', file: 'src/core.ts', line: 3 },
  frames: [
    { file: 'src/core.ts', line: 3, in_app: true },
    { file: 'src/gone.ts', in_app: true },
    { file: 'node_modules/x/index.js', in_app: false },
  ],
});

describe('getContext', () => {
  it('is free of problems to begin with', () => {
    expect(law.problems).toEqual([]);
  });

  it('picks what is about the files first, then what is about their dependents, never a draft', () => {
    const context = getContext({ law, graph, files: ['./src/core.ts'] });
    expect(context.scenarios.map(({ id }) => id)).toEqual(['S010', 'S001']);
    expect(context.invariants.map(({ id, executable }) => [id, executable])).toEqual([
      ['INV-1', true],
      ['INV-3', false],
    ]);
    expect(Object.keys(context.impact.files)).toEqual(['src/core.ts']);
    expect(context.incidents.map(({ incident }) => incident)).toEqual(['INC-aaaaaaaaaaaaaaaa']);
    expect(context.text).toBe(`## Self-Healing Context

### Scenarios (2)
- S010: sums — WHY: money, CONSTRAINT: no floats (unproven: nothing executes it)
- S001: pages render — WHY: none, CONSTRAINT: none
### Invariants (2)
- [CRITICAL] INV-1: everywhere
- [WARNING] INV-3: in dependents (unproven: nothing executes it)
### Impact
- Blast Radius: 2 files
- Affected: src/web.ts, test/web.test.ts
### Past Incidents (1)
- INC-aaaaaaaaaaaaaaaa: "RangeError: too much" → ANTI-PATTERN: clamping silently
## Rules
1. Fix ONLY the reported error
2. ALL scenarios MUST pass
3. Do NOT violate CRITICAL invariants
4. Check anti-patterns — do not repeat
5. The error must stop in production; add the scenario that reproduces it (only the watch phase resolves the Sentry issue)
`);
  });

  it('takes the files of an error from its stack, and its own reproduction before all', () => {
    const context = getContext({ law, graph, event });
    expect(Object.keys(context.impact.files)).toEqual(['src/core.ts']);
    expect(context.scenarios.map(({ id }) => id)).toEqual(['S021', 'S010', 'S001']);
    expect(context.text).toContain('Error: "RangeError: too much"\nFile: "src/core.ts":3\n');
  });

  it('gives everything in force when no file is known', () => {
    const { scenarios, invariants } = getContext({ law, graph, event: { ...event, file: undefined, frames: [] } });
    expect(scenarios.map(({ id }) => id)).toEqual(['S021', 'S001', 'S020', 'S010']);
    expect(invariants.map(({ id }) => id)).toEqual(['INV-1', 'INV-2', 'INV-3']);
  });

  it('puts what is about security before the rest, and critical invariants before warnings', () => {
    const scenarios = [
      { id: 'S1', name: 'n', test_command: 'npm test' },
      { id: 'S2', name: 'n' },
      { id: 'S3', name: 'n', test_command: 'npm test', tags: ['Security'] },
    ];
    const invariants = [
      { id: 'I1', rule: 'a', severity: 'warning', files: ['src/core.ts'] },
      { id: 'I2', rule: 'b', severity: 'critical', files: ['src/web.ts'] },
      { id: 'I3', rule: 'c', severity: 'critical', files: ['src/core.ts'] },
    ];
    const other = composeLaw(
      new Map([
        ['.self-healing/scenarios/core.yaml', Buffer.from(JSON.stringify({ file: 'src/core.ts', scenarios }))],
        ['.self-healing/invariants.yaml', Buffer.from(JSON.stringify({ invariants }))],
      ]),
    );
    const context = getContext({ law: other, graph, files: ['src/core.ts'] });
    expect(context.scenarios.map(({ id }) => id)).toEqual(['S3', 'S1', 'S2']);
    expect(context.invariants.map(({ id }) => id)).toEqual(['I3', 'I2', 'I1']);
    expect(context.shown).toEqual({ scenarios: 3, invariants: 3, affected: 2, incidents: 0 });
  });

  it('says which file has errors, and tells all the others', () => {
    const files = new Map([
      ['.self-healing/scenarios/core.yaml', Buffer.from('file: src/core.ts\nscenarios: [{id: S1, name: n}]\n')],
      ['.self-healing/invariants.yaml', Buffer.from('invariant: []\n')],
    ]);
    const { text } = getContext({ law: composeLaw(files), graph, files: ['src/core.ts'] });
    expect(text).toContain('- S1: n');
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      'Errors (what a file with errors says is missing above): .self-healing/invariants.yaml:1:1: Unknown key "invariant"; the nearest known key is "invariants".',
    );
  });
});
