/**
 * The guard behind the frequent hooks: the server hands it each event of `hooks.json` and returns its answer as the
 * hook's output. It enforces only in a healing run; every other session hears at most a remark about a loop. When it
 * cannot decide about a call of a healing run it says no.
 */
import { z } from 'zod';
import type { Stop } from './guard/agent-stop.ts';
import { advised, denied, ended, type HookOutput, sentBack } from './guard/answers.ts';
import type { HealingWatch } from './guard/healing-watch.ts';
import { type Agent, agentOf, type GuardInput, guardInputSchema } from './guard/input.ts';
import { isJudged, judgeCall } from './guard/judge-call.ts';
import { type OrdinaryWatch, softAdvice } from './guard/ordinary-watch.ts';
import { type Role, roleOf } from './role.ts';
import type { Denial } from './rules.ts';
import type { FixScope } from './scope.ts';

export type { HookOutput } from './guard/answers.ts';

/** What the guard needs of the server that holds the fix. */
export interface GuardState {
  /** True in a run that `heal` started: every call is then judged. */
  headless: boolean;
  healing: HealingWatch;
  ordinary: OrdinaryWatch;
  /** The fix that this agent is bound to, or undefined before `start_fix`. */
  scopeOf(agent: Agent): Promise<FixScope | undefined>;
  /**
   * A call of a healing run is let through; `start_fix` binds the agent that makes it. A denial that comes too late for the
   * client lets its call run: such a one is not announced, and judged afterwards by what became of it.
   */
  announce(call: Agent & { toolUseId: string; tool: string; transcript: string }): void;
  /** Whether the stop gate sends an agent back that would end now; asked once each time it would. */
  sendsBack(agent: Agent & { role: Role }): Promise<boolean>;
  /** An agent has ended, however it ended. */
  agentFinished(agent: Agent & { role: Role }): Promise<void>;
  /** A stopped agent would not hand over: the incident is handed over for it. */
  end(agent: Agent, stop: Stop): Promise<void>;
  /** Whether sessions that heal nothing want to hear of their loops; asked at the first one. Never throws. */
  wantsAdvice(): Promise<boolean>;
  /** Carries out a person's decision; the answer is for the person. */
  decide(decision: 'approve' | 'skip', incident: string): Promise<string>;
}

export async function guard(raw: unknown, state: GuardState): Promise<HookOutput> {
  const parsed = guardInputSchema.safeParse(raw);
  if (!parsed.success) return unreadable(raw, state, z.prettifyError(parsed.error));
  const input = parsed.data;
  const healing = state.headless || roleOf(input.agent_type) !== undefined;
  switch (input.event) {
    case 'PreToolUse':
      return healing ? preToolUse(input, state) : {};
    case 'PostToolUse':
      // An agent in the background is only launched when its call returns; its own SubagentStop ends it.
      if (input.finished_status === 'completed') await agentFinished(input, state);
      return {};
    case 'PostToolUseFailure':
      if (healing) await state.healing.after(input);
      return {};
    case 'PostToolBatch':
      return healing ? turn(input, state) : remark(input, state);
    case 'PreCompact':
      await state.healing.shortened(input.session_id);
      state.ordinary.shortened(input.session_id);
      return {};
    case 'Stop':
    case 'SubagentStop':
      return words(input, state);
    case 'UserPromptExpansion':
      return decision(input, state);
    default:
      return {};
  }
}

/** Whoever sends such a thing: a call of a healing run is not let through on it. */
function unreadable(raw: unknown, state: GuardState, problem: string): HookOutput {
  const { event, agent_type } =
    z.looseObject({ event: z.unknown(), agent_type: z.unknown() }).safeParse(raw).data ?? {};
  const healing = state.headless || (typeof agent_type === 'string' && roleOf(agent_type) !== undefined);
  return healing && (event === 'PreToolUse' || event === undefined) ? denied(undecided(problem)) : {};
}

async function agentFinished(input: GuardInput, state: GuardState): Promise<void> {
  const role = roleOf(input.finished_type);
  if (!role) return;
  const agent = { sessionId: input.session_id, agentId: input.finished_agent };
  await state.healing.forget(agent);
  await state.agentFinished({ ...agent, role });
}

async function preToolUse(input: GuardInput, state: GuardState): Promise<HookOutput> {
  let denial: Denial | undefined;
  try {
    const watch = await state.healing.before(input);
    denial = watch.denyIfStopped(input.tool_name) ?? (await judgeInput(input, state));
  } catch (error) {
    denial = undecided(error instanceof Error ? error.message : String(error));
  }
  if (denial === undefined) {
    const { tool_use_id, tool_name, transcript_path } = input;
    state.announce({ ...agentOf(input), toolUseId: tool_use_id, tool: tool_name, transcript: transcript_path });
    return {};
  }
  await state.healing.denied(input, denial.rule);
  return denied(denial);
}

async function judgeInput(input: GuardInput, state: GuardState): Promise<Denial | undefined> {
  if (!isJudged(input.tool_name)) return undefined;
  const given = z.record(z.string(), z.unknown()).parse(JSON.parse(input.tool_input || '{}'));
  const role = roleOf(input.agent_type) ?? 'fixer';
  const scope = await state.scopeOf(agentOf(input));
  return judgeCall({ tool: input.tool_name, input: given, cwd: input.cwd }, role, scope);
}

function undecided(why: string): Denial {
  const said = why.replace(/\s+/g, ' ').slice(0, 300);
  return {
    rule: 'guard.undecided',
    reason: `Denied: the guard could not judge this call (${said}). Make it simpler, or call escalate.`,
  };
}

async function turn(input: GuardInput, state: GuardState): Promise<HookOutput> {
  const { told, end } = await state.healing.turn(input);
  if (end === undefined) return advised(told);
  await state.end(agentOf(input), end);
  return ended(`self-healing ended this agent (${end.mode}): ${end.evidence}`);
}

/**
 * The last words of an agent that would end. They are looked at only where the stop gate, which answers the same event,
 * sends the agent back: who may end is not kept. The end of a person's own turn is none of our business.
 */
async function words(input: GuardInput, state: GuardState): Promise<HookOutput> {
  const role = roleOf(input.agent_type);
  if (!role || input.last_assistant_message === '') return {};
  if (!(await state.sendsBack({ ...agentOf(input), role }))) return {};
  return sentBack(await state.healing.said(input));
}

/** A person's session: a remark about a loop, where it is wanted, and else nothing. */
async function remark(input: GuardInput, state: GuardState): Promise<HookOutput> {
  const flag = state.ordinary.turn(input);
  if (flag === undefined) return {};
  if (await state.wantsAdvice()) return advised([softAdvice(flag)]);
  state.ordinary.silence();
  return {};
}

/** `/self-healing:approve` and `:skip`: carried out here, where the evidence is; the model is not asked. */
async function decision(input: GuardInput, state: GuardState): Promise<HookOutput> {
  const found = /^self-healing:(approve|skip)$/.exec(input.command_name);
  if (!found) return {};
  const incident = /INC-[0-9a-f]{16}/.exec(input.command_args)?.[0];
  const answer = incident
    ? await state.decide(found[1] === 'approve' ? 'approve' : 'skip', incident)
    : `Which incident? Type /${input.command_name} INC-<fingerprint>; /self-healing:status lists them.`;
  return { continue: false, stopReason: answer };
}
