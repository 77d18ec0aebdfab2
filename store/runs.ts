/** The agent's runs: one row per start of the client (or per session that heals), finished once. */
import type { Database } from './sqlite.ts';

export type RunPhase = 'diagnosis' | 'fix' | 'session';
/** What a run of the fixing agent is for where it is not the whole fix: to make a plan, or one subtask of it. */
export type RunPart = 'plan' | 'subtask';

export interface NewRun {
  id: string;
  incident: string;
  round: number;
  /** 1, and one more for each corrective retry. */
  attempt: number;
  phase: RunPhase;
  /** Default null: the whole fix. */
  part?: RunPart | null | undefined;
  /** ISO 8601. */
  started_at: string;
  session_id?: string | null;
  pid?: number | null;
}

/**
 * `billed`: the client's own total, with a key that is billed. `subscription`: what it would cost at the API's prices; a
 * subscription pays it. `estimated`: reckoned from the stream, as the client was ended before it said a total.
 */
export type CostBasis = 'billed' | 'subscription' | 'estimated';

/** How a run ended; `failure_mode` is null when it ended well. */
export interface RunEnd {
  ended_at: string;
  failure_mode: string | null;
  /** Exit code; null when a signal ended it. */
  exit: number | null;
  terminal_reason: string | null;
  /** Null keeps what was noted while it ran. */
  cost_usd: number | null;
  cost_basis?: CostBasis | null;
  input_tokens: number | null;
  output_tokens: number | null;
  turns: number | null;
}

/** The end of a run of which nothing else is known: no process of ours led it, or that process is gone. */
export function unseenEnd(at: Date, failureMode: string | null): RunEnd {
  return {
    ended_at: at.toISOString(),
    failure_mode: failureMode,
    exit: null,
    terminal_reason: null,
    cost_usd: null,
    input_tokens: null,
    output_tokens: null,
    turns: null,
  };
}

export interface Run extends Required<NewRun>, Required<Omit<RunEnd, 'ended_at'>> {
  part: RunPart | null;
  /** Null while it runs, and for ever when we were killed meanwhile. */
  ended_at: string | null;
}

export function insertRun(database: Database, run: NewRun): void {
  database.run(
    `INSERT INTO runs (id, incident, round, attempt, phase, part, session_id, started_at, pid)
     VALUES (:id, :incident, :round, :attempt, :phase, :part, :session_id, :started_at, :pid)`,
    { ...run, part: run.part ?? null, session_id: run.session_id ?? null, pid: run.pid ?? null },
  );
}

/** What is known only after the start. */
export function noteRunProcess(
  database: Database,
  id: string,
  known: { session_id?: string | undefined; pid?: number | undefined },
): void {
  database.run(
    'UPDATE runs SET session_id = coalesce(:session_id, session_id), pid = coalesce(:pid, pid) WHERE id = :id',
    { id, session_id: known.session_id ?? null, pid: known.pid ?? null },
  );
}

/** While it runs: what it has cost so far, as far as its stream tells. */
export function noteRunCost(database: Database, id: string, usd: number): void {
  database.run(
    `UPDATE runs SET cost_usd = max(coalesce(cost_usd, 0), :usd), cost_basis = 'estimated'
     WHERE id = :id AND ended_at IS NULL`,
    { id, usd },
  );
}

/** False when the run is unknown or was finished before: the first end counts. */
export function finishRun(database: Database, id: string, end: RunEnd): boolean {
  const { changes } = database.run(
    `UPDATE runs SET ended_at = :ended_at, failure_mode = :failure_mode, exit = :exit,
       terminal_reason = :terminal_reason, cost_usd = coalesce(:cost_usd, cost_usd),
       cost_basis = coalesce(:cost_basis, cost_basis), input_tokens = :input_tokens, output_tokens = :output_tokens,
       turns = :turns
     WHERE id = :id AND ended_at IS NULL`,
    { id, ...end, cost_basis: end.cost_basis ?? null },
  );
  return changes === 1;
}

/** In the order of their start; of all rounds when none is given. */
export function runsOf(database: Database, incident: string, round?: number): Run[] {
  return database.all<Run>(
    `SELECT * FROM runs WHERE incident = :incident AND (:round IS NULL OR round = :round) ORDER BY started_at, rowid`,
    { incident, round: round ?? null },
  );
}

export function runOf(database: Database, id: string): Run | undefined {
  return database.get<Run>('SELECT * FROM runs WHERE id = ?', [id]);
}

/** Runs without an end: still going, or left by a crash. */
export function unfinishedRuns(database: Database): Run[] {
  return database.all<Run>('SELECT * FROM runs WHERE ended_at IS NULL ORDER BY started_at, rowid');
}

/**
 * What runs that were started since then have cost, those that run included, US dollars, and when the first of those that
 * cost anything was. `billed`: all of them are. `except`: a run that is left out.
 */
export function spentSince(
  database: Database,
  since: string,
  except: string | null = null,
): { usd: number; billed: boolean; first: string | null } {
  const row = database.get<{ usd: number | null; billed: number | null; first: string | null }>(
    `SELECT sum(cost_usd) AS usd, min(coalesce(cost_basis, 'billed') = 'billed') AS billed, min(started_at) AS first FROM runs
     WHERE started_at >= :since AND cost_usd > 0 AND id IS NOT :except`,
    { since, except },
  );
  return { usd: row?.usd ?? 0, billed: row?.billed !== 0, first: row?.first ?? null };
}
