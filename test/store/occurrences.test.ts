import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventRow, IncidentRecord, IncidentStore } from '../../store/incidents.ts';
import { migrate } from '../../store/migrate.ts';
import { openDatabase } from '../../store/sqlite.ts';
import { sqliteIncidents } from '../../store/sqlite-incidents.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { eventRow } from './incidents.contract.ts';

const CLOCK = new Date('2026-11-20T12:00:00Z');
const [A, B] = ['a'.repeat(16), 'b'.repeat(16)];
const HEALED: IncidentStatus[] = ['detected', 'queued', 'healing', 'dismissed'];

const event = fc.record({
  id: fc.integer({ min: 0, max: 8 }).map((n) => `id-${n}`),
  fingerprint: fc.constantFrom(A, B),
  severity: fc.constantFrom('low', 'medium', 'critical'),
  count: fc.integer({ min: 1, max: 5 }),
  file: fc.constantFrom('src/a.ts', 'src/b.ts', undefined),
  service: fc.constantFrom('shop', undefined),
  message: fc.constantFrom('x', 'y', 'z'),
  first_seen: fc.integer({ min: 0, max: 9 }).map((s) => `2026-11-20T10:00:0${s}Z`),
  last_seen: fc.integer({ min: 0, max: 9 }).map((s) => `2026-11-20T11:00:0${s}Z`),
});

async function storeWithDismissed(): Promise<IncidentStore> {
  const database = openDatabase(':memory:');
  migrate(database);
  const store = sqliteIncidents(database, () => CLOCK);
  await store.record(eventRow({ id: 'before', fingerprint: A }));
  for (const to of HEALED) await store.transition({ incident: `INC-${A}`, to, who: 'test', why: '' });
  return store;
}

const plain = (record: IncidentRecord) => JSON.parse(JSON.stringify(record)) as unknown;

it('adds up in one transaction to what it adds up to one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(event, { maxLength: 4 }), { maxLength: 4 }), async (deliveries) => {
      const rows: EventRow[][] = deliveries.map((events) => events.map((one) => eventRow(one)));
      const [together, single] = [await storeWithDismissed(), await storeWithDismissed()];
      const outcomes = await together.deliverAll(rows.map((events) => ({ source: 'log', id: undefined, events })));
      for (const [at, events] of rows.entries()) {
        const outcome = outcomes[at];
        if (!outcome?.ok || outcome.delivered.duplicate) throw new Error('not delivered');
        const expected = [];
        const left = new Map<string, IncidentRecord>();
        for (const one of events) {
          const { record, ...flags } = await single.record(one);
          expected.push({ incident: record.incident, ...flags });
          if (!flags.duplicate) left.set(record.incident, record);
        }
        expect(outcome.delivered.recorded).toEqual(expected);
        expect(outcome.delivered.incidents.map(plain)).toEqual([...left.values()].map(plain));
      }
      expect((await together.list()).map(plain)).toEqual((await single.list()).map(plain));
      for (const fingerprint of [A, B]) {
        const incident = `INC-${fingerprint}`;
        expect(await together.transitions(incident)).toEqual(await single.transitions(incident));
      }
    }),
    { numRuns: 60 },
  );
});
