/** One subtask of a plan: its run, what its change is worth, and back to where it began when that is not enough. */
import { oneLine } from '../../events/plain-text.ts';
import { diffText } from '../../gate/changes.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { type SubtaskRow, saveSubtask } from '../../store/plans.ts';
import { requireFixable } from '../fixes/autonomy.ts';
import { dropRequest } from '../fixes/proposal-request.ts';
import { type Subtask, subtaskSchema } from '../fixes/subtask.ts';
import { currentTree } from '../fixes/verified-tree.ts';
import type { FailureMode } from '../recovery/failure-mode.ts';
import { replaceFiles } from '../worktrees/worktree.ts';
import { endAfterRun } from './after-run.ts';
import { attemptsMade } from './attempts.ts';
import { type Healing, step } from './healing.ts';
import { findingsIn, objectionTo, treesOf, unmetIn, verifyAsParent } from './judge-attempt.ts';
import { subtaskTask } from './plan-prompts.ts';
import type { BeforePlan, Reduced } from './reduced.ts';
import { type AgentRun, runAgent } from './run-agent.ts';

/** Bytes of a diff that was taken back, as a report shows it. */
const DIFF_LIMIT = 64 * 1024;

/** `row` is brought to its end, and written. Answers with what ends the whole plan, or undefined. */
export async function doSubtask(
  healing: Healing,
  row: SubtaskRow,
  rows: readonly SubtaskRow[],
  before: BeforePlan,
): Promise<Reduced | undefined> {
  const { bench, fix } = healing;
  const subtask = subtaskSchema.parse(row.subtask);
  const named = `subtask ${row.position} of ${rows.length}, "${subtask.title}"`;
  const note = (change: Partial<SubtaskRow>) => {
    Object.assign(row, change, { at: bench.now().toISOString() });
    saveSubtask(bench.db, row);
  };
  const needed = unmetDependency(subtask, rows);
  if (needed !== undefined) {
    note({ state: 'skipped', why: `It depends on "${needed}", which is not done.` });
    step(healing, `Leaving out ${named}: ${row.why}`);
    return undefined;
  }

  const begun = row.state === 'running' && row.before_tree !== null ? row.before_tree : await currentTree(bench, fix);
  note({ state: 'running', attempt: attemptsMade(healing).all + 1, before_tree: begun });
  step(healing, `Doing ${named}`);
  dropRequest(bench, fix.incident, fix.round);
  const titles = (states: readonly SubtaskRow['state'][]) =>
    rows.filter(({ state }) => states.includes(state)).map((one) => subtaskSchema.parse(one.subtask).title);
  const { diagnosis } = await requireFixable(bench, fix);
  const prompt = subtaskTask({ fix, diagnosis, previous: before.told }, subtask, {
    position: row.position,
    of: rows.length,
    done: titles(['done']),
    missing: titles(['failed', 'skipped']),
  });
  const run = await runAgent(healing, {
    agent: 'self-healing',
    part: 'subtask',
    attempt: row.attempt ?? 1,
    prompt,
    resume: undefined,
    freshPrompt: prompt,
  });
  const end = await endAfterRun(healing, run);
  if (end) return { end };
  const objection = objectionTo(healing, run);
  const stops = objection === undefined ? endsPlan(run) : ({ mode: 'refused', why: objection } as const);
  if (stops) return { judged: { ...before.last, ...stops, verdict: undefined, unmet: [], findings: [] } };

  const judged = await judgeSubtask(healing, run, subtask, begun);
  if (healing.stop.reason() !== undefined) return { judged: before.last };
  if (judged.mode === null) {
    note({ state: 'done', why: judged.why, after_tree: judged.tree });
    step(healing, `Done: ${named}`);
  } else {
    const diff = await takeBack(healing, begun);
    note({ state: 'failed', why: `${judged.mode}: ${judged.why}`, diff });
    step(healing, `Failed and taken back: ${named}: ${oneLine(judged.why, 300)}`);
  }
  return undefined;
}

/** No other subtask can do better then: the queue waits, or a person decides. */
function endsPlan({ mode, why }: AgentRun): { mode: FailureMode; why: string } | undefined {
  return mode === 'transient' || mode === 'budget' ? { mode, why } : undefined;
}

function unmetDependency({ depends_on }: Subtask, rows: readonly SubtaskRow[]): string | undefined {
  const done = new Set(
    rows.flatMap(({ state, subtask }) => (state === 'done' ? [subtaskSchema.parse(subtask).title] : [])),
  );
  return depends_on.find((title) => !done.has(title));
}

interface JudgedSubtask {
  mode: FailureMode | null;
  why: string;
  tree: string;
}

/** As a part: guardrails, what was green stays green, invariants, blast radius, anti-patterns, and its own criteria. */
async function judgeSubtask(healing: Healing, run: AgentRun, subtask: Subtask, begun: string): Promise<JudgedSubtask> {
  const { current: tree, base } = await treesOf(healing);
  if (!run.guarded) return { mode: run.mode ?? 'crash', why: run.why, tree };
  if (tree === base || (tree === begun && run.mode !== null))
    return {
      mode: run.mode ?? 'partial',
      why: run.mode === null ? 'Its run ended without changing anything.' : run.why,
      tree,
    };
  step(healing, 'Judging the subtask, now that its agent is gone');
  const { verification, text } = await verifyAsParent(healing, run, { subtask });
  const { verdict } = verification;
  const { unmet } = unmetIn(verification, text);
  if (verdict === 'pass' && unmet.length === 0)
    return { mode: null, why: 'What can be judged of it holds, and so does every criterion of its own.', tree };
  const found = [
    ...unmet.map((line) => line.split('\n')[0]),
    ...findingsIn(verification).map(({ code, message }) => `[${code}] ${message}`),
  ];
  const mode = verdict === 'refuse' ? 'refused' : (run.mode ?? (verdict === 'pass' ? 'partial' : 'verification'));
  return { mode, why: [...(run.mode === null ? [] : [run.why]), ...found].join(' '), tree };
}

/** The worktree as it was before the subtask; answers with the diff that it had made. */
async function takeBack({ bench, fix, stop }: Healing, begun: string): Promise<string> {
  const current = await currentTree(bench, fix, stop.signal);
  if (current === begun) return '';
  const diff = await diffText(await openWorkspace(bench.repository), begun, current, { limit: DIFF_LIMIT });
  await replaceFiles(bench.repository, fix.worktree, { from: current, tree: begun, signal: stop.signal });
  const now = await currentTree(bench, fix, stop.signal);
  if (now !== begun) throw new Error(`A failed subtask could not be taken back: ${now} stands where ${begun} was`);
  return diff;
}
