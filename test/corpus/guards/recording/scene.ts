/** One run to record: a small repository, what the person types, and what the model plays in it. */
import { bash, type Reply, say, type ToolCall, use } from '../../../../cli/demo/model-reply.ts';
import type { LoopRule } from '../../../../hooks/rules.ts';

/** What is known of one recorded file; steps count the model's calls from 1, later turned into lines. */
export type Told =
  | { label: 'loop'; rule: LoopRule; pattern: string; fromCall: number; byCall: number }
  | { label: 'legitimate'; near: LoopRule; pattern: string };

export interface Scene {
  id: string;
  about: string;
  files: Record<string, string>;
  /** Each on top of the one before, committed on its own. */
  commits?: Record<string, string>[];
  /** Typed one after the other, each after the answer to the one before. */
  prompts: string[];
  main: Reply[];
  /** What is known of the main conversation; left out where it only sends agents. */
  told?: Told;
  /** Subagents by the word that their prompt begins with. */
  agents?: Record<string, { replies: Reply[]; told: Told }>;
  /** Default: Read, Edit, Write and Bash. */
  allowed?: string[];
}

/** Stands for the repository's folder in a scene's calls. */
export const ROOT = '{root}';

export const sh = (command: string): Reply => use(bash(command));
export const read = (path: string, range: { offset?: number; limit?: number } = {}): Reply =>
  use(readCall(path, range));
export const edit = (path: string, from: string, to: string): Reply => use(editCall(path, from, to));
export const write = (path: string, content: string): Reply =>
  use({ name: 'Write', input: { file_path: `${ROOT}/${path}`, content } });
export const send = (...prompts: string[]): Reply => use(...prompts.map(agentCall));
export { say };

export function readCall(path: string, range: { offset?: number; limit?: number } = {}): ToolCall {
  return { name: 'Read', input: { file_path: `${ROOT}/${path}`, ...range } };
}

function editCall(path: string, from: string, to: string): ToolCall {
  return { name: 'Edit', input: { file_path: `${ROOT}/${path}`, old_string: from, new_string: to } };
}

function agentCall(prompt: string): ToolCall {
  const input = {
    description: prompt.slice(0, 40),
    prompt,
    subagent_type: 'general-purpose',
    run_in_background: false,
  };
  return { name: 'Agent', input };
}

export function times(count: number, make: (turn: number) => Reply[]): Reply[] {
  return Array.from({ length: count }, (_, turn) => make(turn + 1)).flat();
}

/** With a few words before each call, as models do. */
export function spoken(replies: Reply[]): Reply[] {
  const words = ['I look at this first.', 'Now the next step.', 'Let me see what that gives.', 'That tells me more.'];
  return replies.map((reply, at) =>
    reply.kind === 'use' ? { ...reply, text: words[at % words.length] ?? '' } : reply,
  );
}
