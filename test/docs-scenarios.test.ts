import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { composeLaw } from '../context/law/compose.ts';
import { expectationFaults } from '../context/schemas/expectation.ts';

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'scenarios.md'), 'utf8');

it('every sample of docs/scenarios.md is a valid document whose scenarios can be judged', () => {
  const samples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
  const files = samples.map((text, index) => [`.self-healing/scenarios/s${index}.yaml`, Buffer.from(text)] as const);
  const { scenarios, problems } = composeLaw(new Map(files));
  expect(problems).toEqual([]);
  expect(scenarios.map(({ id }) => id)).toEqual(['S001', 'S010', 'S020']);
  expect(scenarios.flatMap(expectationFaults)).toEqual([]);
});
