/** What a tool is: one declaration with a short `run`. `call-tool.ts` does everything that is the same for all. */
import type { z } from 'zod';
import type { JudgedFinding } from '../gate/judged-finding.ts';
import type { Workbench } from '../healer/workbench.ts';
import type { PersonAnswer, Question } from './person.ts';

/** Hints for the client, in the protocol's terms. */
interface Annotations {
  readOnlyHint: boolean;
  destructiveHint?: boolean;
  idempotentHint?: boolean;
}

export interface ToolCall {
  bench: Workbench;
  /** Aborted when the client cancels the call or goes away. */
  signal: AbortSignal;
  /** One line about what is being done, for clients that show it. */
  progress(text: string): void;
  /** Asks the person in this session and waits for a bounded time; other calls go on meanwhile. */
  ask(question: Question): Promise<PersonAnswer>;
  /** What the agents of a fix did that no hook of this session saw, judged now. */
  judgeUnseen(incident: string): Promise<JudgedFinding[]>;
}

export interface Answer<Value> {
  /** For the model. Text from outside stands in it only inside a marked block. */
  text: string;
  /** The same as data; must satisfy the output schema. */
  value: Value;
}

export interface Tool<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  name: string;
  title: string;
  description: string;
  input: Input;
  output: Output;
  annotations: Annotations;
  /**
   * How the tool stands to the one incident a server is bound to: `reads` anything; `changes` only the bound incident;
   * `drafts` the same, or something without force that belongs to none while nothing is bound; `binds` the server to the
   * incident it is called with; `records` something new that belongs to no incident yet.
   */
  binding: 'reads' | 'changes' | 'drafts' | 'binds' | 'records';
  run(input: z.output<Input>, call: ToolCall): Promise<Answer<z.input<Output>>>;
}

/** Declares a tool; the types of `run` follow from the schemas. */
export function tool<Input extends z.ZodType, Output extends z.ZodType>(declaration: Tool<Input, Output>): Tool {
  return declaration as unknown as Tool;
}
