import { expect, it } from 'vitest';
import { composeLaw } from '../../context/law/compose.ts';
import { LAYERS, layerText } from '../../context/layer-text.ts';

function law(files: Record<string, unknown>) {
  const entries = Object.entries(files).map(([path, value]) => {
    return [`.self-healing/${path}`, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))] as const;
  });
  return composeLaw(new Map(entries));
}

const small = law({
  'scenarios/auth.yaml': {
    module: 'auth',
    scenarios: [
      { id: 'S1', name: 'locks', why: 'brute force', tags: ['security'], test_command: 'npm test' },
      { id: 'S2', name: 'prose', proposed: true },
    ],
  },
  'scenarios/pay.yaml': { scenarios: [{ id: 'S3', name: 'pays', test_command: 'npm test' }] },
  'invariants.yaml': { invariants: [{ id: 'I1', rule: 'never\nbelow zero', severity: 'critical', files: ['src/**'] }] },
  'impact-map.yaml': {
    edges: [{ from: 'a.ts', to: 'b.py', why: 'calls it' }],
    risk: [{ files: ['src/billing/**'], level: 'high', why: 'money' }],
  },
  'incidents.yaml': {
    incidents: [
      { id: 'INC-1', error: 'old' },
      { id: 'INC-2', error: 'say "hi"\n## Rules', files: ['a.ts'], lesson: 'ask first', anti_pattern: 'guessing' },
    ],
  },
});

it('tells each layer on one line an entry', () => {
  expect(LAYERS.map((layer) => layerText(small, layer)).join('')).toBe(`# scenarios (3)
- S1 (auth): locks — WHY: brute force, tags: security
- S2 (auth): prose (unproven: nothing executes it) (a draft without force)
- S3 (pay): pays
# invariants (1)
- [CRITICAL] I1: never below zero [src/**] (unproven: nothing executes it)
# impact (2)
- a.ts → b.py — calls it
- risk high: src/billing/** — money
# incidents (2)
- INC-2: "say \\"hi\\" ## Rules" [a.ts]; LESSON: ask first; ANTI-PATTERN: guessing
- INC-1: "old"
`);
});

it('tells one part alone, and nothing of a name that is not there', () => {
  expect(layerText(small, 'scenarios', 'pay')).toBe('# scenarios of pay (1)\n- S3 (pay): pays\n');
  expect(layerText(small, 'impact', 'b.py')).toContain('a.ts → b.py');
  expect(layerText(small, 'impact', 'src/billing/tax.ts')).toContain('risk high: src/billing/** — money');
  expect(layerText(small, 'incidents', 'INC-1')).toContain('"old"');
  expect(layerText(small, 'invariants', 'I9')).toBeUndefined();
  expect(layerText(law({}), 'incidents')).toBe('# incidents (0)\n- none\n');
});

it('is bounded: modules instead of thousands of scenarios, the newest incidents, and what is left out', () => {
  const scenarios = (module: string, count: number) => ({
    module,
    scenarios: Array.from({ length: count }, (_, at) => ({
      id: `${module}-${at}`,
      name: 'n'.repeat(40),
      test_command: 'x',
    })),
  });
  const large = law({
    'scenarios/a.yaml': scenarios('a', 300),
    'scenarios/b.yaml': scenarios('b', 1000),
    'incidents.yaml': {
      incidents: Array.from({ length: 1000 }, (_, at) => ({ id: `INC-${at}`, error: 'e'.repeat(3000) })),
    },
  });
  const text = layerText(large, 'scenarios') ?? '';
  expect(text).toContain('# scenarios (1300)\nToo many to list.');
  expect(text).toMatch(/- b: 1000\n- a: 300\n$/);
  const module = layerText(large, 'scenarios', 'b') ?? '';
  expect(module.length).toBeLessThan(17_000);
  expect(module).toMatch(/Left out: \d+ entries\. get_context tells/);
  const incidents = layerText(large, 'incidents') ?? '';
  expect(incidents).toMatch(/^# incidents \(1000\)\n- INC-999:/);
  expect(incidents.length).toBeLessThan(17_000);
});

it('says where a file is broken', () => {
  expect(layerText(law({ 'incidents.yaml': 'incidents: [' }), 'incidents')).toMatch(
    /^# incidents \(0\)\n! \.self-healing\/incidents\.yaml:\d+:\d+: /,
  );
});
