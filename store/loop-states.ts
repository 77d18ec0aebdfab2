/** What loop detection keeps between processes and attempts. */
import type { Database } from './sqlite.ts';

export interface LoopStateRow {
  /** Run and agent. */
  key: string;
  /** Null in an ordinary session. */
  incident: string | null;
  /** Plain JSON. */
  state: unknown;
}

export function saveLoopState(database: Database, row: LoopStateRow): void {
  throw new Error(`${row.key} cannot be kept in ${typeof database} yet`);
}

/** The state as it was saved; undefined when there is none. */
export function loopStateOf(database: Database, key: string): unknown {
  throw new Error(`${key} cannot be read from ${typeof database} yet`);
}

/** Appends; the newest 500 of an incident are kept. `round` says when they were made. */
export function addLoopPoints(
  database: Database,
  at: { incident: string; round: number; run: string },
  points: readonly unknown[],
): void {
  throw new Error(`${points.length} points of ${at.incident} cannot be kept in ${typeof database} yet`);
}

/** Oldest first; without the points of `except` (a run that goes on has its own). */
export function loopPointsOf(database: Database, incident: string, options?: { except?: string }): unknown[] {
  throw new Error(`${incident} without ${options?.except} cannot be read from ${typeof database} yet`);
}

/** Why a run was stopped by a guard. */
export interface StoppedRun {
  run: string;
  rule: string;
  evidence: string;
  /** ISO 8601. */
  at: string;
}

/** The first mark of a run stays. True when this was it. */
export function markStopped(database: Database, stopped: StoppedRun): boolean {
  throw new Error(`${stopped.run} cannot be marked in ${typeof database} yet`);
}

export function stoppedRun(database: Database, run: string): StoppedRun | undefined {
  throw new Error(`${run} cannot be read from ${typeof database} yet`);
}
