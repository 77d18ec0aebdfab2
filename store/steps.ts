/** The tool calls of a run, in their order. */
import type { Database } from './sqlite.ts';

export interface NewStep {
  /** Id of the run. */
  run: string;
  /** ISO 8601. */
  at: string;
  tool: string;
  /** The input, shortened or digested by who records it. */
  input: string;
  outcome: string;
  /** The rule that denied the call. */
  denied_by?: string | null | undefined;
}

export interface Step extends NewStep {
  /** 1-based within the run. */
  seq: number;
  denied_by: string | null;
}

/** The number the step got; two processes that append to one run get different ones. */
export function appendStep(database: Database, step: NewStep): number {
  const row = database.get<{ seq: number }>(
    `INSERT INTO steps (run, seq, at, tool, input, outcome, denied_by)
     SELECT :run, coalesce(max(seq), 0) + 1, :at, :tool, :input, :outcome, :denied_by FROM steps WHERE run = :run
     RETURNING seq`,
    { ...step, denied_by: step.denied_by ?? null },
  );
  if (!row) throw new Error('An INSERT with RETURNING gave no row');
  return row.seq;
}

/** The last `count` steps, oldest first. */
export function lastSteps(database: Database, run: string, count: number): Step[] {
  return database.all<Step>('SELECT * FROM steps WHERE run = ? ORDER BY seq DESC LIMIT ?', [run, count]).reverse();
}
