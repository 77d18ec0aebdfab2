/**
 * The tool calls of a run, in their order. The server that hears the hooks and the parent that reads the run's stream
 * both tell them: a call with an id is one row, completed by whoever comes second.
 */
import type { Database } from './sqlite.ts';

/** Who saw a call happen, the best witness first: only what hooks saw could be judged before it happened. */
export type Observer = 'hooks' | 'stream' | 'transcript';

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
  /** The client's id of the subagent; empty for the main conversation. */
  agent_id?: string | undefined;
  /** The client's id of the call; empty where it is not known. */
  tool_use_id?: string | undefined;
  /** Digest of the normalised input. */
  input_digest?: string | null | undefined;
  /** Digest of the masked output. */
  output_digest?: string | null | undefined;
  /** Git tree of the worktree after the call. */
  tree?: string | null | undefined;
  /** The failing checks, where the output is a report of checks. */
  failing?: readonly string[] | null | undefined;
  observed?: Observer | null | undefined;
}

export interface Step {
  run: string;
  /** 1-based within the run. */
  seq: number;
  at: string;
  tool: string;
  input: string;
  outcome: string;
  denied_by: string | null;
  agent_id: string;
  tool_use_id: string;
  input_digest: string | null;
  output_digest: string | null;
  tree: string | null;
  failing: string[] | null;
  observed: Observer | null;
}

export interface RecordedStep {
  seq: number;
  /** False when the call was there already, and this telling completed it. */
  isNew: boolean;
}

type StepRow = Omit<Step, 'failing'> & { failing_json: string | null };

const INSERT = `
INSERT INTO steps (run, seq, at, tool, input, outcome, denied_by, agent_id, tool_use_id, input_digest, output_digest,
  tree, failing_json, observed)
SELECT :run, coalesce(max(seq), 0) + 1, :at, :tool, :input, :outcome, :denied_by, :agent_id, :tool_use_id, :input_digest,
  :output_digest, :tree, :failing_json, :observed
FROM steps WHERE run = :run
RETURNING seq`;

/** What was told first stays; hooks are the better witness, whenever they come. */
const COMPLETE = `
UPDATE steps SET
  denied_by = coalesce(denied_by, :denied_by),
  agent_id = CASE agent_id WHEN '' THEN :agent_id ELSE agent_id END,
  input_digest = coalesce(input_digest, :input_digest),
  output_digest = coalesce(output_digest, :output_digest),
  tree = coalesce(tree, :tree),
  failing_json = coalesce(failing_json, :failing_json),
  observed = CASE :observed WHEN 'hooks' THEN 'hooks' ELSE coalesce(observed, :observed) END
WHERE run = :run AND seq = :seq`;

/** Appends the step, or completes the one that tells the same call. Safe from several processes at once. */
export function recordStep(database: Database, step: NewStep): RecordedStep {
  const { run, at, tool, input, outcome } = step;
  const told = {
    run,
    denied_by: step.denied_by ?? null,
    agent_id: step.agent_id ?? '',
    input_digest: step.input_digest ?? null,
    output_digest: step.output_digest ?? null,
    tree: step.tree ?? null,
    failing_json: step.failing ? JSON.stringify(step.failing) : null,
    observed: step.observed ?? null,
  };
  const tool_use_id = step.tool_use_id ?? '';
  return database.tx(() => {
    const there = tool_use_id === '' ? undefined : seqOfCall(database, run, tool_use_id);
    if (there) {
      database.run(COMPLETE, { ...told, seq: there.seq });
      return { seq: there.seq, isNew: false };
    }
    const row = database.get<{ seq: number }>(INSERT, { ...told, at, tool, input, outcome, tool_use_id });
    if (!row) throw new Error('An INSERT with RETURNING gave no row');
    return { seq: row.seq, isNew: true };
  });
}

/** The number the step got; two processes that append to one run get different ones. */
export function appendStep(database: Database, step: NewStep): number {
  return recordStep(database, step).seq;
}

/** The last `count` steps, oldest first. */
export function lastSteps(database: Database, run: string, count: number): Step[] {
  return database
    .all<StepRow>('SELECT * FROM steps WHERE run = ? ORDER BY seq DESC LIMIT ?', [run, count])
    .map(stepOf)
    .reverse();
}

function seqOfCall(database: Database, run: string, toolUseId: string): { seq: number } | undefined {
  return database.get<{ seq: number }>(
    "SELECT seq FROM steps WHERE run = ? AND tool_use_id = ? AND tool_use_id <> ''",
    [run, toolUseId],
  );
}

function stepOf({ failing_json, ...row }: StepRow): Step {
  return { ...row, failing: failing_json === null ? null : (JSON.parse(failing_json) as string[]) };
}
