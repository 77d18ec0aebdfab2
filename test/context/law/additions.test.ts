import { describe, expect, it } from 'vitest';
import { type Additions, readAdditions } from '../../../context/law/additions.ts';
import { composeLaw } from '../../../context/law/compose.ts';

const BASE = {
  '.self-healing/config.yaml': 'tests: {command: npm test}\n',
  '.self-healing/scenarios/auth.yaml':
    '# people wrote this\nfiles: ["src/auth/**"]\nscenarios:\n  - id: S001\n    name: locks\n    test_command: npm test\n  - id: S002\n    name: unlocks\n',
  '.self-healing/invariants.yaml': 'invariants:\n  - {id: INV-1, rule: r, severity: critical, check: {command: x}}\n',
  '.self-healing/impact-map.yaml':
    'edges: [{from: a.ts, to: b.ts, why: http}]\nrisk: [{files: ["src/billing/**"], level: high, why: money}]\n',
  '.self-healing/incidents.yaml': 'incidents:\n  - {id: INC-1, error: boom}\n',
};
type Files = Record<string, string | undefined>;

function lawOf(files: Files) {
  const entries = Object.entries(files).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
  return composeLaw(new Map(entries.map(([path, text]) => [path, Buffer.from(text)])));
}

function additions(change: Files, source: 'commit' | 'working_copy' | 'defaults' = 'commit', base: Files = BASE) {
  const tree: Files = source === 'commit' ? { ...base, ...change } : change;
  const paths = Object.keys(tree).filter((path) => tree[path] !== undefined);
  return readAdditions({ ...lawOf(base), source }, { paths, read: async (path) => tree[path] });
}

function codes({ violations }: Additions): string[] {
  return violations.map(({ code }) => code);
}

const auth = BASE['.self-healing/scenarios/auth.yaml'];

describe('readAdditions', () => {
  it('finds nothing when nothing changed', async () => {
    const result = await additions({ 'src/a.ts': 'x' });
    expect(result.violations).toEqual([]);
    expect(Object.values(result.added).flat()).toEqual([]);
  });

  it('accepts added entries of every layer, new files, comments and a changed order', async () => {
    const result = await additions({
      '.self-healing/scenarios/auth.yaml': `${auth}  - id: S003\n    name: more # and why\n`,
      '.self-healing/scenarios/new.yaml': 'scenarios: [{id: S004, name: n, incident: INC-2}]\n',
      '.self-healing/invariants.yaml':
        'invariants:\n  - {id: INV-2, rule: q, severity: warning}\n  - {id: INV-1, rule: r, severity: critical, check: {command: x}}\n',
      '.self-healing/impact-map.yaml':
        'edges: [{from: a.ts, to: b.ts, why: http}, {from: a.ts, to: c.ts}]\nrisk:\n  - {files: ["src/billing/**"], level: high, why: money}\n  - {files: ["src/billing/x.ts"], level: critical}\n',
      '.self-healing/incidents.yaml': 'incidents:\n  - {id: INC-1, error: boom}\n  - {id: INC-2, error: bang}\n',
    });
    expect(result.violations).toEqual([]);
    expect(result.added.scenarios.map(({ id }) => id)).toEqual(['S003', 'S004']);
    expect(result.added.invariants.map(({ id }) => id)).toEqual(['INV-2']);
    expect(result.added.incidents.map(({ id }) => id)).toEqual(['INC-2']);
    expect(result.added.edges.map(({ to }) => to)).toEqual(['c.ts']);
    expect(result.added.risk.map(({ level }) => level)).toEqual(['critical']);
  });

  it.each<[string, Files, string[]]>([
    ['a changed config', { '.self-healing/config.yaml': 'tests: {command: "true"}\n' }, ['context.config_changed']],
    ['a removed config', { '.self-healing/config.yaml': undefined }, ['context.config_changed']],
    [
      'a changed scenario',
      { '.self-healing/scenarios/auth.yaml': auth.replace('command: npm test', 'command: "true"') },
      ['context.entry_changed'],
    ],
    [
      'a scenario whose files were narrowed',
      { '.self-healing/scenarios/auth.yaml': auth.replace('src/auth/**', 'src/auth/x.ts') },
      ['context.entry_changed', 'context.entry_changed'],
    ],
    [
      'a scenario that became a proposal',
      { '.self-healing/scenarios/auth.yaml': `${auth}    proposed: true\n` },
      ['context.entry_changed'],
    ],
    [
      'a removed scenario',
      { '.self-healing/scenarios/auth.yaml': auth.slice(0, auth.indexOf('  - id: S002')) },
      ['context.entry_removed'],
    ],
    [
      'a removed file',
      { '.self-healing/scenarios/auth.yaml': undefined },
      ['context.entry_removed', 'context.entry_removed'],
    ],
    [
      'a weakened invariant',
      {
        '.self-healing/invariants.yaml':
          'invariants:\n  - {id: INV-1, rule: r, severity: warning, check: {command: x}}\n',
      },
      ['context.entry_changed'],
    ],
    ['a forgotten incident', { '.self-healing/incidents.yaml': 'incidents: []\n' }, ['context.entry_removed']],
    [
      'an edge that shadows one of the base',
      {
        '.self-healing/impact-map.yaml': `${BASE['.self-healing/impact-map.yaml']}`.replace(
          'why: http}',
          'why: http}, {from: a.ts, to: b.ts}',
        ),
      },
      ['context.edge_shadowed'],
    ],
    [
      'a risk lowered by another entry',
      {
        '.self-healing/impact-map.yaml': `${BASE['.self-healing/impact-map.yaml']}`.replace(
          'money}',
          'money}, {files: [src/billing/tax.ts], level: low}',
        ),
      },
      ['context.risk_lowered'],
    ],
    [
      'a risk lowered in place',
      {
        '.self-healing/impact-map.yaml': `${BASE['.self-healing/impact-map.yaml']}`.replace(
          'level: high',
          'level: low',
        ),
      },
      ['context.entry_removed', 'context.risk_lowered'],
    ],
    ['a file that does not parse', { '.self-healing/invariants.yaml': 'invariants: [\n' }, ['context.invalid']],
  ])('refuses %s', async (_, change, expected) => {
    const result = await additions(change);
    expect(codes(result)).toEqual(expected);
    for (const { file, line, message } of result.violations) {
      expect(file).toMatch(/^\.self-healing\//);
      expect(line).toBeGreaterThan(0);
      expect(message).not.toBe('');
    }
  });

  it('refuses an id of the base in another file', async () => {
    const result = await additions({ '.self-healing/scenarios/new.yaml': 'scenarios: [{id: S001, name: other}]\n' });
    expect(codes(result)).toContain('context.invalid');
    expect(result.added.scenarios).toEqual([]);
  });

  it('expects nothing of a base law that is not in the tree, but keeps its ids', async () => {
    const scenario = (id: string) => ({ '.self-healing/scenarios/new.yaml': `scenarios: [{id: ${id}, name: n}]\n` });
    const fine = await additions(scenario('S003'), 'working_copy');
    expect([codes(fine), fine.added.scenarios.length]).toEqual([[], 1]);
    expect(codes(await additions(scenario('S001'), 'working_copy'))).toEqual(['context.entry_changed']);
    const config = { '.self-healing/config.yaml': 'tests: {command: "true"}\n' };
    expect(codes(await additions(config, 'working_copy'))).toEqual(['context.config_changed']);
    expect(codes(await additions(config, 'defaults', {}))).toEqual(['context.config_changed']);
  });
});
