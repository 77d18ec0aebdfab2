import { expect, it } from 'vitest';
import { bounded } from '../../context/bounded-context.ts';
import { buildGraph } from '../../context/impact/graph.ts';
import { composeLaw } from '../../context/law/compose.ts';
import { getContext } from '../../context/living-context.ts';
import { sourcesOf } from './impact/tree.ts';

const users = Array.from({ length: 30 }, (_, at) => [`src/user${at}.ts`, "import './core.ts';\n"] as const);
const graph = buildGraph(sourcesOf({ 'src/core.ts': '', ...Object.fromEntries(users) }));

it('tells as many entries as the text does, and counts the rest', () => {
  const scenarios = Array.from({ length: 5000 }, (_, at) => ({ id: `S${at}`, name: `case ${at}`, test_command: 'x' }));
  const law = composeLaw(
    new Map([['.self-healing/scenarios/core.yaml', Buffer.from(JSON.stringify({ file: 'src/core.ts', scenarios }))]]),
  );
  const context = bounded(getContext({ law, graph, files: ['src/core.ts'] }));
  const shown = context.text.match(/^- S\d+:/gm)?.length ?? 0;
  expect(context.scenarios).toHaveLength(shown);
  expect(context.text).toContain('### Scenarios (5000)');
  const impact = context.impact.files['src/core.ts'];
  expect(impact?.transitive).toHaveLength(10);
  // 20 direct, 20 transitive, 20 uncovered dependents and 4,990 scenarios are not named.
  expect(context.left_out).toEqual({ scenarios: 5000 - shown, impact: 5050 });
  expect(JSON.stringify(context).length).toBeLessThan(12_000);
});

it('leaves nothing out where there is little', () => {
  const context = bounded(getContext({ law: composeLaw(new Map()), graph, files: ['src/user1.ts'] }));
  expect(context.left_out).toEqual({});
  expect(context.text).not.toContain('Left out');
});
