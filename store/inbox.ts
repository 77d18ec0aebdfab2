/**
 * Where deliveries stand when many come at once: on disk with one small write, in the order in which they came, and counted
 * into their incidents a moment later, many in one transaction. A row is removed by the transaction that counts it, so that
 * each event is counted once, whoever counts and whenever a process ends.
 */
import { StorageError } from './errors.ts';
import type { EventRow, Occurred } from './incidents.ts';
import type { Occurrences } from './occurrences.ts';
import { packEvents, unpackEvents } from './packed-events.ts';
import type { Database } from './sqlite.ts';

/** Deliveries in one transaction from which on they are counted later. */
export const MANY_DELIVERIES = 8;
/** Events that may wait; beyond it, each transaction that adds some counts twice as many. */
const MOST_WAITING = 20_000;

export interface Inbox {
  /** Whether anything waits, of this process or of another. */
  waits(): boolean;
  /** Adds the events of a delivery: for each, whether it is known already. Inside the transaction of `adding`. */
  put(events: readonly EventRow[]): Pick<Occurred, 'incident' | 'duplicate'>[];
  /** `work` as one transaction, after which what was put is on disk. */
  adding<T>(work: () => T): T;
  /** Counts the oldest, `most` events or a few more, in one transaction. Answers with why some could not be counted. */
  take(most: number): string[];
  /** Counts all of them; where the disk refuses, they wait on. */
  takeAll(): void;
}

/** Events in one transaction, when all of them are counted. */
const AT_ONCE = 2_000;
/** Transactions in which all that waits is counted for certain; who asks does not run after a storm of another process. */
const MOST_TAKES = (2 * MOST_WAITING) / AT_ONCE;
/** Events in one row: what is counted at least in one transaction. */
const IN_ROW = 200;

/** `together`: `work`, and all that its occurrences add up to, as one transaction. */
export function openInbox(database: Database, together: <T>(work: (shared: Occurrences) => T) => T): Inbox {
  /** By id, of the events that wait; undefined until it is known that nothing waits that was put by somebody else. */
  let waiting: Map<string, string> | undefined;
  /** Those of the transaction that adds. */
  let fresh = new Map<string, string>();
  let added: EventRow[] = [];

  const next = (after: number) =>
    database.get<{ seq: number; events_json: string }>(
      'SELECT seq, events_json FROM inbox WHERE failed IS NULL AND seq > ? ORDER BY seq LIMIT 1',
      [after],
    );
  const waits = () => database.get('SELECT 1 AS one FROM inbox WHERE failed IS NULL LIMIT 1') !== undefined;

  const count = (events: readonly EventRow[]): void => {
    const grown = new Set<string>();
    together((shared) => {
      for (const event of events) {
        const { incident, duplicate } = shared.add(event);
        if (!duplicate) grown.add(incident);
      }
    });
    for (const incident of grown) database.run('INSERT OR IGNORE INTO grown (incident) VALUES (?)', [incident]);
  };

  /** Each as if alone: one that can never be counted is kept, and stands in nobody's way. */
  const countEach = (events: readonly EventRow[]): string[] => {
    const failed: string[] = [];
    for (const event of events) {
      try {
        database.tx(() => count([event]));
      } catch (error) {
        if (error instanceof StorageError) throw error;
        database.run('INSERT INTO inbox (failed, events_json) VALUES (?, ?)', [String(error), packEvents([event])]);
        failed.push(String(error));
      }
    }
    return failed;
  };

  const take = (most: number): string[] => {
    const failed = database.tx(() => {
      const events: EventRow[] = [];
      let last = 0;
      for (let row = next(0); row !== undefined && events.length < most; row = next(row.seq)) {
        events.push(...unpackEvents(row.events_json));
        last = row.seq;
      }
      database.run('DELETE FROM inbox WHERE failed IS NULL AND seq <= ?', [last]);
      try {
        database.tx(() => count(events));
        return [];
      } catch (error) {
        if (error instanceof StorageError) throw error;
        return countEach(events);
      }
    });
    if (!waits()) waiting = new Map();
    return failed;
  };

  /** Where the disk refuses, they wait on: what was asked for by the way does not fail for it. */
  const byTheWay = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  };
  const takeAll = (): void => {
    for (let taken = 0; taken < MOST_TAKES && waits(); taken++) take(AT_ONCE);
  };

  return {
    waits,
    take,
    takeAll: () => byTheWay(takeAll),

    adding(work) {
      if (waiting === undefined) takeAll();
      waiting ??= new Map();
      fresh = new Map();
      added = [];
      const result = database.tx(() => {
        const worked = work();
        for (let at = 0; at < added.length; at += IN_ROW)
          database.run('INSERT INTO inbox (events_json) VALUES (?)', [packEvents(added.slice(at, at + IN_ROW))]);
        return worked;
      });
      for (const [id, incident] of fresh) waiting.set(id, incident);
      if (waiting.size > MOST_WAITING) byTheWay(() => take(2 * fresh.size));
      return result;
    },

    put(events) {
      const known = new Map(
        database
          .all<{ id: string; incident: string }>(
            'SELECT id, incident FROM events WHERE id IN (SELECT value FROM json_each(?))',
            [JSON.stringify(events.map(({ id }) => id))],
          )
          .map(({ id, incident }) => [id, incident]),
      );
      return events.map((event) => {
        const before = known.get(event.id) ?? waiting?.get(event.id) ?? fresh.get(event.id);
        if (before !== undefined) return { incident: before, duplicate: true };
        checkRow(event);
        const incident = `INC-${event.fingerprint}`;
        fresh.set(event.id, incident);
        added.push(event);
        return { incident, duplicate: false };
      });
    },
  };
}

/** What a row cannot do without, looked at before the event is accepted: afterwards it would be too late. */
function checkRow(event: EventRow): void {
  const { id, fingerprint, source, severity, message, count, first_seen, last_seen, received_at } = event;
  for (const text of [id, fingerprint, source, severity, message, first_seen, last_seen, received_at])
    if (typeof text !== 'string') throw new TypeError(`An event without one of its texts: ${String(id).slice(0, 100)}`);
  if (!Number.isSafeInteger(count)) throw new TypeError(`An event that counts ${String(count).slice(0, 100)}`);
}
