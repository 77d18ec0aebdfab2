import { expect, it } from 'vitest';
import { bumpStopBlocks, stopBlocks } from '../../store/stop-blocks.ts';
import { temporaryState } from './temporary.ts';

it('counts for each key by itself', () => {
  const database = temporaryState();
  expect(stopBlocks(database, 's/a')).toBe(0);
  expect([1, 2, 3].map(() => bumpStopBlocks(database, 's/a'))).toEqual([1, 2, 3]);
  expect(bumpStopBlocks(database, 's/b')).toBe(1);
  expect(stopBlocks(database, 's/a')).toBe(3);
});
