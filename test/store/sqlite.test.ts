import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SqlError, StorageError } from '../../store/errors.ts';
import type { Parameters } from '../../store/parameters.ts';
import { type Database, openDatabase } from '../../store/sqlite.ts';
import { temporaryFolder } from './temporary.ts';

function open(file = ':memory:'): Database {
  const database = openDatabase(file);
  onTestFinished(() => database.close());
  return database;
}

function withTable(): Database {
  const database = open();
  database.exec('CREATE TABLE things (name TEXT PRIMARY KEY, size ANY) STRICT');
  return database;
}

const names = (database: Database) => database.all<{ name: string }>('SELECT name FROM things').map((row) => row.name);
const insert = 'INSERT INTO things VALUES (:name, :size)';

/** What the checker must not let through: the libraries below take, drop or turn each of these in a way of their own. */
const wrong = (value: unknown) => value as string;

describe('parameters', () => {
  it('come back as they went in: text, finite numbers, null', () => {
    const database = withTable();
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true }),
      fc.constant(null),
    );
    fc.assert(
      fc.property(value, (size) => {
        const refused = typeof size === 'number' && (!Number.isFinite(size) || beyond(size));
        const write = () => database.run('INSERT OR REPLACE INTO things VALUES (?, ?)', ['one', size]);
        if (refused) {
          expect(write).toThrow(TypeError);
          return;
        }
        write();
        const row = database.get('SELECT * FROM things WHERE name = :name', { name: 'one' });
        // Whether a negative zero keeps its sign is each library's own affair; adding zero takes it away.
        const plain = (one: unknown) => (typeof one === 'number' ? one + 0 : one);
        expect(plain(row?.size)).toBe(plain(size));
      }),
    );
  });

  it.each([undefined, true, new Date(0), Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1n, {}, Buffer.from('x')])(
    'refuse %s by name',
    (value) => {
      const database = withTable();
      expect(() => database.run(insert, { name: 'one', size: wrong(value) })).toThrow(/^Parameter :size is/);
      expect(() => database.run('INSERT INTO things VALUES (?, ?)', ['one', wrong(value)])).toThrow(/^Parameter 2 is/);
      expect(names(database)).toEqual([]);
    },
  );

  it('must be exactly the ones of the statement', () => {
    const database = withTable();
    const wrongSets: Parameters[] = [
      { name: 'one' },
      { name: 'one', size: 1, more: 2 },
      { name: 'one', sise: 1 },
      ['one', 1],
      [],
    ];
    for (const parameters of wrongSets)
      expect(() => database.run(insert, parameters)).toThrow(/takes the parameters :name, :size/);
    for (const parameters of [['one'], ['one', 1, 2], { name: 'one', size: 1 }])
      expect(() => database.run('INSERT INTO things VALUES (?, ?)', parameters)).toThrow(/takes 2 positional/);
    expect(names(database)).toEqual([]);
  });

  it('are not looked for in text, quoted names and comments', () => {
    const database = withTable();
    const sql = `SELECT ':a ? ''?' AS "b:c?" /* :d ? */ WHERE :x = 1 -- :e ?`;
    expect(database.all(sql, { x: 1 })).toEqual([{ 'b:c?': ":a ? '?" }]);
  });
});

it('refuses to read an integer that JavaScript would round', () => {
  const database = open();
  expect(database.get('SELECT 9007199254740991 AS n')).toEqual({ n: Number.MAX_SAFE_INTEGER });
  expect(() => database.get('SELECT 9007199254740993 AS n')).toThrow(SqlError);
});

it('answers plain rows, and undefined for none', () => {
  const database = withTable();
  expect(database.get('SELECT * FROM things')).toBeUndefined();
  expect(database.run(insert, { name: 'one', size: null })).toStrictEqual({ changes: 1 });
  const [row] = database.all('SELECT * FROM things');
  expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  expect(row).toStrictEqual({ name: 'one', size: null });
});

describe('errors', () => {
  it('say of which kind they are', () => {
    const database = withTable();
    database.run(insert, { name: 'one', size: 1 });
    const thrown = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        return error instanceof SqlError || error instanceof StorageError ? error.kind : error;
      }
      return 'nothing';
    };
    expect(thrown(() => database.run(insert, { name: 'one', size: 1 }))).toBe('constraint');
    expect(thrown(() => database.run('SELECT nonsense FROM'))).toBe('other');
    expect(thrown(() => openDatabase(join(temporaryFolder(), 'missing', 'x.db')))).toBe('storage');
    expect(thrown(() => openDatabase(temporaryFolder()))).toBe('storage');
  });

  it('are busy, for a person to understand, when another connection keeps the lock', () => {
    const file = join(temporaryFolder(), 'x.db');
    const [holder, other] = [open(file), open(file)];
    other.exec('PRAGMA busy_timeout = 10');
    holder.exec('BEGIN IMMEDIATE');
    expect(() => other.tx(() => 1)).toThrow(
      expect.objectContaining({ kind: 'busy', productError: true, code: 'failed', next: 'Try again in a moment.' }),
    );
    holder.exec('ROLLBACK');
    expect(other.tx(() => 1)).toBe(1);
  });
});

describe('a transaction', () => {
  const add = (database: Database, name: string) => database.run(insert, { name, size: null });

  it('is all or nothing, and so is one inside it', () => {
    const database = withTable();
    database.tx(() => {
      add(database, 'outer');
      expect(() =>
        database.tx(() => {
          add(database, 'inner');
          database.tx(() => add(database, 'innermost'));
          throw new Error('inner failed');
        }),
      ).toThrow('inner failed');
      database.tx(() => add(database, 'second'));
    });
    expect(names(database)).toEqual(['outer', 'second']);
    expect(() =>
      database.tx(() => {
        add(database, 'third');
        throw new Error('outer failed');
      }),
    ).toThrow('outer failed');
    expect(names(database)).toEqual(['outer', 'second']);
    expect(database.tx(() => 'goes on')).toBe('goes on');
  });

  it('refuses work that is not done when it returns', () => {
    const database = withTable();
    expect(() => database.tx(async () => add(database, 'one'))).toThrow('A transaction is synchronous');
    expect(names(database)).toEqual([]);
  });
});

/** Whole numbers that JavaScript cannot tell from their neighbours. */
function beyond(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

it('tells by a mark that something changed, whoever did it, and that nothing did', () => {
  const file = join(temporaryFolder(), 'state.db');
  const [own, other] = [open(file), open(file)];
  own.exec('CREATE TABLE things (name TEXT PRIMARY KEY, size ANY) STRICT');
  const marks = [own.changeMark()];
  expect(own.changeMark()).toBe(marks[0]);
  for (const change of [
    () => own.run(insert, { name: 'one', size: 1 }),
    () => other.run(insert, { name: 'two', size: 2 }),
    () => other.run('UPDATE things SET size = 3'),
    () => own.tx(() => own.run('DELETE FROM things')),
  ]) {
    change();
    names(own);
    const mark = own.changeMark();
    expect(marks).not.toContain(mark);
    expect(own.changeMark()).toBe(mark);
    marks.push(mark);
  }
});
