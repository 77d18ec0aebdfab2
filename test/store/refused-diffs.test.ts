import { expect, it } from 'vitest';
import { addRefusedDiff, refusedDiffs } from '../../store/refused-diffs.ts';
import { temporaryState } from './temporary.ts';

it('keeps what was refused, newest first', () => {
  const database = temporaryState();
  const refused = (incident: string, diff: string) => ({
    incident,
    round: 1,
    reason: 'swallows the error',
    diff,
    at: 't',
  });
  for (const one of [refused('INC-1', 'a'), refused('INC-2', 'b'), refused('INC-1', 'a')])
    addRefusedDiff(database, one);
  expect(refusedDiffs(database)).toEqual([refused('INC-1', 'a'), refused('INC-2', 'b'), refused('INC-1', 'a')]);
  expect(refusedDiffs(database, { incident: 'INC-2' })).toEqual([refused('INC-2', 'b')]);
  expect(refusedDiffs(database, { limit: 2 })).toHaveLength(2);
});

it('takes any reason, such as what a deploy that was rolled back tells', () => {
  const database = temporaryState();
  const row = {
    incident: 'INC-1',
    round: 2,
    reason: 'rolled_back: error rate 4 % within 10 minutes',
    diff: 'd',
    at: 't',
  };
  addRefusedDiff(database, row);
  expect(refusedDiffs(database)).toEqual([row]);
});
