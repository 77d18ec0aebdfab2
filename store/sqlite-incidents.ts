/** Incidents, transitions, leases and the queue in the embedded database. Every method is one transaction. */
import { addErrand } from './errands.ts';
import { StorageError } from './errors.ts';
import { MANY_DELIVERIES, openInbox } from './inbox.ts';
import { type IncidentRow, toRecord } from './incident-row.ts';
import type {
  BackOff,
  Delivered,
  Delivery,
  IncidentStore,
  Lease,
  Outcome,
  Transition,
  TransitionRequest,
  TransitionResult,
} from './incidents.ts';
import { takeUp } from './links.ts';
import { expectNotice } from './notices.ts';
import { type Occurrences, openOccurrences } from './occurrences.ts';
import type { Database } from './sqlite.ts';
import { type IncidentStatus, isLegal, opensRound } from './states.ts';

/** Events that `takeIn` counts in one transaction; whoever delivers meanwhile waits as long as it takes. */
const COUNTED_AT_ONCE = 300;

interface Step {
  to: IncidentStatus;
  who: string;
  why: string;
}

/** How long a delivery is known: senders repeat for hours at most. */
const REMEMBERED_MS = 86_400_000;

/** In the order of turns: the index serves the order, so that the first free one is found without a look at the others. */
export const NEXT_IN_TURN = `SELECT * FROM incidents INDEXED BY incidents_by_turn
 WHERE status = 'queued'
   AND incident NOT IN (SELECT value FROM json_each(:except))
   AND NOT EXISTS (SELECT 1 FROM leases WHERE leases.incident = incidents.incident AND expires_at_ms > :at)
 ORDER BY turn_ms, incident LIMIT 1`;

/** `now` decides what is written and when a lease has expired. */
export function sqliteIncidents(database: Database, now: () => Date = () => new Date()): IncidentStore {
  const find = (incident: string) =>
    database.get<IncidentRow>('SELECT * FROM incidents WHERE incident = ?', [incident]);

  const append = (transition: Transition) =>
    database.run(
      `INSERT INTO transitions (incident, round, from_status, to_status, who, why, at)
       VALUES (:incident, :round, :from, :to, :who, :why, :at)`,
      { ...transition },
    );

  /** The one place that changes a status. Inside the caller's transaction, after it checked that the step is legal. */
  const move = (row: IncidentRow, { to, who, why }: Step): IncidentRow => {
    const at = now().toISOString();
    const round = row.round + (opensRound(row.status, to) ? 1 : 0);
    const comesBack = row.status === 'healing' && row.queued_at_ms !== null;
    const queued = to === 'queued' && !comesBack ? now().getTime() : row.queued_at_ms;
    database.run(
      `UPDATE incidents SET status = :to, round = :round, dismissal_confirmed_by = NULL, queued_at_ms = :queued,
         updated_at = :at
       WHERE incident = :incident`,
      { incident: row.incident, to, round, queued, at },
    );
    append({ incident: row.incident, round, from: row.status, to, who, why, at });
    if (to === 'queued' || to === 'healing') takeUp(database, { incident: row.incident, round, at, who });
    if (to === 'escalated' || to === 'rolled_back') expectNotice(database, row.incident, round, now());
    return { ...row, status: to, round, dismissal_confirmed_by: null, updated_at: at };
  };

  const occurrences = () => openOccurrences(database, now, { find, append, move });

  /** False when it came already. Ids older than a day are forgotten, so that the table stays small. */
  const isNewDelivery = ({ source, id }: Delivery): boolean => {
    if (id === undefined) return true;
    const at = now().getTime();
    database.run('DELETE FROM deliveries WHERE at_ms < ?', [at - REMEMBERED_MS]);
    const { changes } = database.run('INSERT OR IGNORE INTO deliveries (source, id, at_ms) VALUES (?, ?, ?)', [
      source,
      id,
      at,
    ]);
    return changes === 1;
  };

  /** Inside the caller's transaction, which the occurrences may share with other deliveries. */
  const deliverOne = (delivery: Delivery, shared: Occurrences): Delivered => {
    if (!isNewDelivery(delivery)) return { duplicate: true };
    const recorded = delivery.events.map((event) => shared.add(event));
    const touched = new Set(recorded.flatMap(({ incident, duplicate }) => (duplicate ? [] : [incident])));
    return {
      duplicate: false,
      recorded,
      incidents: [...touched].map((incident) => shared.record(incident)),
      errands: (delivery.errands ?? []).filter((errand) => addErrand(database, errand, now())).length,
    };
  };

  /** `work`, and all that its occurrences add up to, as one transaction. */
  const together = <T>(work: (shared: Occurrences) => T): T =>
    database.tx(() => {
      const shared = occurrences();
      const result = work(shared);
      shared.write();
      return result;
    });

  const inbox = openInbox(database, together);
  const accept = (delivery: Delivery): Delivered => {
    if (!isNewDelivery(delivery)) return { duplicate: true };
    return {
      duplicate: false,
      recorded: inbox.put(delivery.events),
      incidents: [],
      errands: (delivery.errands ?? []).filter((errand) => addErrand(database, errand, now())).length,
    };
  };

  const deliverNow: IncidentStore['deliverAll'] = async (deliveries) => {
    inbox.takeAll();
    try {
      return together((shared) =>
        deliveries.map((delivery) => ({ ok: true as const, delivered: deliverOne(delivery, shared) })),
      );
    } catch (error) {
      if (error instanceof StorageError) throw error;
    }
    // One of them cannot be stored, and nothing is: each once more as if alone, so that it takes no other with it.
    return database.tx(() =>
      deliveries.map((delivery) => {
        try {
          return { ok: true as const, delivered: together((shared) => deliverOne(delivery, shared)) };
        } catch (error) {
          if (error instanceof StorageError) throw error;
          return { ok: false as const, error };
        }
      }),
    );
  };

  /** Inside the caller's transaction. */
  const step = ({ incident, to, who, why, from }: TransitionRequest): TransitionResult => {
    const row = find(incident);
    if (!row) return { ok: false, reason: 'unknown_incident' };
    if (from && !from.includes(row.status)) return { ok: false, reason: 'not_from', status: row.status };
    if (!isLegal(row.status, to)) return { ok: false, reason: 'illegal', status: row.status };
    return { ok: true, record: toRecord(move(row, { to, who, why })) };
  };

  const acquire = (incident: string, holder: string, ttlMs: number): Lease | undefined => {
    const at = now().getTime();
    const { changes } = database.run(
      `INSERT INTO leases (incident, holder, expires_at_ms) VALUES (:incident, :holder, :expires)
       ON CONFLICT (incident) DO UPDATE SET holder = :holder, expires_at_ms = :expires
       WHERE holder = :holder OR expires_at_ms <= :at`,
      { incident, holder, expires: at + ttlMs, at },
    );
    return changes === 1 ? { incident, holder, expires_at: new Date(at + ttlMs).toISOString() } : undefined;
  };

  // What was accepted is part of every answer about incidents: it is counted first.
  return {
    async record(event) {
      inbox.takeAll();
      return together((shared) => {
        const { incident, ...occurred } = shared.add(event);
        return { ...occurred, record: shared.record(incident) };
      });
    },

    async deliver(delivery) {
      inbox.takeAll();
      return together((shared) => deliverOne(delivery, shared));
    },

    async deliverAll(deliveries) {
      if (deliveries.length < MANY_DELIVERIES && !inbox.waits()) return deliverNow(deliveries);
      try {
        return inbox.adding(() => deliveries.map((delivery) => ({ ok: true, delivered: accept(delivery) })));
      } catch (error) {
        if (error instanceof StorageError) throw error;
        return deliverNow(deliveries);
      }
    },

    async takeIn() {
      if (!inbox.waits()) return { more: false, failed: [] };
      const failed = inbox.take(COUNTED_AT_ONCE);
      return { more: inbox.waits(), failed };
    },

    async grown() {
      inbox.takeAll();
      if (database.get('SELECT 1 FROM grown LIMIT 1') === undefined) return [];
      return database.tx(() => {
        const rows = database.all<IncidentRow>('SELECT incidents.* FROM grown JOIN incidents USING (incident)');
        database.run('DELETE FROM grown');
        return rows.map((row) => toRecord(row));
      });
    },

    async weigh(incident, since, watched) {
      inbox.takeAll();
      const rows = database.all<{ severity: string | null; counted: number }>(
        `SELECT severity,
           sum(CASE WHEN source IN (SELECT value FROM json_each(:watched)) THEN 0 ELSE count END) AS counted
         FROM events WHERE incident = :incident AND received_at >= :since GROUP BY severity`,
        { incident, since, watched: JSON.stringify(watched) },
      );
      return {
        counted: rows.reduce((sum, row) => sum + row.counted, 0),
        severities: rows.flatMap(({ severity }) => severity ?? []),
      };
    },

    async setSeverity(incident, severity) {
      inbox.takeAll();
      database.run('UPDATE incidents SET severity = ? WHERE incident = ?', [severity, incident]);
    },

    async get(incident) {
      inbox.takeAll();
      const row = find(incident);
      return row && toRecord(row);
    },

    async list({ status, limit } = {}) {
      inbox.takeAll();
      // Two queries, since one for both cases would go through every row for a few.
      const rows = database.all<IncidentRow>(
        `SELECT * FROM incidents ${status ? 'INDEXED BY incidents_by_status WHERE status IN (SELECT value FROM json_each(:status))' : ''}
         ORDER BY julianday(last_seen) DESC, rowid DESC LIMIT :limit`,
        { ...(status && { status: JSON.stringify(status) }), limit: limit ?? -1 },
      );
      return rows.map((row) => toRecord(row));
    },

    async transition(request) {
      inbox.takeAll();
      return database.tx(() => step(request));
    },

    async transitionAll(requests) {
      inbox.takeAll();
      return database.tx(() => requests.map(step));
    },

    async transitions(incident) {
      inbox.takeAll();
      return database.all<Transition>(
        `SELECT incident, round, from_status AS "from", to_status AS "to", who, why, at
         FROM transitions WHERE incident = ? ORDER BY id`,
        [incident],
      );
    },

    async outcomes(limit) {
      return database.all<Outcome>(
        `SELECT incident, round, from_status AS "from", to_status AS "to", who, why, at
         FROM transitions INDEXED BY transitions_of_proposals
         WHERE to_status IN ('proposed', 'merged', 'rejected') ORDER BY id DESC LIMIT ?`,
        [limit],
      );
    },

    async confirmDismissal(incident, who) {
      inbox.takeAll();
      const { changes } = database.run(
        `UPDATE incidents SET dismissal_confirmed_by = :who, updated_at = :at
         WHERE incident = :incident AND status = 'dismissed'`,
        { incident, who, at: now().toISOString() },
      );
      return changes === 1;
    },

    async acquireLease(incident, holder, ttlMs) {
      return acquire(incident, holder, ttlMs);
    },

    async renewLease(incident, holder, ttlMs) {
      const at = now().getTime();
      const { changes } = database.run(
        `UPDATE leases SET expires_at_ms = :expires
         WHERE incident = :incident AND holder = :holder AND expires_at_ms > :at`,
        { incident, holder, expires: at + ttlMs, at },
      );
      return changes === 1;
    },

    async releaseLease(incident, holder) {
      database.run('DELETE FROM leases WHERE incident = ? AND holder = ?', [incident, holder]);
    },

    async leases() {
      const rows = database.all<{ incident: string; holder: string; expires_at_ms: number }>(
        'SELECT * FROM leases WHERE expires_at_ms > ? ORDER BY incident',
        [now().getTime()],
      );
      return rows.map(({ expires_at_ms, ...lease }) => ({
        ...lease,
        expires_at: new Date(expires_at_ms).toISOString(),
      }));
    },

    async claimNext(holder, ttlMs, except = []) {
      inbox.takeAll();
      return database.tx(() => {
        const row = database.get<IncidentRow>(NEXT_IN_TURN, { except: JSON.stringify(except), at: now().getTime() });
        if (!row) return undefined;
        if (!acquire(row.incident, holder, ttlMs)) throw new Error(`The free ${row.incident} could not be leased`);
        return toRecord(row);
      });
    },

    async queued(limit) {
      inbox.takeAll();
      const rows = database.all<IncidentRow>(
        "SELECT * FROM incidents INDEXED BY incidents_by_turn WHERE status = 'queued' ORDER BY turn_ms, incident LIMIT ?",
        [limit],
      );
      return rows.map((row) => toRecord(row));
    },

    async backOff() {
      return database.get<BackOff>('SELECT why, next, incident, times, since, until FROM queue_back_off');
    },

    async setBackOff(backOff) {
      if (backOff === undefined) database.run('DELETE FROM queue_back_off');
      else
        database.run(
          `INSERT OR REPLACE INTO queue_back_off (queue, why, next, incident, times, since, until)
           VALUES (1, :why, :next, :incident, :times, :since, :until)`,
          { ...backOff },
        );
    },
  };
}
