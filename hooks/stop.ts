/**
 * The stop gate: an agent that wants to end without a verdict is sent back with the call that is missing. The client's own
 * cap is reset by every tool call, so the bound is ours and is counted in the database: after it the agent may stop, and
 * the incident goes to a person.
 */
import { type Stop, stopReason } from './guard/agent-stop.ts';
import type { Agent } from './guard/input.ts';
import type { Role } from './role.ts';

export const MAX_SEND_BACKS = 3;

export interface StopEvent {
  hook_event_name: 'Stop' | 'SubagentStop';
  session_id: string;
  agent_id?: string | undefined;
  agent_type?: string | undefined;
}

/** What the gate needs to know and do; `bin/hook.ts` gives it the store. */
export interface StopState {
  /** The run that a parent started this session for, or undefined in a person's session. */
  run: string | undefined;
  /** The incident this agent is bound to. */
  incident: string | undefined;
  /** True when the diagnosis of its round is recorded. */
  diagnosed(incident: string): Promise<boolean>;
  /**
   * True when the incident has an end for this agent: proposed or requested, handed over, dismissed, waiting for a person;
   * in a run for a part of it, when that has its plan or its verdict.
   */
  ended(incident: string): Promise<boolean>;
  /** What the run is for, where that is not the whole fix. */
  part: 'plan' | 'subtask' | undefined;
  /** Counts one more send-back for a key, from 1 on. */
  bump(key: string): number;
  /** How often a key was sent back. */
  sentBack(key: string): number;
  /** Why the guards have stopped this run: nothing but `escalate` is open to its agent. */
  stopped(incident: string): Promise<Stop | undefined>;
  /** Hands the incident over; only called in a person's session, where no parent does it. */
  escalate(incident: string, reason: string, mode: 'partial' | Stop['mode']): Promise<void>;
}

export type StopDecision = { block: false } | { block: true; reason: string };

/** Whether an agent that would end now is sent back, without doing so: for who looks on. It may be counted already. */
export async function wouldSendBack(
  agent: Agent,
  role: Role,
  state: Omit<StopState, 'bump' | 'escalate'>,
): Promise<boolean> {
  const { incident } = state;
  if (!incident || (await state.stopped(incident)) || !(await missingCall(incident, role, state))) return false;
  return state.sentBack(keyOf(agent, role, state)) <= MAX_SEND_BACKS;
}

export async function judgeStop(event: StopEvent, role: Role, state: StopState): Promise<StopDecision> {
  const { incident } = state;
  if (!incident) return { block: false };
  const missing = await missingCall(incident, role, state);
  if (!missing) return { block: false };
  const stop = await state.stopped(incident);
  if (stop) {
    if (state.run === undefined) await state.escalate(incident, stopReason(stop), stop.mode);
    return { block: false };
  }
  const sentBack = state.bump(keyOf({ sessionId: event.session_id, agentId: event.agent_id ?? '' }, role, state));
  if (sentBack <= MAX_SEND_BACKS)
    return { block: true, reason: `${missing} (${sentBack} of ${MAX_SEND_BACKS}; after that a person takes over.)` };
  if (state.run === undefined && role === 'fixer')
    await state.escalate(incident, `The agent stopped ${MAX_SEND_BACKS + 1} times without a verdict.`, 'partial');
  return { block: false };
}

function keyOf({ sessionId, agentId }: Agent, role: Role, { run }: Pick<StopState, 'run'>): string {
  return [run ?? sessionId, agentId, role].join('/');
}

async function missingCall(
  incident: string,
  role: Role,
  state: Pick<StopState, 'diagnosed' | 'ended' | 'part'>,
): Promise<string | undefined> {
  if (role === 'diagnostician')
    return (await state.diagnosed(incident))
      ? undefined
      : `${incident} has no diagnosis yet: end with record_diagnosis, with the confidence you really have.`;
  if (await state.ended(incident)) return undefined;
  if (state.part === 'plan')
    return `${incident} has no plan yet: call record_plan with 3 to 5 subtasks, or escalate with the reason and what you need.`;
  if (state.part === 'subtask')
    return `Your subtask of ${incident} has no verdict yet: call verify_fix, or escalate with the reason and what you need.`;
  return (await state.diagnosed(incident))
    ? `${incident} has no verdict yet: call verify_fix, then propose_pr on pass, or escalate with the reason and what you need, or dismiss_incident.`
    : `${incident} has no diagnosis yet: call record_diagnosis, or escalate with the reason and what you need.`;
}
