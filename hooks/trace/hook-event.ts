/** The client's hook events that a trace is made of, parsed at the edge. */
export type HookEvent =
  | { event: 'PreToolUse'; session: string; agent: string; cwd: string; id: string; tool: string; input: Input }
  | {
      event: 'PostToolUse' | 'PostToolUseFailure';
      session: string;
      agent: string;
      cwd: string;
      id: string;
      tool: string;
      input: Input;
      output: string;
    }
  | { event: 'PostToolBatch'; session: string; agent: string; cwd: string; calls: BatchCall[] }
  | { event: 'UserPromptSubmit'; session: string; agent: string; prompt: string }
  | { event: 'PreCompact'; session: string; agent: string };

type Input = Record<string, unknown>;

export interface BatchCall {
  id: string;
  tool: string;
  input: Input;
  output: string;
}

/**
 * The event of a hook's JSON; undefined when it is none of these. Where a hook's interpolation made JSON text of an
 * object (`tool_input`, `tool_response`, `tool_calls`), that is read as well.
 */
export function parseHookEvent(payload: unknown): HookEvent | undefined {
  throw new Error(`${typeof payload} cannot be read yet`);
}
