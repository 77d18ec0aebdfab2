/** What a scripted model can answer, and how that answer looks on the wire of the Messages API. */
import { randomBytes } from 'node:crypto';
import { TOOL_PREFIX } from '../../hooks/own-server.ts';

export interface ToolCall {
  name: string;
  input: Record<string, unknown>;
}

/** Token counts reported for one answer; the client computes its cost from them. */
export interface Usage {
  input: number;
  output: number;
}

export type Reply = (
  | { kind: 'say'; text: string; usage?: Usage }
  /** Tool calls, run by the client in this order; `text` goes before them. */
  | { kind: 'use'; calls: ToolCall[]; text?: string; usage?: Usage }
  /** An HTTP error such as 529 `overloaded_error`; `retryAfter` in seconds. */
  | { kind: 'fail'; status: number; type: string; message?: string; retryAfter?: number }
  /** The connection breaks in the middle of the answer. */
  | { kind: 'cut' }
  /** The request is taken and never answered. */
  | { kind: 'hang' }
) & {
  /** Wait this long before answering. */
  delayMs?: number;
};
type Message = Extract<Reply, { kind: 'say' | 'use' }>;

export function say(text: string): Reply {
  return { kind: 'say', text };
}

export function use(...calls: ToolCall[]): Reply {
  return { kind: 'use', calls };
}

/** A call of one of our own server's tools, under the name by which the client offers it. */
export function livingContext(tool: string, input: Record<string, unknown>): ToolCall {
  return { name: `${TOOL_PREFIX}${tool}`, input };
}

export function bash(command: string): ToolCall {
  return { name: 'Bash', input: { command, description: command.slice(0, 60) } };
}

type Block =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; input: Record<string, unknown> };

interface WireMessage {
  id: string;
  type: 'message';
  role: 'assistant';
  model: string;
  content: Block[];
  stop_reason: 'tool_use' | 'end_turn';
  stop_sequence: null;
  usage: { input_tokens: number; output_tokens: number };
}

/** The whole answer as one message, as the API gives it to a request without `stream`. */
export function wireMessage(reply: Message, model: string, requestBytes: number): WireMessage {
  const content: Block[] = [];
  if (reply.text !== undefined) content.push({ type: 'text', text: reply.text });
  if (reply.kind === 'use')
    for (const call of reply.calls) content.push({ type: 'tool_use', id: uniqueId('toolu'), ...call });
  return {
    id: uniqueId('msg'),
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: reply.kind === 'use' ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: reply.usage?.input ?? tokens(requestBytes),
      output_tokens: reply.usage?.output ?? tokens(JSON.stringify(content).length),
    },
  };
}

/** The same message as the server-sent events of a streaming answer, one string per event. */
export function wireEvents(message: WireMessage): string[] {
  const { output_tokens } = message.usage;
  const opening = { ...message, content: [], stop_reason: null, usage: { ...message.usage, output_tokens: 1 } };
  return [
    event({ type: 'message_start', message: opening }),
    ...message.content.flatMap((block, index) => [
      event({ type: 'content_block_start', index, content_block: emptied(block) }),
      event({ type: 'content_block_delta', index, delta: delta(block) }),
      event({ type: 'content_block_stop', index }),
    ]),
    event({
      type: 'message_delta',
      delta: { stop_reason: message.stop_reason, stop_sequence: null },
      usage: { output_tokens },
    }),
    event({ type: 'message_stop' }),
  ];
}

function emptied(block: Block): Block {
  return block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} };
}

function delta(block: Block): { type: string; text: string } | { type: string; partial_json: string } {
  return block.type === 'text'
    ? { type: 'text_delta', text: block.text }
    : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
}

function event(data: { type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The client drops a tool call whose id it has seen before in the session. */
function uniqueId(kind: 'msg' | 'toolu'): string {
  return `${kind}_${randomBytes(12).toString('hex')}`;
}

/** About four bytes to a token: near enough for a cost figure that is plausible. */
function tokens(bytes: number): number {
  return Math.max(1, Math.round(bytes / 4));
}
