import { expect, it } from 'vitest';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { sortScenarios } from '../../../gate/scenarios/order.ts';
import { scenario } from '../judged-fix.ts';

const order = { incident: 'INC-1a2b3c4d5e6f7890', touched: ['src/add.js'], radius: ['src/user.js'] };
const { tests } = defaultConfig();

it('sorts by how near a scenario is to the fix, keeps the order of people among equals, and ends with S000', () => {
  const test_command = 'npm test';
  const scenarios = [
    scenario('far', { files: ['docs/**'], test_command }),
    scenario('far too', { files: ['lib/**'], test_command }),
    scenario('radius', { files: ['src/user.js'], test_command }),
    scenario('touched', { files: ['src/add.*'], test_command }),
    scenario('touched and radius', { files: ['src/**'], test_command, timeout: 7 }),
    scenario('incident', { files: ['docs/**'], test_command, incident: order.incident }),
    scenario('another incident', { files: ['docs/**'], test_command, incident: 'INC-0000000000000000' }),
  ];
  const { runnable } = sortScenarios(scenarios, { ...tests, command: 'make check' }, order);
  expect(runnable.map(({ id }) => id)).toEqual([
    'incident',
    'touched',
    'touched and radius',
    'radius',
    'far',
    'far too',
    'another incident',
    'S000',
  ]);
  expect(runnable.find(({ id }) => id === 'touched and radius')?.timeoutMs).toBe(7);
  expect(runnable.at(-1)).toMatchObject({ command: 'make check', timeoutMs: tests.timeout });
});

it('runs nothing that is proposed, or documented only, and no S000 without a command', () => {
  const scenarios = [
    scenario('proposed', { test_command: 'exit 1', proposed: true }),
    scenario('documented'),
    scenario('call', { call: { module: 'src/add.js', export: 'add' }, proposed: true }),
  ];
  const sorted = sortScenarios(scenarios, { ...tests, command: '  ' }, order);
  expect(sorted.runnable).toEqual([]);
  expect(sorted.unproven.map(({ id }) => id)).toEqual(['documented']);
});
