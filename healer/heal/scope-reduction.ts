/**
 * After the last corrective retry: a run makes a plan of subtasks, each gets a run of its own on what the ones before it
 * left, and what does not hold is taken back. At the end the whole is judged like any attempt. Where it stands is in rows,
 * so that the next `heal` goes on there.
 */

import { UserError } from '../../events/errors.ts';
import { beginSubtasks, planOf, type SubtaskRow, subtasksOf } from '../../store/plans.ts';
import { requireFixable } from '../fixes/autonomy.ts';
import { dropRequest } from '../fixes/proposal-request.ts';
import { orderedPlan } from '../fixes/record-plan.ts';
import { type Subtask, subtaskSchema } from '../fixes/subtask.ts';
import { outsideTree } from '../worktrees/outside-tree.ts';
import { saveDiff } from '../worktrees/saved-diff.ts';
import { replaceFiles } from '../worktrees/worktree.ts';
import { endAfterRun } from './after-run.ts';
import { attemptsMade } from './attempts.ts';
import { type Healing, step } from './healing.ts';
import { type JudgedAttempt, judgeAttempt, objectionTo, treesOf } from './judge-attempt.ts';
import { planTask } from './plan-prompts.ts';
import type { BeforePlan, Reduced } from './reduced.ts';
import { type AgentRun, runAgent } from './run-agent.ts';
import { doSubtask } from './subtask-run.ts';
import { takeUpPlan } from './take-up-plan.ts';

export async function reduceScope(healing: Healing, before: BeforePlan): Promise<Reduced> {
  const { bench, fix } = healing;
  let rows = subtasksOf(bench.db, fix.incident, fix.round);
  let recorded: unknown;
  if (rows.length > 0 && (await takeUpPlan(healing, rows)) === 'gone') {
    const text = 'The subtasks that were done stood on another base, or are not kept: the plan starts anew';
    step(healing, text);
    fix.warnings.push(`${text}.`);
    recorded = rows.map(({ subtask }) => subtask);
    rows = [];
  }
  if (rows.length > 0) step(healing, 'Going on with the plan that was recorded');
  else {
    recorded ??= planOf(bench.db, fix.incident, fix.round)?.subtasks;
    const planned = (await recordedPlan(healing, recorded)) ?? (await askForPlan(healing, before));
    if (!Array.isArray(planned)) return planned;
    rows = await begin(healing, planned);
  }
  step(healing, `The plan: ${rows.map((row) => `${row.position}. ${titleOf(row)}`).join('; ')}`);
  for (const row of rows) {
    if (row.state === 'done' || row.state === 'failed' || row.state === 'skipped') continue;
    const stopped = await doSubtask(healing, row, rows, before);
    if (stopped) return stopped;
  }
  return { judged: await judgeWhole(healing, rows, before) };
}

/** Recorded for a process that died since: checked again, as every row is. */
async function recordedPlan(healing: Healing, subtasks: unknown): Promise<Subtask[] | undefined> {
  const plan = subtaskSchema.array().safeParse(subtasks);
  if (!plan.success) return undefined;
  const found = await checked(healing, plan.data);
  return Array.isArray(found) ? found : undefined;
}

async function askForPlan(healing: Healing, before: BeforePlan): Promise<Subtask[] | Reduced> {
  const { bench, fix } = healing;
  const { diagnosis, criteria, told: previous, last } = before;
  step(healing, 'The retries are used up: asking for a plan in parts');
  dropRequest(bench, fix.incident, fix.round);
  const prompt = planTask({ fix, diagnosis, previous }, criteria);
  const attempt = attemptsMade(healing).all + 1;
  const run = await runAgent(healing, {
    agent: 'self-healing',
    part: 'plan',
    attempt,
    prompt,
    resume: undefined,
    freshPrompt: prompt,
  });
  const end = await endAfterRun(healing, run);
  if (end) return { end };
  const objection = objectionTo(healing, run);
  if (objection !== undefined) return { judged: { ...last, mode: 'refused', why: objection, findings: [], unmet: [] } };
  if (run.mode === 'budget' || run.mode === 'transient')
    return { judged: { ...last, mode: run.mode, why: `${last.why} No plan was made: ${run.why}` } };
  const plan = run.plan && (await checked(healing, run.plan));
  if (Array.isArray(plan)) return plan;
  const none = run.mode === null ? 'The run that was asked for a plan recorded none.' : run.why;
  return { judged: { ...last, why: `${last.why} It could not be split: ${plan ?? none}` } };
}

/** In its order, or what is wrong with it: the server that let it be recorded works for the agent. */
async function checked({ bench, fix }: Healing, plan: Subtask[]): Promise<Subtask[] | string> {
  const { diagnosis } = await requireFixable(bench, fix);
  try {
    return orderedPlan(fix, diagnosis.affected_files, plan);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** On the base: what failed as a whole would be held against every part. It is kept as a patch. */
async function begin(healing: Healing, plan: readonly Subtask[]): Promise<SubtaskRow[]> {
  const { bench, fix, stop } = healing;
  const { incident, round, worktree: path } = fix;
  const linked = outsideTree(fix.law.config.worktree);
  const saved = await saveDiff(bench.repository, { incident, round, path, base: fix.base.commit }, linked, bench.now());
  if (saved !== undefined) {
    const { current, base } = await treesOf(healing);
    await replaceFiles(bench.repository, path, { from: current, tree: base, signal: stop.signal });
    const text = `The change of the last attempt was saved to ${saved}; the plan begins on the base.`;
    step(healing, text);
    fix.warnings.push(text);
  }
  beginSubtasks(bench.db, { incident, round, at: bench.now().toISOString() }, plan);
  return subtasksOf(bench.db, incident, round);
}

async function judgeWhole(healing: Healing, rows: readonly SubtaskRow[], before: BeforePlan): Promise<JudgedAttempt> {
  const done = rows.filter(({ state }) => state === 'done');
  const missing = rows.filter(({ state }) => state !== 'done');
  const came = `${done.length} of ${rows.length} subtasks of the plan are done${missing.length > 0 ? ` (${missing.map((row) => `"${titleOf(row)}" ${row.state}`).join(', ')})` : ''}.`;
  if (done.length === 0) return { ...before.last, why: `${came} ${before.last.why}` };
  step(healing, `${came} Now the whole`);
  const judged = await judgeAttempt(healing, NO_RUN, before.criteria, undefined);
  return judged.mode === null ? judged : { ...judged, why: `${came} ${judged.why}` };
}

/** The whole is no one's run: those of its parts were judged for themselves. */
const NO_RUN: AgentRun = {
  mode: null,
  why: '',
  unusable: null,
  retryAfterMs: null,
  sessionId: null,
  guarded: true,
  run: undefined,
  actions: [],
  carriedOut: [],
  violations: [],
  plan: undefined,
};

function titleOf({ subtask }: SubtaskRow): string {
  return subtaskSchema.parse(subtask).title;
}
