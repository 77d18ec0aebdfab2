/**
 * The client's stream-json, line by line, as typed events. A line that is no event of these (another version's, half a
 * line of a killed client, garbage) is `other`: a run is never lost to the form of its messages.
 */
import { z } from 'zod';
import { readBlock, resultText } from '../../hooks/trace/claude-block.ts';

export interface Init {
  kind: 'init';
  sessionId: string;
  model: string;
  version: string;
  tools: string[];
  agents: string[];
  plugins: string[];
  pluginErrors: string[];
  servers: { name: string; status: string }[];
  /** Where the client's key comes from: `ANTHROPIC_API_KEY`, `apiKeyHelper`, `none` for a login, …; empty when it does not say. */
  apiKeySource: string;
}

/** Of one answer of the API; each of its blocks tells the same again. */
export interface Usage {
  kind: 'usage';
  message: string;
  model: string;
  /** Tokens that were neither read from the cache nor written to it. */
  input: number;
  cacheWrite: number;
  cacheRead: number;
  /** As its first event told, which is long before its end. */
  output: number;
  /** Characters of this block. */
  characters: number;
}

export interface ToolUse {
  kind: 'tool_use';
  id: string;
  name: string;
  input: Record<string, unknown>;
}

export interface ToolResult {
  kind: 'tool_result';
  id: string;
  isError: boolean;
  text: string;
}

/** A hook that has answered, of whoever it is. */
export interface HookResponse {
  kind: 'hook_response';
  event: string;
  name: string;
  ok: boolean;
  /** What it said, on whichever channel. */
  text: string;
}

export interface RunResult {
  kind: 'result';
  subtype: string;
  isError: boolean;
  terminalReason: string | null;
  apiErrorStatus: number | null;
  text: string;
  sessionId: string | null;
  turns: number | null;
  costUsd: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
}

export type StreamEvent =
  | Init
  | { kind: 'text'; text: string }
  | ToolUse
  | ToolResult
  | HookResponse
  | Usage
  /** The client waits before it asks the API again. */
  | { kind: 'api_retry'; attempt: number; delayMs: number; status: number | null }
  | RunResult
  | { kind: 'other' };

const strings = z.array(z.string()).catch([]);
const initSchema = z.object({
  session_id: z.string(),
  model: z.string().catch(''),
  claude_code_version: z.string().catch(''),
  tools: strings,
  agents: strings,
  plugins: z.array(z.object({ name: z.string() })).catch([]),
  plugin_errors: z.array(z.unknown()).catch([]),
  mcp_servers: z.array(z.object({ name: z.string(), status: z.string() })).catch([]),
  apiKeySource: z.string().catch(''),
});
const hookSchema = z.object({
  hook_event: z.string().catch(''),
  hook_name: z.string().catch(''),
  outcome: z.string().catch(''),
  exit_code: z.number().nullable().catch(null),
  output: z.string().catch(''),
  stdout: z.string().catch(''),
  stderr: z.string().catch(''),
});
const retrySchema = z.object({
  attempt: z.number().catch(1),
  retry_delay_ms: z.number().catch(0),
  error_status: z.number().nullable().catch(null),
});
const number = z.number().nullable().catch(null);
const resultSchema = z.object({
  subtype: z.string().catch(''),
  is_error: z.boolean().catch(true),
  terminal_reason: z.string().nullable().catch(null),
  api_error_status: number,
  result: z.string().catch(''),
  errors: z.array(z.unknown()).catch([]),
  session_id: z.string().nullable().catch(null),
  num_turns: number,
  total_cost_usd: number,
  usage: z
    .object({
      input_tokens: z.number().catch(0),
      cache_creation_input_tokens: z.number().catch(0),
      cache_read_input_tokens: z.number().catch(0),
      output_tokens: z.number().catch(0),
    })
    .nullable()
    .catch(null),
});
const messageSchema = z.object({ message: z.object({ content: z.union([z.string(), z.array(z.unknown())]) }) });
const tokens = z.number().nonnegative().catch(0);
const usageSchema = z.object({
  message: z.object({
    id: z.string(),
    model: z.string().catch(''),
    content: z.array(z.unknown()).catch([]),
    usage: z.object({
      input_tokens: tokens,
      cache_creation_input_tokens: tokens,
      cache_read_input_tokens: tokens,
      output_tokens: tokens,
    }),
  }),
});
const envelopeSchema = z.looseObject({ type: z.string(), subtype: z.string().optional() });

/** The events of one line; a message may hold several. */
export function parseLine(line: string): StreamEvent[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return [{ kind: 'other' }];
  }
  const envelope = envelopeSchema.safeParse(parsed);
  if (!envelope.success) return [{ kind: 'other' }];
  const { type, subtype } = envelope.data;
  if (type === 'user') return messageEvents(type, parsed);
  if (type === 'assistant') return [...messageEvents(type, parsed), ...usage(parsed)];
  if (type === 'result') return [result(parsed)];
  if (type !== 'system') return [{ kind: 'other' }];
  switch (subtype) {
    case 'init':
      return [init(parsed)];
    case 'hook_response':
      return [hook(parsed)];
    case 'api_retry': {
      const retry = retrySchema.parse(parsed);
      return [{ kind: 'api_retry', attempt: retry.attempt, delayMs: retry.retry_delay_ms, status: retry.error_status }];
    }
    default:
      return [{ kind: 'other' }];
  }
}

function init(parsed: unknown): StreamEvent {
  const read = initSchema.safeParse(parsed);
  if (!read.success) return { kind: 'other' };
  const { data } = read;
  return {
    kind: 'init',
    sessionId: data.session_id,
    model: data.model,
    version: data.claude_code_version,
    tools: data.tools,
    agents: data.agents,
    plugins: data.plugins.map(({ name }) => name),
    pluginErrors: data.plugin_errors.map((error) => (typeof error === 'string' ? error : JSON.stringify(error))),
    servers: data.mcp_servers,
    apiKeySource: data.apiKeySource,
  };
}

function hook(parsed: unknown): StreamEvent {
  const data = hookSchema.parse(parsed);
  return {
    kind: 'hook_response',
    event: data.hook_event,
    name: data.hook_name,
    ok: data.outcome === 'success',
    text: [data.stderr, data.stdout, data.output].find((text) => text.trim() !== '') ?? '',
  };
}

function result(parsed: unknown): StreamEvent {
  const data = resultSchema.parse(parsed);
  const { usage } = data;
  return {
    kind: 'result',
    subtype: data.subtype,
    isError: data.is_error,
    terminalReason: data.terminal_reason,
    apiErrorStatus: data.api_error_status,
    text:
      data.result || data.errors.map((error) => (typeof error === 'string' ? error : JSON.stringify(error))).join('\n'),
    sessionId: data.session_id,
    turns: data.num_turns,
    costUsd: data.total_cost_usd,
    inputTokens: usage ? usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens : null,
    outputTokens: usage ? usage.output_tokens : null,
  };
}

/** None where the client says nothing of it. */
function usage(parsed: unknown): Usage[] {
  const read = usageSchema.safeParse(parsed);
  if (!read.success) return [];
  const { id, model, content, usage: told } = read.data.message;
  return [
    {
      kind: 'usage',
      message: id,
      model,
      input: told.input_tokens,
      cacheWrite: told.cache_creation_input_tokens,
      cacheRead: told.cache_read_input_tokens,
      output: told.output_tokens,
      characters: content.reduce((sum: number, block) => sum + JSON.stringify(block).length, 0),
    },
  ];
}

function messageEvents(role: 'assistant' | 'user', parsed: unknown): StreamEvent[] {
  const read = messageSchema.safeParse(parsed);
  if (!read.success) return [{ kind: 'other' }];
  const { content } = read.data.message;
  if (typeof content === 'string') return [{ kind: 'other' }];
  return content.map((raw): StreamEvent => {
    const block = readBlock(raw);
    switch (block?.type) {
      case undefined:
        return { kind: 'other' };
      case 'text':
        return role === 'assistant' ? { kind: 'text', text: block.text } : { kind: 'other' };
      case 'tool_use':
        return { kind: 'tool_use', id: block.id, name: block.name, input: block.input };
      case 'tool_result':
        return {
          kind: 'tool_result',
          id: block.tool_use_id,
          isError: block.is_error === true,
          text: resultText(block),
        };
      default:
        return block satisfies never;
    }
  });
}

/** Cuts a stream of text into lines; what is longer than any real message is dropped up to its end. */
export function lineReader(onLine: (line: string) => void, longest = 32 * 1024 * 1024) {
  let pending = '';
  let dropping = false;
  return {
    add(text: string): void {
      const lines = (pending + text).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        if (!dropping && line.trim() !== '') onLine(line);
        dropping = false;
      }
      if (pending.length <= longest) return;
      pending = '';
      dropping = true;
    },
    /** What came after the last line end. */
    end(): void {
      if (!dropping && pending.trim() !== '') onLine(pending);
      pending = '';
    },
  };
}
