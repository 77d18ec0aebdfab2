import { statSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, EventRow, IncidentRecord, IncidentStore } from '../../store/incidents.ts';
import { migrate } from '../../store/migrate.ts';
import { type Database, openDatabase } from '../../store/sqlite.ts';
import { sqliteIncidents } from '../../store/sqlite-incidents.ts';
import { openState } from '../../store/state-db.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { eventRow } from './incidents.contract.ts';
import { startProgram } from './programs.ts';
import { IN_STORM, storm } from './storm.ts';
import { temporaryFolder, temporaryState } from './temporary.ts';

const CLOCK = new Date('2026-11-20T12:00:00Z');
const [A, B] = ['a'.repeat(16), 'b'.repeat(16)];
const HEALED: IncidentStatus[] = ['detected', 'queued', 'healing', 'dismissed'];
const INCIDENT = 'INC-1a2b3c4d5e6f7890';

const waiting = (database: Database) =>
  database.get<{ n: number }>('SELECT total(json_array_length(events_json)) AS n FROM inbox')?.n;
const rows = (database: Database) => database.get<{ n: number }>('SELECT count(*) AS n FROM events')?.n;
const plain = (record: IncidentRecord) => JSON.parse(JSON.stringify(record)) as unknown;

/** With an incident that its next occurrence takes back. */
async function withDismissed(): Promise<{ database: Database; store: IncidentStore }> {
  const database = openDatabase(':memory:');
  migrate(database);
  const store = sqliteIncidents(database, () => CLOCK);
  await store.record(eventRow({ id: 'before', fingerprint: A }));
  for (const to of HEALED) await store.transition({ incident: `INC-${A}`, to, who: 'test', why: '' });
  return { database, store };
}

const event = fc.record({
  id: fc.integer({ min: 0, max: 30 }).map((n) => `id-${n}`),
  fingerprint: fc.constantFrom(A, B),
  severity: fc.constantFrom('low', 'critical'),
  count: fc.integer({ min: 1, max: 5 }),
  message: fc.constantFrom('x', 'y'),
  last_seen: fc.integer({ min: 0, max: 9 }).map((s) => `2026-11-20T11:00:0${s}Z`),
});
const delivery = fc.record({
  id: fc.constantFrom(undefined, 'one', 'other'),
  events: fc.array(event, { minLength: 1, maxLength: 3 }),
});
const many = fc.array(delivery, { minLength: 8, maxLength: 12 });

it('adds up later to what it adds up to one by one, whatever is asked meanwhile', async () => {
  const before = fc.constantFrom('nothing', 'take in', 'look', 'move');
  let waited = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(many, before), { minLength: 1, maxLength: 3 }), async (storms) => {
      const [together, single] = [await withDismissed(), await withDismissed()];
      for (const [deliveries, then] of storms) {
        const given: Delivery[] = deliveries.map(({ id, events }) => ({
          source: 'generic',
          id,
          events: events.map((one): EventRow => eventRow(one)),
        }));
        const outcomes = await together.store.deliverAll(given);
        for (const [at, one] of given.entries()) {
          const expected = await single.store.deliver(one);
          const outcome = outcomes[at];
          if (!outcome?.ok) throw new Error('not delivered');
          const told = outcome.delivered;
          expect(told.duplicate).toBe(expected.duplicate);
          if (told.duplicate || expected.duplicate) continue;
          expect(told.recorded.map(({ incident, duplicate }) => ({ incident, duplicate }))).toEqual(
            expected.recorded.map(({ incident, duplicate }) => ({ incident, duplicate })),
          );
        }
        waited += waiting(together.database) ?? 0;
        if (then === 'take in') await together.store.takeIn();
        if (then === 'look') await together.store.get(`INC-${A}`);
        if (then === 'move') {
          const steps = { incident: `INC-${A}`, to: 'queued', who: 'test', why: '' } as const;
          expect((await together.store.transition(steps)).ok).toBe((await single.store.transition(steps)).ok);
        }
      }
      expect((await together.store.list()).map(plain)).toEqual((await single.store.list()).map(plain));
      expect([waiting(together.database), rows(together.database)]).toEqual([0, rows(single.database)]);
      for (const fingerprint of [A, B])
        expect(await together.store.transitions(`INC-${fingerprint}`)).toEqual(
          await single.store.transitions(`INC-${fingerprint}`),
        );
    }),
    { numRuns: 25 },
  );
  expect(waited).toBeGreaterThan(0);
});

it('tells once which incidents grew, also to who opens it later', async () => {
  const database = temporaryState();
  await sqliteIncidents(database).deliverAll(storm(0));
  const later = sqliteIncidents(database);
  expect(await later.grown()).toMatchObject([{ incident: INCIDENT, count: 2 * IN_STORM }]);
  expect(await later.grown()).toEqual([]);
});

it('knows what waits, though another process put it there', async () => {
  const database = temporaryState();
  await sqliteIncidents(database).deliverAll(storm(0));
  const outcomes = await sqliteIncidents(database).deliverAll(storm(0).map((one) => ({ ...one, id: undefined })));
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ ok: true, delivered: { recorded: [{ duplicate: true }, { duplicate: true }] } });
  expect((await sqliteIncidents(database).get(INCIDENT))?.count).toBe(2 * IN_STORM);
});

it('costs sixteen senders a few pages of the disk', async () => {
  const database = temporaryState();
  database.get('PRAGMA wal_autocheckpoint = 0');
  const store = sqliteIncidents(database);
  const logged = () => Math.floor(statSync(`${database.file}-wal`).size / 4096);
  const sixteen = (from: number) => [...storm(from), ...storm(from + 1)].slice(0, 16);
  for (let number = 0; number < 40; number += 2) await store.deliverAll(sixteen(number));
  await store.list();
  await store.deliverAll(sixteen(40));
  const before = logged();
  await store.deliverAll(sixteen(42).map((one) => ({ ...one, id: undefined })));
  expect(logged() - before).toBeLessThanOrEqual(8);
});

it('counts some at a time, the oldest first', async () => {
  const database = temporaryState();
  const store = sqliteIncidents(database);
  for (let number = 0; number < 20; number++) await store.deliverAll(storm(number));
  const first = await store.takeIn();
  expect(first).toEqual({ more: true, failed: [] });
  const counted = rows(database) ?? 0;
  expect(counted).toBeLessThan(20 * 2 * IN_STORM);
  expect(database.get("SELECT count(*) AS n FROM events WHERE id LIKE '0-%'")).toEqual({ n: 2 * IN_STORM });
  while ((await store.takeIn()).more);
  expect([rows(database), waiting(database)]).toEqual([20 * 2 * IN_STORM, 0]);
});

it('keeps back what it takes in while too much waits', async () => {
  const database = temporaryState();
  const store = sqliteIncidents(database);
  const large = (number: number) =>
    storm(number).map((one, at) => ({
      ...one,
      events: Array.from({ length: 100 }, (_, nth) => eventRow({ id: `${number}-${at}-${nth}`, message: 'm' })),
    }));
  for (let number = 0; number < 25; number++) await store.deliverAll(large(number));
  expect(waiting(database)).toBeLessThanOrEqual(22_000);
  expect((await store.get(INCIDENT))?.count).toBe(25_000);
}, 60_000);

it('refuses an event that could never be counted, and takes the others', async () => {
  const database = temporaryState();
  const store = sqliteIncidents(database);
  const broken = { source: 'generic', id: 'b', events: [{ ...eventRow(), count: null as unknown as number }] };
  const outcomes = await store.deliverAll([...storm(0), broken]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([...storm(0).map(() => true), false]);
  expect((await store.get(INCIDENT))?.count).toBe(2 * IN_STORM);
});

it('keeps what it cannot count, and counts the rest', async () => {
  const database = temporaryState();
  database.run('INSERT INTO inbox (events_json) VALUES (?)', ['[{"id":"broken","fingerprint":"f"}]']);
  const store = sqliteIncidents(database);
  await store.deliverAll(storm(0));
  while ((await store.takeIn()).more);
  expect((await store.get(INCIDENT))?.count).toBe(2 * IN_STORM);
  expect(database.all('SELECT failed IS NULL AS waits FROM inbox')).toEqual([{ waits: 0 }]);
});

describe('on a full disk', () => {
  const fill = (database: Database) => {
    const { page_count } = database.get<{ page_count: number }>('PRAGMA page_count') ?? { page_count: 0 };
    database.get(`PRAGMA max_page_count = ${page_count}`);
  };
  const free = (database: Database) => database.get('PRAGMA max_page_count = 1000000');

  it('nothing of a storm is accepted, and its ids are free again', async () => {
    const database = temporaryState();
    const store = sqliteIncidents(database);
    await store.deliverAll(storm(0));
    fill(database);
    const large = storm(1).map((one) => ({ ...one, events: [eventRow({ id: one.id, message: 'm'.repeat(9000) })] }));
    await expect(store.deliverAll(large)).rejects.toThrow(/disk is full/);
    free(database);
    const [first] = await store.deliverAll(large);
    expect(first).toMatchObject({ ok: true, delivered: { duplicate: false, recorded: [{ duplicate: false }] } });
    expect((await store.get(INCIDENT))?.count).toBe(2 * IN_STORM + IN_STORM);
  });

  it('what is accepted waits, and questions are answered from what is counted', async () => {
    const database = temporaryState();
    const store = sqliteIncidents(database);
    await store.record(eventRow({ id: 'before' }));
    await store.deliverAll(
      storm(0).map((one) => ({ ...one, events: [eventRow({ id: one.id, message: 'm'.repeat(9000) })] })),
    );
    fill(database);
    expect((await store.get(INCIDENT))?.count).toBe(1);
    await expect(store.takeIn()).rejects.toThrow(/disk is full/);
    free(database);
    expect((await store.get(INCIDENT))?.count).toBe(1 + IN_STORM);
  });
});

describe('a process killed', () => {
  const open = (root: string) => {
    const database = openState(root);
    return { database, store: sqliteIncidents(database) };
  };

  it.each([
    ['accepting', 'before its transaction has ended', 0],
    ['waiting', 'after it has accepted, before anything is counted', 1],
    ['counting', 'after the rows, before their transaction has ended', 1],
  ])('%s: %s', async (how, _when, storms) => {
    const root = temporaryFolder();
    const writer = await startProgram('storm-writer', [root, how]);
    await writer.said('inside');
    writer.process.kill('SIGKILL');
    await new Promise((resolve) => writer.process.on('close', resolve));
    const { database, store } = open(root);
    expect([waiting(database), rows(database)]).toEqual([storms * 2 * IN_STORM, 0]);
    expect((await store.get(INCIDENT))?.count).toBe(storms === 0 ? undefined : storms * 2 * IN_STORM);
    expect([waiting(database), rows(database)]).toEqual([0, storms * 2 * IN_STORM]);
    // The sender heard nothing, or that it was accepted: sent again it is there once.
    await store.deliverAll(storm(0));
    expect((await store.get(INCIDENT))?.count).toBe(2 * IN_STORM);
    database.close();
  });

  it('at any moment has each event that it has accepted, once', async () => {
    const root = temporaryFolder();
    for (const last of [2, 5, 9]) {
      const writer = await startProgram('storm-writer', [root, 'anywhere']);
      await writer.said(`accepted ${last}`);
      writer.process.kill('SIGKILL');
      await new Promise((resolve) => writer.process.on('close', resolve));
      const { database, store } = open(root);
      const record = await store.get(INCIDENT);
      const ids = database.all<{ id: string }>('SELECT id FROM events').map(({ id }) => id);
      const accepted = Array.from({ length: last + 1 }, (_, number) => storm(number)).flat();
      expect(ids).toEqual(expect.arrayContaining(accepted.flatMap(({ events }) => events.map(({ id }) => id))));
      expect(record?.count).toBe(ids.length);
      expect(waiting(database)).toBe(0);
      database.close();
    }
  });
});
