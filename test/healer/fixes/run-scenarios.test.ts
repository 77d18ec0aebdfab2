import { expect, test } from 'vitest';
import { runScenarios } from '../../../healer/fixes/run-scenarios.ts';
import { write } from '../../write.ts';
import { reported } from '../sample-fix.ts';

test('without a fix the checkout is run as it is, with what a person just wrote into it', async () => {
  const { bench, root } = await reported();
  write(root, {
    'test/new.test.js': 'import test from "node:test";\ntest("not yet", () => { throw new Error("no"); });\n',
    '.self-healing/scenarios/new.yaml': `version: "1.0"
scenarios:
  - { id: S007, name: new, tags: [fresh], test_command: node --test test/new.test.js }
  - { id: S008, name: prose only, tags: [fresh] }
`,
  });
  const lines: string[] = [];
  const { scenarios, counts } = await runScenarios(bench, {
    tags: ['fresh'],
    at: 'worktree',
    onProgress: (line) => lines.push(line),
  });
  expect(scenarios.map(({ id, status }) => `${id} ${status}`)).toEqual(['S007 failed', 'S008 unproven']);
  expect(counts).toEqual({ failed: 1, unproven: 1 });
  expect(lines).toContain('running: node --test test/new.test.js');
  write(root, { '.self-healing/scenarios/new.yaml': 'scenarios: 3\n' });
  await expect(runScenarios(bench, { at: 'worktree' })).rejects.toThrow(/new\.yaml:1:\d+/);
});
