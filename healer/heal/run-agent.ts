/** Lets one of our agents work, with a row for each start of the client; an API that does not answer is waited for. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { finishRun, insertRun, noteRunCost, noteRunProcess, type RunPart } from '../../store/runs.ts';
import type { Subtask } from '../fixes/subtask.ts';
import { spreadPause } from '../growing-pause.ts';
import type { FailureMode } from '../recovery/failure-mode.ts';
import { type FinishedRun, runClaude } from '../runs/claude.ts';
import { configOf, type Healing, step } from './healing.ts';
import { judgeUnguarded } from './judge-unguarded.ts';
import type { HealAgent } from './progress.ts';
import { CONTINUE } from './prompts.ts';
import { shownPlan } from './shown-plan.ts';
import { spendable, watchDay } from './spending.ts';
import { logTools } from './tool-log.ts';

export interface AgentTask {
  agent: HealAgent;
  attempt: number;
  /** What the run is for, where that is not the whole fix. */
  part?: RunPart | undefined;
  prompt: string;
  /** The session to go on with; undefined: a new one. */
  resume: string | undefined;
  /** For a new session, when the one to go on with is not there any more: everything that it would have known. */
  freshPrompt: string;
}

export interface AgentRun
  extends Pick<FinishedRun, 'mode' | 'why' | 'unusable' | 'sessionId' | 'guarded' | 'retryAfterMs'> {
  /** Id of the last start. */
  run: string | undefined;
  /** One line for each tool call. */
  actions: string[];
  /** Tools of our server that did what they were called for. */
  carriedOut: string[];
  /** Calls that no guard saw and that one would have denied, one line each. */
  violations: string[];
  /** The plan that it recorded last. */
  plan: Subtask[] | undefined;
}

/** What the API may ask for while a run is held open; in a queue others could be healed, or all wait. */
const LONGEST_WAIT_MS = 3_600_000;
const LONGEST_IN_QUEUE_MS = 120_000;

/** Known to the client under no name: what it says then. */
const NO_SESSION = /no conversation found/i;

export async function runAgent(healing: Healing, task: AgentTask): Promise<AgentRun> {
  const { recovery } = configOf(healing);
  const actions: string[] = [];
  const carriedOut: string[] = [];
  const violations: string[] = [];
  let plan: Subtask[] | undefined;
  let { prompt, resume } = task;
  let run: string | undefined;
  const ended = (mode: FailureMode, why: string): AgentRun => ({
    ...{ mode, why, unusable: null, retryAfterMs: null, sessionId: null, guarded: true },
    ...{ run, actions, carriedOut, violations, plan },
  });
  for (let tries = 1; ; ) {
    if (await healing.stop.check()) return ended('cancelled', 'The run was ended from outside.');
    const money = spendable(healing.bench, healing.fix.incident, configOf(healing), healing.spentUsd);
    if (money.usd <= 0) return ended('budget', `${money.limit} is used up.`);
    const id = randomUUID();
    run = id;
    const finished = await start(healing, { ...task, prompt, resume }, id, money.usd, {
      actions,
      carriedOut,
      violations,
    });
    if (resume !== undefined && NO_SESSION.test(finished.why) && !finished.events.some(({ kind }) => kind === 'init')) {
      resume = undefined;
      prompt = task.freshPrompt;
      continue;
    }
    plan = shownPlan(finished.events, healing.fix.incident) ?? plan;
    const result = { ...finished, run, actions, carriedOut, violations, plan };
    if (finished.mode !== 'transient' || tries >= recovery.transient_tries) return result;
    const longest = healing.options.queue ? LONGEST_IN_QUEUE_MS : LONGEST_WAIT_MS;
    if ((finished.retryAfterMs ?? 0) > longest) return result;
    const ms = spreadPause(tries, { firstMs: recovery.backoff_base, askedMs: finished.retryAfterMs });
    healing.tell({ kind: 'wait', text: `${finished.why} Trying again in ${Math.ceil(ms / 1000)} s.`, ms });
    await (healing.options.wait ?? pause)(ms, healing.stop.signal);
    if (healing.stop.reason() !== undefined) return { ...result, mode: 'cancelled' };
    // A session that never got an answer has nothing to go on with.
    if (finished.sessionId !== null && finished.events.some(({ kind }) => kind === 'tool_use')) {
      resume = finished.sessionId;
      prompt = CONTINUE;
    }
    tries++;
  }
}

async function start(
  healing: Healing,
  { agent, attempt, part, prompt, resume }: AgentTask,
  id: string,
  maxUsd: number,
  done: Pick<AgentRun, 'actions' | 'carriedOut' | 'violations'>,
): Promise<FinishedRun> {
  const { bench, fix } = healing;
  const { recovery, claude } = configOf(healing);
  const session = resume === undefined ? { start: randomUUID() } : { resume };
  insertRun(bench.db, {
    id,
    incident: fix.incident,
    round: fix.round,
    attempt,
    phase: agent === 'diagnostician' ? 'diagnosis' : 'fix',
    part,
    started_at: bench.now().toISOString(),
    session_id: 'start' in session ? session.start : session.resume,
  });
  const log = logTools(bench, id, agent, healing.tell);
  const usedUp = watchDay(bench, configOf(healing), { id, maxUsd });
  let noted = 0;
  const noteCost = (usd: number) => {
    try {
      if (usd > noted) noteRunCost(bench.db, id, usd);
      noted = usd;
      return usedUp(usd);
    } catch {
      return undefined; // a database that is busy is asked again in a second
    }
  };
  const finished = await runClaude({
    id,
    incident: fix.incident,
    agent,
    prompt,
    session,
    cwd: fix.worktree,
    home: bench.repository.home,
    pluginDir: healing.pluginDir,
    settings: claude,
    limits: recovery,
    maxUsd,
    env: healing.options.env,
    signal: healing.stop.signal,
    onStart: (pid) => noteRunProcess(bench.db, id, { pid }),
    onEvent: log.see,
    onCost: noteCost,
  });
  log.settle();
  finishRun(bench.db, id, {
    ended_at: bench.now().toISOString(),
    failure_mode: finished.mode,
    exit: finished.exit,
    terminal_reason: finished.terminalReason,
    cost_usd: finished.costUsd,
    cost_basis: finished.costBasis,
    input_tokens: finished.inputTokens,
    output_tokens: finished.outputTokens,
    turns: finished.turns,
  });
  const unguarded = await judgeUnguarded(healing, agent, finished.events);
  done.violations.push(...unguarded.violations);
  if (unguarded.calls > 0) {
    const text = `guards: judged afterwards (${unguarded.calls} calls that no guard had answered for)`;
    step(healing, text);
    if (!fix.warnings.includes(text)) fix.warnings.push(text);
  }
  done.actions.push(...log.actions());
  done.carriedOut.push(...log.carriedOut());
  healing.spentUsd += finished.costUsd ?? 0;
  healing.witness.saw(finished.events, fix.worktree);
  if (finished.mode !== null && finished.mode !== 'cancelled') step(healing, finished.why);
  return finished;
}

/** Ends early, without an error, when the work has to stop. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
