import { expect, it } from 'vitest';
import {
  finishRun,
  insertRun,
  type NewRun,
  noteRunCost,
  noteRunProcess,
  runsOf,
  spentSince,
  unfinishedRuns,
  unseenEnd,
} from '../../store/runs.ts';
import { temporaryState } from './temporary.ts';

const run = (id: string, changes: Partial<NewRun> = {}): NewRun => ({
  id,
  incident: 'INC-1',
  round: 1,
  attempt: 1,
  phase: 'fix',
  started_at: '2026-11-20T10:00:00.000Z',
  ...changes,
});

const end = {
  ended_at: '2026-11-20T10:05:00.000Z',
  failure_mode: 'verification',
  exit: 1,
  terminal_reason: 'max_turns',
  cost_usd: 0.125,
  cost_basis: 'billed' as const,
  input_tokens: 100,
  output_tokens: 20,
  turns: 7,
};

it('keeps a run from its start to its one end', () => {
  const database = temporaryState();
  insertRun(database, run('a', { phase: 'diagnosis' }));
  insertRun(database, run('b', { started_at: '2026-11-20T10:01:00.000Z', session_id: 's', pid: 7 }));
  insertRun(database, run('c', { round: 2, attempt: 2, started_at: '2026-11-20T10:02:00.000Z' }));
  noteRunProcess(database, 'a', { session_id: 't' });
  noteRunProcess(database, 'a', { pid: 8 });
  expect(unfinishedRuns(database).map((row) => [row.id, row.session_id, row.pid])).toEqual([
    ['a', 't', 8],
    ['b', 's', 7],
    ['c', null, null],
  ]);
  expect(finishRun(database, 'b', end)).toBe(true);
  expect(finishRun(database, 'b', { ...end, exit: 0, failure_mode: null })).toBe(false);
  expect(finishRun(database, 'nobody', end)).toBe(false);
  expect(unfinishedRuns(database).map((row) => row.id)).toEqual(['a', 'c']);
  expect(runsOf(database, 'INC-1').map((row) => row.id)).toEqual(['a', 'b', 'c']);
  expect(runsOf(database, 'INC-1', 1)[1]).toEqual({
    ...run('b'),
    part: null,
    started_at: '2026-11-20T10:01:00.000Z',
    session_id: 's',
    pid: 7,
    ...end,
  });
  expect(runsOf(database, 'INC-2')).toEqual([]);
});

it('knows what a run cost that was cut off, and what one in progress has cost so far', () => {
  const database = temporaryState();
  insertRun(database, run('a'));
  insertRun(database, run('b'));
  noteRunCost(database, 'a', 0.5);
  noteRunCost(database, 'a', 0.25);
  noteRunCost(database, 'b', 1);
  expect(spentSince(database, '2026-11-20T00:00:00.000Z').usd).toBe(1.5);
  expect(spentSince(database, '2026-11-20T00:00:00.000Z', 'b').usd).toBe(0.5);
  finishRun(database, 'a', unseenEnd(new Date('2026-11-20T11:00:00Z'), 'crash'));
  finishRun(database, 'b', end);
  noteRunCost(database, 'b', 9);
  expect(runsOf(database, 'INC-1').map((row) => [row.cost_usd, row.cost_basis])).toEqual([
    [0.5, 'estimated'],
    [0.125, 'billed'],
  ]);
});
