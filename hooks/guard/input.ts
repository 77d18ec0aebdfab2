/** What `hooks.json` hands to the guard; the client turns a missing value into an empty string and an object into its JSON. */
import { z } from 'zod';

const text = z.string().default('');

export const guardInputSchema = z.object({
  event: z.string(),
  session_id: text,
  /** The session's transcript; a subagent's lies beside it. */
  transcript_path: text,
  /** The same from one thing a person says to the next. */
  prompt_id: text,
  agent_id: text,
  agent_type: text,
  cwd: text,
  tool_name: text,
  tool_use_id: text,
  tool_input: text,
  /** Of a call that failed. */
  error: text,
  /** Of a whole turn: `[{tool_name, tool_input, tool_use_id, tool_response}]`. */
  tool_calls: text,
  finished_agent: text,
  finished_type: text,
  finished_status: text,
  command_name: text,
  command_args: text,
  /** Of an agent that would end: its last words. */
  last_assistant_message: text,
});
export type GuardInput = z.infer<typeof guardInputSchema>;

/** One agent of one session; `agentId` is empty for the main conversation. */
export interface Agent {
  sessionId: string;
  agentId: string;
}

export function agentOf(input: GuardInput): Agent {
  return { sessionId: input.session_id, agentId: input.agent_id };
}

export function agentKey({ sessionId, agentId }: Agent): string {
  return `${sessionId}/${agentId}`;
}
