/** What can be computed again: JSON values under a key, each user in a namespace of its own. */
import type { Database } from './sqlite.ts';

export interface Cache {
  /** The value, parsed and unchecked; undefined when there is none. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  /** All of them in one transaction. */
  setAll(entries: Iterable<readonly [key: string, value: unknown]>): void;
  /** Every entry of the namespace. */
  entries(): Array<[key: string, value: unknown]>;
  remove(key: string): void;
  /** Keeps the `maxEntries` that were set last. */
  prune(maxEntries: number): void;
}

export function openCache(database: Database, namespace: string, now: () => Date = () => new Date()): Cache {
  const set = (key: string, value: unknown) => {
    database.run(
      `INSERT INTO cache (namespace, key, value_json, at) VALUES (:namespace, :key, :value_json, :at)
       ON CONFLICT (namespace, key) DO UPDATE SET value_json = :value_json, at = :at`,
      { namespace, key, value_json: JSON.stringify(value), at: now().toISOString() },
    );
  };
  return {
    get(key) {
      const row = database.get<{ value_json: string }>('SELECT value_json FROM cache WHERE namespace = ? AND key = ?', [
        namespace,
        key,
      ]);
      return row && JSON.parse(row.value_json);
    },
    set,
    setAll(entries) {
      database.tx(() => {
        for (const [key, value] of entries) set(key, value);
      });
    },
    entries() {
      return database
        .all<{ key: string; value_json: string }>('SELECT key, value_json FROM cache WHERE namespace = ?', [namespace])
        .map((row) => [row.key, JSON.parse(row.value_json)]);
    },
    remove(key) {
      database.run('DELETE FROM cache WHERE namespace = ? AND key = ?', [namespace, key]);
    },
    prune(maxEntries) {
      database.run(
        `DELETE FROM cache WHERE rowid IN (
           SELECT rowid FROM cache WHERE namespace = ? ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ?)`,
        [namespace, maxEntries],
      );
    },
  };
}
