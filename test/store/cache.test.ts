import { expect, it } from 'vitest';
import { openCache } from '../../store/cache.ts';
import { temporaryState } from './temporary.ts';

it('keeps values by key and namespace, and the newest when pruned', () => {
  const database = temporaryState();
  let second = 0;
  const cache = openCache(database, 'runs', () => new Date(second++ * 1000));
  const other = openCache(database, 'imports');
  other.set('a', 'other');
  expect(cache.get('a')).toBeUndefined();
  cache.setAll([
    ['a', { x: [1, null] }],
    ['b', 2],
    ['c', null],
  ]);
  expect(cache.get('a')).toEqual({ x: [1, null] });
  expect(cache.get('c')).toBeNull();
  cache.set('a', 'again');
  cache.prune(2);
  expect(Object.fromEntries(cache.entries())).toEqual({ a: 'again', c: null });
  cache.remove('a');
  expect(cache.get('a')).toBeUndefined();
  expect(other.entries()).toEqual([['a', 'other']]);
});
