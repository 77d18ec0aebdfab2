import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../store/migrate.ts';
import { MIGRATIONS } from '../../store/schema.ts';
import { openDatabase } from '../../store/sqlite.ts';
import { NEXT_IN_TURN, sqliteIncidents } from '../../store/sqlite-incidents.ts';
import { openState } from '../../store/state-db.ts';
import { INCIDENT_STATUSES, isLegal, opensRound } from '../../store/states.ts';
import { eventRow, incidentStoreContract } from './incidents.contract.ts';
import { startProgram } from './programs.ts';
import { temporaryFolder, temporaryState } from './temporary.ts';

describe('the incident store on SQLite', () => {
  incidentStoreContract((now) => {
    const root = mkdtempSync(join(tmpdir(), 'self-healing-incidents-'));
    const database = openState(root);
    return {
      store: sqliteIncidents(database, now),
      close() {
        database.close();
        rmSync(root, { recursive: true, force: true });
      },
    };
  });

  it('finds the next of ten thousand by the index alone', async () => {
    const database = temporaryState();
    const store = sqliteIncidents(database, () => new Date('2026-11-20T12:00:00Z'));
    database.tx(() => {
      for (let n = 0; n < 10_000; n++)
        database.run(
          `INSERT INTO incidents (incident, fingerprint, status, severity, count, error, files_json, source, round,
             first_seen, last_seen, event_json, created_at, updated_at, queued_at_ms)
           VALUES (:incident, :incident, 'queued', :severity, 1, 'e', '[]', 'log', 1, '', '', '{}', '', '', :at)`,
          { incident: `INC-${n}`, severity: n % 3 === 0 ? 'high' : 'low', at: 10_000 - n },
        );
    });
    const plan = database
      .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${NEXT_IN_TURN}`, { except: '[]', at: 0 })
      .map(({ detail }) => detail);
    expect(plan[0]).toBe('SCAN incidents USING INDEX incidents_by_turn');
    expect(plan).toContainEqual(expect.stringMatching(/^SEARCH leases USING .*\(incident=\?\)$/));
    expect(plan.join()).not.toContain('TEMP B-TREE');
    expect(await store.claimNext('a', 1000)).toMatchObject({ incident: 'INC-9999', severity: 'high' });
    expect(await store.claimNext('b', 1000)).toMatchObject({ incident: 'INC-9996' });
  });

  it('cannot have its history rewritten', async () => {
    const database = temporaryState();
    await sqliteIncidents(database).record(eventRow());
    expect(() => database.run("UPDATE transitions SET who = 'nobody'")).toThrow(/append-only/);
    expect(() => database.run('DELETE FROM transitions')).toThrow(/append-only/);
    expect(database.all('SELECT who FROM transitions')).toEqual([{ who: 'intake' }]);
  });
});

it('gives turns to what was queued before there were any', async () => {
  const database = openDatabase(':memory:');
  migrate(database, MIGRATIONS.slice(0, 4));
  const insert = (incident: string, severity: string, at: string) =>
    database.run(
      `INSERT INTO incidents (incident, fingerprint, status, severity, count, error, files_json, source, round,
         first_seen, last_seen, event_json, created_at, updated_at)
       VALUES (:incident, :incident, 'queued', :severity, 1, 'e', '[]', 'log', 1, :at, :at, '{}', :at, :at)`,
      { incident, severity, at },
    );
  insert('INC-low', 'low', '2026-11-20T10:00:00.000Z');
  insert('INC-late', 'high', '2026-11-20T12:00:00.500Z');
  insert('INC-early', 'high', '2026-11-20T12:00:00.250Z');
  migrate(database);
  expect((await sqliteIncidents(database).queued(9)).map(({ incident }) => incident)).toEqual([
    'INC-early',
    'INC-late',
    'INC-low',
  ]);
});

it('never leaves the table of states, whatever is asked of it', async () => {
  const database = openDatabase(':memory:');
  migrate(database);
  const store = sqliteIncidents(database);
  let serial = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...INCIDENT_STATUSES, 'occurrence'), { maxLength: 60 }),
      async (asked) => {
        const fingerprint = (++serial).toString(16).padStart(16, '0');
        const incident = `INC-${fingerprint}`;
        await store.record(eventRow({ fingerprint }));
        for (const to of asked) {
          if (to === 'occurrence') await store.record(eventRow({ fingerprint }));
          else await store.transition({ incident, to, who: 'test', why: '' });
        }
        const [first, ...steps] = await store.transitions(incident);
        let [at, round] = [first?.to, 1];
        for (const step of steps) {
          expect(step.from).toBe(at);
          expect(step.from !== null && isLegal(step.from, step.to)).toBe(true);
          expect(step.round - round).toBe(step.from !== null && opensRound(step.from, step.to) ? 1 : 0);
          [at, round] = [step.to, step.round];
        }
        expect(await store.get(incident)).toMatchObject({ status: at, round });
      },
    ),
    { numRuns: 60 },
  );
  database.close();
});

describe('two processes', () => {
  it('that take turns from one queue get each incident once', async () => {
    const root = temporaryFolder();
    const ids = Array.from({ length: 60 }, (_, index) => `INC-${index.toString(16).padStart(16, '0')}`);
    const database = openState(root);
    const store = sqliteIncidents(database);
    for (const incident of ids) {
      await store.record(eventRow({ fingerprint: incident.slice(4) }));
      for (const to of ['detected', 'queued'] as const) await store.transition({ incident, to, who: 'test', why: '' });
    }
    database.close();
    const workers = await Promise.all(['a', 'b', 'c'].map((holder) => startProgram('claimer', [root, holder])));
    for (const worker of workers) worker.write('go\n');
    const claimed = await Promise.all(workers.map((worker) => worker.json<string[]>()));
    expect(claimed.flat().sort()).toEqual(ids);
  });

  it('that want the same leases and steps share them out, each to exactly one', async () => {
    const root = temporaryFolder();
    const incidents = Array.from({ length: 60 }, (_, index) => index.toString(16).padStart(16, '0'));
    const database = openState(root);
    const store = sqliteIncidents(database);
    for (const fingerprint of incidents) {
      await store.record(eventRow({ fingerprint }));
      await store.transition({ incident: `INC-${fingerprint}`, to: 'detected', who: 'test', why: '' });
    }
    const racers = await Promise.all(['a', 'b', 'c'].map((holder) => startProgram('racer', [root, holder])));
    for (const racer of racers) racer.write('go\n');
    const won = await Promise.all(racers.map((racer) => racer.json<{ leases: string[]; steps: string[] }>()));
    const ids = incidents.map((fingerprint) => `INC-${fingerprint}`);
    expect(won.flatMap((one) => one.leases).sort()).toEqual(ids);
    expect(won.flatMap((one) => one.steps).sort()).toEqual(ids);
    for (const incident of ids) expect(await store.transitions(incident)).toHaveLength(3);
    database.close();
  });
});
