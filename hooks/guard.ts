/**
 * The guard behind the frequent hooks: the server hands it each event of `hooks.json` and returns its answer as the
 * hook's output. It enforces only in a healing run; every other session is left alone. When it cannot decide it says no.
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import { type CommandPolicy, judgeCommand } from './commands.ts';
import { judgeDiagnosisText } from './diagnosis-commands.ts';
import { type Role, roleOf } from './role.ts';
import { type Denial, type FixScope, judgeWrite } from './scope.ts';

/** What `hooks.json` hands over; the client turns a missing value into an empty string and an object into its JSON. */
export const guardInputSchema = z.object({
  event: z.string(),
  session_id: z.string().default(''),
  agent_id: z.string().default(''),
  agent_type: z.string().default(''),
  cwd: z.string().default(''),
  tool_name: z.string().default(''),
  tool_use_id: z.string().default(''),
  tool_input: z.string().default(''),
  finished_agent: z.string().default(''),
  finished_type: z.string().default(''),
  finished_status: z.string().default(''),
  command_name: z.string().default(''),
  command_args: z.string().default(''),
});
export type GuardInput = z.infer<typeof guardInputSchema>;

/** What the guard needs of the server that holds the fix. */
export interface GuardState {
  /** True in a run that `heal` started: every call is then judged. */
  headless: boolean;
  /** The fix that this agent is bound to, or undefined before `start_fix`. */
  scopeOf(agent: { sessionId: string; agentId: string }): Promise<FixScope | undefined>;
  /** Remembers which agent makes the `start_fix` call with this id, so that the call can be joined to it. */
  announceStart(call: { toolUseId: string; sessionId: string; agentId: string }): void;
  /** An agent has ended, however it ended. */
  agentFinished(agent: { sessionId: string; agentId: string; role: Role }): Promise<void>;
  /** Carries out a person's decision; the answer is for the person. */
  decide(decision: 'approve' | 'skip', incident: string): Promise<string>;
}

/** An answer in the client's hook format; `{}` leaves the event alone. */
export type HookOutput = Record<string, unknown>;

const WRITERS: Record<string, string> = {
  Write: 'file_path',
  Edit: 'file_path',
  MultiEdit: 'file_path',
  NotebookEdit: 'notebook_path',
};

export async function guard(raw: unknown, state: GuardState): Promise<HookOutput> {
  const input = guardInputSchema.parse(raw);
  switch (input.event) {
    case 'PreToolUse':
      return preToolUse(input, state);
    case 'PostToolUse':
      // An agent in the background is only launched when its call returns; its own SubagentStop ends it.
      if (input.finished_status === 'completed') await agentFinished(input, state);
      return {};
    case 'UserPromptExpansion':
      return decision(input, state);
    default:
      return {};
  }
}

async function agentFinished(input: GuardInput, state: GuardState): Promise<void> {
  const role = roleOf(input.finished_type);
  if (role) await state.agentFinished({ sessionId: input.session_id, agentId: input.finished_agent, role });
}

async function preToolUse(input: GuardInput, state: GuardState): Promise<HookOutput> {
  if (!state.headless && !roleOf(input.agent_type)) return {};
  if (input.tool_name.endsWith('__start_fix')) {
    state.announceStart({ toolUseId: input.tool_use_id, sessionId: input.session_id, agentId: input.agent_id });
    return {};
  }
  try {
    const denial = await judgeCall(input, state);
    return denial ? denied(denial) : {};
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return denied({
      rule: 'guard.undecided',
      reason: `Denied: the guard could not judge this call (${why}). Make it simpler, or call escalate.`,
    });
  }
}

async function judgeCall(input: GuardInput, state: GuardState): Promise<Denial | undefined> {
  const target = WRITERS[input.tool_name];
  if (!target && input.tool_name !== 'Bash') return undefined;
  const call = z.record(z.string(), z.unknown()).parse(JSON.parse(input.tool_input || '{}'));
  const role = roleOf(input.agent_type) ?? 'fixer';
  const scope = await state.scopeOf({ sessionId: input.session_id, agentId: input.agent_id });
  if (target) {
    if (role === 'diagnostician')
      return { rule: 'scope.diagnosis', reason: 'Denied: the diagnosis changes nothing. End with record_diagnosis.' };
    if (!scope)
      return { rule: 'scope.not_started', reason: 'Denied: no fix is open. Call start_fix with the incident first.' };
    return judgeWrite(scope, resolve(input.cwd, z.string().parse(call[target])));
  }
  const command = z.string().parse(call.command);
  if (!scope) {
    const problem = judgeDiagnosisText(command, input.cwd);
    return problem
      ? {
          rule: 'scope.not_started',
          reason: `Denied: ${problem}, and no fix is open. Call start_fix with the incident first.`,
        }
      : undefined;
  }
  const policy: CommandPolicy = { role, worktree: scope.worktree, judgeWrite: (path) => judgeWrite(scope, path) };
  const judged = judgeCommand(command, policy, input.cwd);
  return judged.allowed ? undefined : judged;
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

function denied(denial: Denial): HookOutput {
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: `${denial.reason} [${denial.rule}]`,
    },
  };
}
