import { expect, it } from 'vitest';
import { addErrand, dueErrand, endErrand, knowsErrand, nextErrandIn, postponeErrand } from '../../store/errands.ts';
import { migrate } from '../../store/migrate.ts';
import { openDatabase } from '../../store/sqlite.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, seconds));

it('is done once, when it is due, in the order of waiting', () => {
  const database = openDatabase(':memory:');
  migrate(database);
  const first = { id: 'a:1', kind: 'a', payload: { n: 1 } };
  expect(addErrand(database, first, at(0))).toBe(true);
  expect(addErrand(database, first, at(1))).toBe(false);
  addErrand(database, { id: 'a:2', kind: 'a', payload: null }, at(1));
  addErrand(database, { id: 'b:1', kind: 'b', payload: null }, at(0));
  expect(dueErrand(database, 'a', at(2))).toEqual({ ...first, tries: 0 });
  postponeErrand(database, 'a:1', at(30), 'not there yet');
  expect(dueErrand(database, 'a', at(2))?.id).toBe('a:2');
  endErrand(database, 'a:2', at(2), null);
  expect([dueErrand(database, 'a', at(2)), nextErrandIn(database, 'a', at(2))]).toEqual([undefined, 28_000]);
  expect(dueErrand(database, 'a', at(30))).toEqual({ ...first, tries: 1 });
  endErrand(database, 'a:1', at(30), null);
  expect(nextErrandIn(database, 'a', at(30))).toBe(undefined);
  expect(addErrand(database, first, at(31))).toBe(false);
  expect([knowsErrand(database, 'a:'), knowsErrand(database, 'a%')]).toEqual([true, false]);
  database.close();
});

it('forgets after a week what was done, and nothing else', () => {
  const database = openDatabase(':memory:');
  migrate(database);
  const week = 7 * 86_400;
  addErrand(database, { id: 'done', kind: 'a', payload: null }, at(0));
  addErrand(database, { id: 'waits', kind: 'a', payload: null }, at(0));
  endErrand(database, 'done', at(0), null);
  addErrand(database, { id: 'x', kind: 'a', payload: null }, at(week));
  expect(knowsErrand(database, 'done')).toBe(true);
  addErrand(database, { id: 'y', kind: 'a', payload: null }, at(week + 1));
  expect([knowsErrand(database, 'done'), knowsErrand(database, 'waits')]).toEqual([false, true]);
  database.close();
});
