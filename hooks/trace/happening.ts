/**
 * What happens in a run, one thing after the other, in one shape whoever tells it: the hooks of a live session, a run's
 * stream, a transcript, or a file in the neutral format of `replay`.
 */
export type Happening = ToolCall | Prompt | Text | Compaction;

/** A call that has come back. */
export interface ToolCall {
  kind: 'call';
  /** The client's id of the subagent; empty for the main conversation. */
  agent: string;
  /** The client's id of the call; empty where the source has none. */
  id: string;
  /** The client's name: `Bash`, `Edit`, `mcp__…`. */
  tool: string;
  input: Record<string, unknown>;
  /**
   * `error`: it ran and failed (exit code, missing file); `refused`: it never ran, because its input was invalid, an edit
   * did not apply, or somebody denied it.
   */
  outcome: 'ok' | 'error' | 'refused';
  /** What the model read; may be cut, never longer than 64 kB. */
  output: string;
  /** The folder it ran in; null where the source does not say. */
  cwd: string | null;
  /** Git tree of the worktree as the call found or left it; null where nobody looked. */
  tree: string | null;
}

/** A person, or who speaks in their place, said something new. */
export interface Prompt {
  kind: 'prompt';
  agent: string;
  text: string;
}

/** The model said something without calling a tool in the same breath. */
export interface Text {
  kind: 'text';
  agent: string;
  text: string;
}

/** The conversation was shortened: the model does not remember what it read. */
export interface Compaction {
  kind: 'compaction';
  agent: string;
}
