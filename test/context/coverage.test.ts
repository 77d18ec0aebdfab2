import { expect, it } from 'vitest';
import { coverage } from '../../context/coverage.ts';
import { buildGraph } from '../../context/impact/graph.ts';
import { composeLaw } from '../../context/law/compose.ts';
import { sourcesOf } from './impact/tree.ts';

const dependents = Object.fromEntries(
  Array.from({ length: 6 }, (_, at) => [`src/user${at}.ts`, "import './core.ts';\n"]),
);
const FILES = {
  ...dependents,
  'src/core.ts': '',
  'src/billing.ts': '',
  'src/broken.ts': '',
  'src/known.ts': '',
  'src/quiet.ts': '',
  'src/draft.ts': '',
  'test/core.test.ts': "import '../src/core.ts';\n",
};

const LAW = composeLaw(
  new Map(
    Object.entries({
      '.self-healing/scenarios/a.yaml': `files: [src/known.ts]
scenarios:
  - {id: S1, name: n, test_command: npm test}
  - {id: S2, name: n}
`,
      '.self-healing/scenarios/draft.yaml':
        'files: [src/draft.ts]\nscenarios: [{id: S3, name: n, test_command: npm test, proposed: true}]\n',
      '.self-healing/scenarios/prose.yaml': 'files: [src/broken.ts]\nscenarios: [{id: S4, name: n}]\n',
      '.self-healing/impact-map.yaml':
        'risk: [{files: [src/billing.ts], level: critical, why: money}, {files: [src/billing.ts], level: low}]\n',
      '.self-healing/incidents.yaml': `incidents:
  - {id: INC-1, error: e, files: [src/broken.ts, src/known.ts, src/gone.ts]}
  - {id: INC-2, error: e, files: [src/broken.ts, src/draft.ts, test/core.test.ts]}
`,
    }).map(([path, text]) => [path, Buffer.from(text)]),
  ),
);

it('lists what no scenario in force executes, most urgent first, with the reasons', () => {
  const graph = buildGraph(sourcesOf(FILES));
  const paths = Object.keys(FILES).sort();
  expect(LAW.problems).toEqual([]);
  const { files, counts, left_out } = coverage(LAW, graph, paths, { limit: 10 });
  expect(files.map(({ file, reasons, tested }) => [file, reasons.join('; '), tested])).toEqual([
    ['src/billing.ts', 'risk critical (money)', false],
    ['src/broken.ts', '2 past incidents: INC-1, INC-2', false],
    ['src/draft.ts', '1 past incident: INC-2', false],
    ['src/core.ts', '6 files depend on it', true],
  ]);
  expect(counts).toEqual({ covered: 1, uncovered: 4 });
  expect(left_out).toBe(0);
});

it('takes a file that tests only mock, or read types of, for one that no test runs', () => {
  const sources = {
    'src/billing.ts': 'export const price = 1;\nexport type Price = number;\n',
    'src/used.ts': "import { price } from './billing.ts';\nexport const used = price;\n",
  };
  const tests = {
    mocked: "import { vi } from 'vitest';\nvi.mock('../src/billing.ts', () => ({ price: 2 }));\n",
    types: "import type { Price } from '../src/billing.ts';\nexport const price: Price = 1;\n",
    loaded: "import '../src/used.ts';\n",
  };
  const tested = (name: keyof typeof tests) => {
    const files = { ...sources, 'test/billing.test.ts': tests[name] };
    const found = coverage(LAW, buildGraph(sourcesOf(files)), Object.keys(files), { limit: 10 });
    return found.files.find(({ file }) => file === 'src/billing.ts')?.tested;
  };
  expect([tested('mocked'), tested('types'), tested('loaded')]).toEqual([false, false, true]);
});

it('lists no more than was asked for, and counts the rest', () => {
  const { files, counts, left_out } = coverage(LAW, buildGraph(sourcesOf(FILES)), Object.keys(FILES), { limit: 1 });
  expect([files.length, counts.uncovered, left_out]).toEqual([1, 4, 3]);
});
