import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../../context/impact/graph.ts';
import { type ImpactFacts, impactOf } from '../../../context/impact/impact.ts';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { type Scenario, scenarioEntrySchema } from '../../../context/schemas/scenarios.ts';
import { sourcesOf } from './tree.ts';

const origin = { path: 'x.yaml', line: 1, column: 1 };
const scenario = (id: string, files: string[], extra: object = {}): Scenario => ({
  ...scenarioEntrySchema.parse({ id, name: id, test_command: 'npm test', ...extra }),
  module: 'm',
  files,
  origin,
});
const nothing: ImpactFacts = { scenarios: [], testGlobs: defaultConfig().tests.paths, riskRules: [], incidents: [] };

const graph = buildGraph(
  sourcesOf({
    'src/core.ts': '',
    'src/pay.ts': `import './core'`,
    'src/web.ts': `import './pay'`,
    'src/cli.ts': `import './core'`,
    'test/pay.test.ts': `import '../src/pay'`,
    'src/lonely.ts': '',
    'api/main.rb': '',
  }),
);
const impact = (path: string, facts: Partial<ImpactFacts> = {}) =>
  impactOf(graph, [path], { ...nothing, ...facts }).files[path];

describe('impactOf', () => {
  it('names dependents, the tests that reach the file, and what nothing covers', () => {
    expect(impact('src/core.ts')).toEqual({
      direct: ['src/cli.ts', 'src/pay.ts'],
      transitive: ['src/cli.ts', 'src/pay.ts', 'src/web.ts', 'test/pay.test.ts'],
      edge_kinds: {},
      language: 'TypeScript/JavaScript',
      risk: { level: 'low', reasons: ['3 files depend on it, 2 directly (tests not counted)'] },
      scenarios: [],
      tests: ['test/pay.test.ts'],
      uncovered: ['src/cli.ts', 'src/web.ts'],
    });
    expect(impact('test/pay.test.ts')?.tests).toEqual(['test/pay.test.ts']);
  });

  it('counts a scenario as coverage only when something executes it and it is in force', () => {
    const scenarios = [
      scenario('S-web', ['src/web.ts']),
      scenario('S-cli', ['src/cli.ts'], { test_command: undefined }),
      scenario('S-all', ['src/**'], { proposed: true }),
      scenario('S-core', ['src/core.ts']),
    ];
    const found = impact('src/core.ts', { scenarios });
    expect(found?.scenarios).toEqual(['S-core', 'S-web', 'S-cli']);
    expect(found?.uncovered).toEqual(['src/cli.ts']);
  });

  it('raises the risk by past incidents and hand-written rules, never lowers it', () => {
    const incidents = [1, 2, 3].map((n) => ({ id: `INC-${n}`, files: ['src/core.ts'] }));
    const riskRules = [
      { files: ['src/**'], level: 'critical' as const, why: 'money' },
      { files: ['**'], level: 'low' as const, why: '' },
      { files: ['**'], level: 'critical' as const, why: 'a guess', proposed: true },
    ];
    expect(impact('src/core.ts', { incidents })?.risk).toEqual({
      level: 'high',
      reasons: ['3 files depend on it, 2 directly (tests not counted)', '3 past incidents: INC-1, INC-2, INC-3'],
    });
    const risk = impact('src/core.ts', { incidents: incidents.slice(0, 1), riskRules })?.risk;
    expect(risk?.level).toBe('critical');
    expect(risk?.reasons.slice(1)).toEqual([
      '1 past incident: INC-1',
      'hand-written: critical (money)',
      'hand-written: low',
    ]);
  });

  it('takes no test for coverage that mocks a file or only reads its types', () => {
    const texts = {
      'src/db.ts': '',
      'src/types.ts': `import type { Row } from './db'`,
      'src/store.ts': `import './db'; import type { T } from './types'`,
      'src/job.ts': `import './db'`,
      'src/cron.ts': `import './job'`,
      'test/store.test.ts': `import '../src/store'`,
      'test/job.test.ts': `vi.mock('../src/job'); import type { Row } from '../src/cron'`,
    };
    const found = impactOf(buildGraph(sourcesOf(texts)), ['src/db.ts', 'src/job.ts'], nothing).files;
    expect(found['src/db.ts']?.tests).toEqual(['test/store.test.ts']);
    expect(found['src/db.ts']?.edge_kinds).toEqual({ 'src/types.ts': 'type' });
    // In types.ts are types alone; cron.ts has code, which a test of its types does not run.
    expect(found['src/db.ts']?.uncovered).toEqual(['src/cron.ts', 'src/job.ts']);
    expect(found['src/job.ts']).toMatchObject({ tests: [], edge_kinds: { 'test/job.test.ts': 'mock' } });
  });

  it('counts how often a file changed', () => {
    const churn = (commits: number, fixes = 0, shallow = false) =>
      impact('src/core.ts', { churn: () => ({ commits, fixes, days: 180, shallow }) })?.risk;
    expect(churn(9, 1)).toMatchObject({
      level: 'low',
      reasons: [expect.any(String), 'changed by 9 commits in 180 days, 1 of them a fix'],
    });
    expect(churn(10)?.level).toBe('medium');
    expect(churn(40, 0, true)).toMatchObject({
      level: 'high',
      reasons: [expect.any(String), 'changed by at least 40 commits in 180 days'],
    });
    expect(churn(0)?.reasons).toHaveLength(1);
  });

  it('says which files may depend on one and are not read', () => {
    const texts = { 'a/A.java': 'package a; class A {}', 'b/B.kt': 'import a.A', 'c/c.rb': '' };
    expect(impactOf(buildGraph(sourcesOf(texts)), ['a/A.java'], nothing).files['a/A.java']?.risk.reasons).toContain(
      'imports in 1 .kt file are not read: dependents among them are unknown',
    );
  });

  it('says what it does not know', () => {
    expect(impact('api/main.rb')?.risk).toEqual({
      level: 'medium',
      reasons: [
        'imports in .rb files are not read: only hand-written edges and imports of it from known languages count',
        'which files depend on it is unknown',
        'no executable scenario and no test that is known reaches it',
      ],
    });
    expect(impact('gone.ts')?.risk.reasons[0]).toBe(
      'gone.ts is not a file of this tree: only hand-written edges are known',
    );
    expect(impact('src/lonely.ts')?.risk.reasons).toContain('no executable scenario and no test reaches it');
  });

  it('calls many dependents a medium, and very many a high risk', () => {
    const star = (count: number) => {
      const texts = Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`u${index}.ts`, `import './core'`]),
      );
      const level = impactOf(buildGraph(sourcesOf({ 'core.ts': '', ...texts })), ['core.ts'], {
        ...nothing,
        scenarios: [scenario('S1', ['core.ts'])],
      });
      return level.files['core.ts']?.risk.level;
    };
    expect([star(4), star(5), star(19), star(20)]).toEqual(['low', 'medium', 'medium', 'high']);
  });
});
