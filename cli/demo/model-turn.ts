/**
 * What a scripted model is told when its turn comes: one request of the Messages API, read into the few facts a script
 * decides by. Everything is derived from the request itself, so retries and parallel sessions need no state.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

const blockSchema = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() }),
  z.object({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).optional(),
    is_error: z.boolean().optional(),
  }),
  z.looseObject({ type: z.string() }),
]);

export const modelRequestSchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  system: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]).optional(),
  messages: z.array(z.object({ role: z.string(), content: z.union([z.string(), z.array(blockSchema)]) })),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
});
export type ModelRequest = z.infer<typeof modelRequestSchema>;
type Message = ModelRequest['messages'][number];

export type PlayedAgent = 'diagnostician' | 'self-healing' | 'main';

export interface ToolResult {
  text: string;
  isError: boolean;
}

export interface Turn {
  /** Which agent speaks, by the words its own text opens with; `main` is a session without one of our agents. */
  agent: PlayedAgent;
  /** How many messages the model has already written in this conversation: 0 for its first. */
  step: number;
  model: string;
  system: string;
  messages: Message[];
  /** All that was put before the model since its last message, tool results apart: prompts, reminders, hook feedback. */
  told: string;
  /** Results of the tool calls of its last message, in order. */
  lastToolResults: string[];
  /** The same with their error marks. */
  results: ToolResult[];
  /** Every tool result of the conversation, oldest first. */
  allResults: ToolResult[];
  /** Names of the tools on offer. */
  tools: string[];
  headers: IncomingHttpHeaders;
}

/** Every agent's text opens with these words; the rest of the system text (paths, lists) may name both. */
const AGENT_MARK = /\bYou are (?:the )?[*_`"]{0,3}(diagnostician|self-healing)\b/;

/** The client writes this answer itself when it resumes an interrupted conversation; no model said it. */
const SYNTHETIC_ANSWER = 'No response requested.';

export function readTurn(request: ModelRequest, headers: IncomingHttpHeaders): Turn {
  const system = systemText(request);
  const { messages } = request;
  const lastAnswer = messages.findLastIndex((message) => message.role === 'assistant');
  const since = messages.slice(lastAnswer + 1);
  const results = since.flatMap(toolResults);
  return {
    agent: playedAgent(system),
    step: messages.filter((message) => message.role === 'assistant' && plainText(message) !== SYNTHETIC_ANSWER).length,
    model: request.model,
    system,
    messages,
    told: since.map(plainText).join('\n'),
    lastToolResults: results.map((result) => result.text),
    results,
    allResults: messages.flatMap(toolResults),
    tools: (request.tools ?? []).map((tool) => tool.name),
    headers,
  };
}

function playedAgent(system: string): PlayedAgent {
  const mark = AGENT_MARK.exec(system)?.[1];
  return mark === 'diagnostician' || mark === 'self-healing' ? mark : 'main';
}

function systemText(request: ModelRequest): string {
  const { system } = request;
  if (system === undefined || typeof system === 'string') return system ?? '';
  return system.map((block) => block.text ?? '').join('\n');
}

function plainText(message: Message): string {
  if (typeof message.content === 'string') return message.content;
  return message.content
    .flatMap((block) => ('text' in block && typeof block.text === 'string' ? [block.text] : []))
    .join('\n');
}

function toolResults(message: Message): ToolResult[] {
  if (typeof message.content === 'string') return [];
  return message.content.flatMap((block) => {
    const result = toolResultSchema.safeParse(block);
    return result.success ? [{ text: resultText(result.data.content), isError: result.data.is_error ?? false }] : [];
  });
}

const toolResultSchema = blockSchema.options[2];

function resultText(content: z.infer<typeof toolResultSchema>['content']): string {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return content.flatMap((part) => (typeof part.text === 'string' ? [part.text] : [])).join('\n');
}
