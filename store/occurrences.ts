/**
 * Occurrences into rows, for the length of one transaction: every event is inserted when it comes, and what the events of an
 * incident add up to is merged here and written once, at the end. A storm says the same error hundreds of times at once.
 */
import { type IncidentRow, toRecord } from './incident-row.ts';
import type { EventRow, IncidentRecord, Occurred, Transition } from './incidents.ts';
import { mergedEvent } from './merged-event.ts';
import type { Database } from './sqlite.ts';
import { afterOccurrence, type IncidentStatus } from './states.ts';

/** What the store does with its rows. */
interface Rows {
  find(incident: string): IncidentRow | undefined;
  append(transition: Transition): void;
  /** The row as it stands after the step. */
  move(row: IncidentRow, step: { to: IncidentStatus; who: string; why: string }): IncidentRow;
}

export interface Occurrences {
  add(event: EventRow): Occurred;
  /** The incident with all that was added so far. */
  record(incident: string): IncidentRecord;
  /** Before the transaction ends; until then the rows of incidents are those of before. */
  write(): void;
}

interface Held {
  row: IncidentRow;
  /** What `row.event_json` says, where it was added here. */
  event: EventRow | undefined;
  changed: boolean;
}

export function openOccurrences(database: Database, now: () => Date, { find, append, move }: Rows): Occurrences {
  const all = new Map<string, Held>();

  const hold = (incident: string): Held | undefined => {
    const held = all.get(incident);
    if (held) return held;
    const row = find(incident);
    if (row === undefined) return undefined;
    const fresh = { row, event: undefined, changed: false };
    all.set(incident, fresh);
    return fresh;
  };

  const create = (incident: string, event: EventRow, json: string): void => {
    const at = now().toISOString();
    const { fingerprint } = event;
    const columns = mergedEvent(undefined, event, json);
    database.run(
      `INSERT INTO incidents (incident, fingerprint, status, round, created_at, updated_at,
         severity, count, error, files_json, source, service, first_seen, last_seen, event_json)
       VALUES (:incident, :fingerprint, 'settling', 1, :at, :at,
         :severity, :count, :error, :files_json, :source, :service, :first_seen, :last_seen, :event_json)`,
      { incident, fingerprint, at, ...columns },
    );
    append({ incident, round: 1, from: null, to: 'settling', who: 'intake', why: 'first occurrence', at });
    const none = { dismissal_confirmed_by: null, queued_at_ms: null, turn_ms: null };
    const times = { created_at: at, updated_at: at };
    const row: IncidentRow = { incident, fingerprint, status: 'settling', round: 1, ...none, ...times, ...columns };
    all.set(incident, { row, event, changed: false });
  };

  /** False when an event of this id is there. */
  const insert = (incident: string, { id, severity, source, count, last_seen, received_at }: EventRow, json: string) =>
    database.run(
      `INSERT INTO events (id, incident, severity, source, count, last_seen, received_at, event_json)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      [id, incident, severity, source, count, last_seen, received_at, json],
    ).changes === 1;

  const incidentOf = (id: string): string | undefined =>
    database.get<{ incident: string }>('SELECT incident FROM events WHERE id = ?', [id])?.incident;

  const write = (held: Held): void => {
    if (!held.changed) return;
    held.changed = false;
    const { incident, severity, count, error, files_json, source, service, first_seen, last_seen } = held.row;
    database.run(
      `UPDATE incidents SET severity = ?, count = ?, error = ?, files_json = ?, source = ?, service = ?,
         first_seen = ?, last_seen = ?, event_json = ?, updated_at = ?
       WHERE incident = ?`,
      [
        ...[severity, count, error, files_json, source, service, first_seen, last_seen],
        ...[held.row.event_json, held.row.updated_at, incident],
      ],
    );
  };

  const known = (incident: string): Occurred => ({ incident, created: false, duplicate: true, reopened: false });

  return {
    add(event) {
      const incident = `INC-${event.fingerprint}`;
      const json = JSON.stringify(event);
      const held = hold(incident);
      if (held === undefined) {
        // An event that is known may have been one of another incident.
        const other = incidentOf(event.id);
        if (other !== undefined) return known(other);
        create(incident, event, json);
        insert(incident, event, json);
        return { incident, created: true, duplicate: false, reopened: false };
      }
      if (!insert(incident, event, json)) return known(incidentOf(event.id) ?? incident);
      Object.assign(held.row, mergedEvent(held.row, event, json), { updated_at: now().toISOString() });
      if (held.row.event_json === json) held.event = event;
      held.changed = true;
      const to = afterOccurrence(held.row.status, held.row.dismissal_confirmed_by !== null);
      if (to !== undefined) {
        write(held);
        held.row = move(held.row, { to, who: 'intake', why: `a new occurrence after it was ${held.row.status}` });
      }
      return { incident, created: false, duplicate: false, reopened: to !== undefined };
    },

    record(incident) {
      const held = hold(incident);
      if (!held) throw new Error(`Incident ${incident} vanished inside a transaction`);
      return toRecord(held.row, held.event);
    },

    write() {
      for (const held of all.values()) write(held);
    },
  };
}
