import { describe, expect, it } from 'vitest';
import { impactText } from '../../../cli/formats/impact-text.ts';
import { buildGraph } from '../../../context/impact/graph.ts';
import { type ImpactFacts, impactOf } from '../../../context/impact/impact.ts';
import { impactTree } from '../../../context/impact/tree.ts';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { scenarioEntrySchema } from '../../../context/schemas/scenarios.ts';
import { sourcesOf } from '../../context/impact/tree.ts';

const origin = { path: 'x.yaml', line: 1, column: 1 };
const facts: ImpactFacts = {
  scenarios: [
    {
      ...scenarioEntrySchema.parse({ id: 'S001', name: 'pays', test_command: 'npm test' }),
      module: 'm',
      files: ['src/pay.ts'],
      origin,
    },
  ],
  testGlobs: defaultConfig().tests.paths,
  riskRules: [],
  incidents: [],
};

function textOf(texts: Record<string, string>, file: string, columns = 80): string {
  const graph = buildGraph({ ...sourcesOf(texts), edges: [{ from: 'api/bill.rb', to: file, why: 'GET /core' }] });
  const impact = impactOf(graph, [file], facts).files[file];
  if (impact === undefined) throw new Error('no impact');
  return impactText(file, impact, impactTree(graph, file, facts), { paint: (_, text) => text, columns });
}

const shop = {
  'src/core.ts': '',
  'src/pay.ts': `import './core'`,
  'src/web.ts': `import './pay'`,
  'src/cli.ts': `import './core'; import './web'`,
  'src/shape.ts': `import type { A } from './core'`,
  'api/bill.rb': '',
  'test/pay.test.ts': `import '../src/pay'; import '../src/core'`,
  'test/mock.test.ts': `vi.mock('../src/core')`,
};

describe('impactText', () => {
  it('shows the risk with its reasons, then the dependents as a tree, uncovered ones first', () => {
    expect(textOf(shop, 'src/core.ts').split('\n')).toEqual([
      'src/core.ts  risk medium',
      '  -  5 files depend on it, 4 directly, 1 of them for types only (tests not',
      '     counted)',
      '  language    TypeScript/JavaScript',
      '  dependents  7, 4 not covered',
      '  scenarios   S001',
      '  tests       test/pay.test.ts',
      '  ├─ api/bill.rb  not covered · hand-written edge',
      '  ├─ src/cli.ts  not covered',
      '  ├─ src/shape.ts  not covered · types only',
      '  ├─ src/pay.ts  1 scenario (S001), 1 test (test/pay.test.ts)',
      '  │  └─ src/web.ts  not covered',
      '  ├─ test/mock.test.ts  test · mocks it',
      '  └─ test/pay.test.ts  test',
    ]);
  });

  it('says that nothing is known of a language that is not read', () => {
    const text = textOf({ ...shop, 'lib/core.rb': '' }, 'lib/core.rb').replace(/\s+/g, ' ');
    expect(text).toContain('imports in .rb files are not read');
    expect(text).toContain('language unknown dependents 1 known, 1 not covered');
    expect(textOf({ ...shop, 'lib/other.rb': '' }, 'api/bill.rb')).toMatch(/dependents +unknown/);
  });

  it('is bounded, counts what it leaves out, and keeps to the columns', () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `src/a/long/folder/name/that/goes/on/and/on/user-${index}.ts`,
        `import '${'../'.repeat(9)}core'`,
      ]),
    );
    const deep = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `src/deep-${index}.ts`,
        `import './${index === 0 ? 'core' : `deep-${index - 1}`}'`,
      ]),
    );
    const tests = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`test/t${index}.test.ts`, `import '../src/pay'`]),
    );
    const lines = textOf({ ...shop, ...many, ...deep, ...tests }, 'src/core.ts').split('\n');
    expect(lines.length).toBeLessThan(70);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toBe('  --json lists all of them.');
    const shown = lines.filter((line) => /[├└]─ (?!and )/.test(line)).length;
    const hidden = lines.map((line) => Number(/└─ and (\d+) more/.exec(line)?.[1] ?? 0)).reduce((a, b) => a + b, 0);
    expect(shown + hidden).toBe(7 + 300 + 60 + 9);
  });
});
