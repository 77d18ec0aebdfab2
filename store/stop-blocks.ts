/** How often an agent that wanted to stop was sent back to its work. */
import type { Database } from './sqlite.ts';

/** Counts one more for this key (who is sent back) and returns the new count, from 1 on. */
export function bumpStopBlocks(database: Database, key: string): number {
  const row = database.get<{ count: number }>(
    `INSERT INTO stop_blocks (key, count) VALUES (?, 1)
     ON CONFLICT (key) DO UPDATE SET count = count + 1 RETURNING count`,
    [key],
  );
  if (!row) throw new Error('An INSERT with RETURNING gave no row');
  return row.count;
}

export function stopBlocks(database: Database, key: string): number {
  return database.get<{ count: number }>('SELECT count FROM stop_blocks WHERE key = ?', [key])?.count ?? 0;
}
