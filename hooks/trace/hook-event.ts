/**
 * The client's hook events that a trace is made of, parsed at the edge. A server gets them through `mcp_tool` hooks, whose
 * interpolation makes JSON text of an object and an empty text of what is missing; both are read back.
 */
import { z } from 'zod';

type Input = Record<string, unknown>;

interface From {
  session: string;
  /** The subagent's id; empty for the main conversation. */
  agent: string;
  /** Null where the event does not say. */
  cwd: string | null;
}

export interface BatchCall {
  id: string;
  tool: string;
  input: Input;
  /** What the model reads. */
  output: string;
}

export type HookEvent = From &
  (
    | { event: 'PreToolUse'; id: string; tool: string; input: Input }
    | ({ event: 'PostToolUse' | 'PostToolUseFailure' } & BatchCall)
    | { event: 'PostToolBatch'; calls: BatchCall[] }
    | { event: 'UserPromptSubmit'; prompt: string }
    | { event: 'PreCompact' }
  );

const text = z.string().nullish().catch(null);
const fromSchema = z.looseObject({ hook_event_name: z.string(), session_id: z.string(), agent_id: text, cwd: text });
const inputSchema = z.preprocess(fromJsonText, z.record(z.string(), z.unknown()).catch({}));
const callSchema = z.object({ tool_use_id: z.string().min(1), tool_name: z.string().min(1), tool_input: inputSchema });
const schemas = {
  pre: callSchema,
  post: callSchema.extend({ tool_response: z.unknown().optional() }),
  failure: callSchema.extend({ error: z.string().catch('') }),
  batch: z.object({
    tool_calls: z.preprocess(fromJsonText, z.array(callSchema.extend({ tool_response: z.unknown().optional() }))),
  }),
  prompt: z.object({ prompt: z.string() }),
};

/** The event of a hook's JSON; undefined when it is none of these, or not of their form. */
export function parseHookEvent(payload: unknown): HookEvent | undefined {
  const read = fromSchema.safeParse(payload);
  if (!read.success) return undefined;
  const { hook_event_name: event, session_id: session, agent_id, cwd } = read.data;
  const from: From = { session, agent: agent_id ?? '', cwd: cwd || null };
  switch (event) {
    case 'PreToolUse':
      return parsed(schemas.pre, payload, (call) => ({ ...from, event, ...named(call) }));
    case 'PostToolUse':
      return parsed(schemas.post, payload, (call) => ({ ...from, event, ...finished(call, call.tool_response) }));
    case 'PostToolUseFailure':
      return parsed(schemas.failure, payload, (call) => ({ ...from, event, ...finished(call, call.error) }));
    case 'PostToolBatch':
      return parsed(schemas.batch, payload, ({ tool_calls }) => ({
        ...from,
        event,
        calls: tool_calls.map((call) => finished(call, call.tool_response)),
      }));
    case 'UserPromptSubmit':
      return parsed(schemas.prompt, payload, ({ prompt }) => ({ ...from, event, prompt }));
    case 'PreCompact':
      return { ...from, event };
    default:
      return undefined;
  }
}

function parsed<T>(schema: z.ZodType<T>, payload: unknown, make: (data: T) => HookEvent): HookEvent | undefined {
  const read = schema.safeParse(payload);
  return read.success ? make(read.data) : undefined;
}

type Call = z.infer<typeof callSchema>;

function named({ tool_use_id: id, tool_name: tool, tool_input: input }: Call) {
  return { id, tool, input };
}

function finished(call: Call, response: unknown): BatchCall {
  return { ...named(call), output: outputText(response) };
}

/**
 * What the model reads of a tool's response. Each built-in tool has its own shape; a shape that is not known is told as
 * JSON, which compares as well.
 */
function outputText(raw: unknown): string {
  if (raw === undefined || raw === null) return '';
  if (typeof raw !== 'string') return textOfShape(raw);
  const value = fromJsonText(raw);
  return typeof value === 'string' ? value : textOfShape(value, raw);
}

function textOfShape(value: unknown, asText?: string): string {
  if (Array.isArray(value) && value.length > 0 && value.every((block) => typeof block?.type === 'string'))
    return value
      .flatMap((block: { text?: unknown }) => (typeof block.text === 'string' ? [block.text] : []))
      .join('\n');
  const shape = z.looseObject({}).safeParse(value).data ?? {};
  if (typeof shape.stdout === 'string') return [shape.stdout, shape.stderr].filter(isSaid).join('\n');
  const file = z.looseObject({ content: z.string() }).safeParse(shape.file);
  if (file.success) return file.data.content;
  // Whole files before and after an edit: what was asked for says the same, shorter.
  if (typeof shape.filePath === 'string' && 'structuredPatch' in shape)
    return `${shape.filePath}\n${JSON.stringify(shape.structuredPatch)}`;
  return asText ?? JSON.stringify(value) ?? '';
}

function isSaid(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Objects and arrays that interpolation has made text of; every other value as it is. */
function fromJsonText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s{0,20}[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
