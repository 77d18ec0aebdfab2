import { expect, it } from 'vitest';
import { loopPointsOf } from '../../store/loop-states.ts';
import { migrate } from '../../store/migrate.ts';
import { MIGRATIONS } from '../../store/schema.ts';
import { openDatabase } from '../../store/sqlite.ts';
import { openState } from '../../store/state-db.ts';
import { appendStep, lastSteps, recordStep } from '../../store/steps.ts';
import { startProgram } from './programs.ts';
import { temporaryFolder, temporaryState } from './temporary.ts';

const step = { run: 'a', at: '2026-11-20T10:00:00.000Z', tool: 'Read', input: 'src/a.ts', outcome: 'ok' };
const UNKNOWN = {
  denied_by: null,
  agent_id: '',
  tool_use_id: '',
  input_digest: null,
  output_digest: null,
  tree: null,
  failing: null,
  observed: null,
};

it('numbers the steps of each run and gives the last ones in their order', () => {
  const database = temporaryState();
  expect([1, 2, 3].map(() => appendStep(database, step))).toEqual([1, 2, 3]);
  expect(appendStep(database, { ...step, run: 'b' })).toBe(1);
  expect(appendStep(database, { ...step, tool: 'Write', denied_by: 'scope.outside' })).toBe(4);
  expect(lastSteps(database, 'a', 2)).toEqual([
    { ...UNKNOWN, ...step, seq: 3 },
    { ...UNKNOWN, ...step, tool: 'Write', seq: 4, denied_by: 'scope.outside' },
  ]);
  expect(lastSteps(database, 'nobody', 2)).toEqual([]);
});

it('keeps one step per call: the second telling completes what the first did not know, and hooks are the better witness', () => {
  const database = temporaryState();
  const call = { ...step, tool_use_id: 'toolu_1' };
  expect(recordStep(database, { ...call, outcome: 'error', observed: 'stream', tree: 't1' })).toEqual({
    seq: 1,
    isNew: true,
  });
  const hooks = { agent_id: 'a1', input_digest: 'i', output_digest: 'o', tree: 't2', failing: ['adds'] };
  expect(recordStep(database, { ...call, ...hooks, observed: 'hooks', denied_by: 'loop.repeat' })).toEqual({
    seq: 1,
    isNew: false,
  });
  recordStep(database, { ...call, observed: 'transcript', agent_id: 'other', failing: [] });
  const whole = {
    ...call,
    ...hooks,
    seq: 1,
    outcome: 'error',
    tree: 't1',
    denied_by: 'loop.repeat',
    observed: 'hooks',
  };
  expect(lastSteps(database, 'a', 5)).toEqual([whole]);
  expect(recordStep(database, { ...call, run: 'b' })).toEqual({ seq: 1, isNew: true });
  expect([appendStep(database, step), appendStep(database, step)]).toEqual([2, 3]);
});

it('tells each call once when two processes record the same calls at the same time', async () => {
  const root = temporaryFolder();
  openState(root).close();
  const tellers = await Promise.all(
    ['hooks', 'stream'].map((observed) => startProgram('step-teller', [root, observed])),
  );
  for (const teller of tellers) teller.write('go\n');
  const told = await Promise.all(tellers.map((teller) => teller.json<{ added: number }>()));
  const database = openState(root);
  const steps = lastSteps(database, 'r', 1000);
  const points = loopPointsOf(database, 'INC-1', { except: 'hooks' });
  database.close();
  expect(points).toEqual(Array.from({ length: 100 }, (_, index) => ({ call: index + 1 })));
  expect(steps.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(new Set(steps.map(({ tool_use_id }) => tool_use_id)).size).toBe(100);
  expect(told[0]?.added ?? 0).toBe(100 - (told[1]?.added ?? 0));
  expect(steps.every(({ observed, tree }) => observed === 'hooks' && tree === 'hooks-tree')).toBe(true);
});

it('keeps the steps of a database that was made before calls had ids', () => {
  const database = openDatabase(`${temporaryFolder()}/old.db`);
  migrate(database, MIGRATIONS.slice(0, 2));
  database.run("INSERT INTO steps VALUES ('a', 1, '2026-11-20T10:00:00.000Z', 'Read', 'x', 'ok', NULL)");
  migrate(database);
  expect(appendStep(database, step)).toBe(2);
  expect(lastSteps(database, 'a', 5)).toEqual([
    { ...UNKNOWN, ...step, input: 'x', seq: 1 },
    { ...UNKNOWN, ...step, seq: 2 },
  ]);
  database.close();
});
