import { expect, it } from 'vitest';
import {
  addLoopPoints,
  loopPointsOf,
  loopStateOf,
  markStopped,
  saveLoopState,
  stoppedRun,
} from '../../store/loop-states.ts';
import { openState } from '../../store/state-db.ts';
import { temporaryFolder, temporaryState } from './temporary.ts';

it("keeps each agent's state by itself, the last one saved, for another process too", () => {
  const root = temporaryFolder();
  const [one, other] = [openState(root), openState(root)];
  const state = { strikes: 1, seen: [{ tree: 't', failing: ['adds'] }], none: null };
  saveLoopState(one, { key: 'run/a1', incident: 'INC-1', state: { strikes: 0 } });
  saveLoopState(other, { key: 'run/a1', incident: 'INC-1', state });
  saveLoopState(one, { key: 'run/a2', incident: null, state: 7 });
  expect([loopStateOf(one, 'run/a1'), loopStateOf(other, 'run/a2'), loopStateOf(one, 'run')]).toEqual([
    state,
    7,
    undefined,
  ]);
  one.close();
  other.close();
});

it('gives the points of an incident in their order, of a round, or without those of a run', () => {
  const database = temporaryState();
  addLoopPoints(database, { incident: 'INC-1', round: 1, run: 'a' }, [{ n: 1 }, { n: 2 }]);
  addLoopPoints(database, { incident: 'INC-2', round: 1, run: 'x' }, [{ n: 9 }]);
  addLoopPoints(database, { incident: 'INC-1', round: 2, run: 'b' }, [{ n: 3 }]);
  expect(loopPointsOf(database, 'INC-1')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect(loopPointsOf(database, 'INC-1', { round: 1 })).toEqual([{ n: 1 }, { n: 2 }]);
  expect(loopPointsOf(database, 'INC-1', { except: 'a' })).toEqual([{ n: 3 }]);
  expect(loopPointsOf(database, 'INC-3')).toEqual([]);
});

it('keeps the newest 500 points of an incident, and those of others', () => {
  const database = temporaryState();
  const points = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ n: from + index }));
  addLoopPoints(database, { incident: 'INC-2', round: 1, run: 'x' }, points(0, 3));
  addLoopPoints(database, { incident: 'INC-1', round: 1, run: 'a' }, points(0, 800));
  addLoopPoints(database, { incident: 'INC-1', round: 1, run: 'b' }, points(800, 10));
  expect(loopPointsOf(database, 'INC-1')).toEqual(points(310, 500));
  expect(loopPointsOf(database, 'INC-2')).toEqual(points(0, 3));
});

it('says why a run was stopped: the first reason, to every process', () => {
  const root = temporaryFolder();
  const [guard, parent] = [openState(root), openState(root)];
  const mark = {
    run: 'a',
    rule: 'guard.loop_stopped',
    evidence: 'the same call 5 times',
    at: '2026-11-20T10:00:00.000Z',
  };
  expect(stoppedRun(parent, 'a')).toBeUndefined();
  expect(markStopped(guard, mark)).toBe(true);
  expect(markStopped(parent, { ...mark, rule: 'guard.drift_stopped' })).toBe(false);
  expect(stoppedRun(parent, 'a')).toEqual(mark);
  guard.close();
  parent.close();
});
