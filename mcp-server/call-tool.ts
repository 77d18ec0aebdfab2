/** Carries out one `tools/call`: parses, checks the binding, runs, and turns the outcome into the protocol's result. */
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { describeError, type ErrorCode } from '../events/errors.ts';
import type { Binding } from './binding.ts';
import type { Tool, ToolCall } from './tool.ts';

/** Answers longer than this are cut, so that one call cannot fill the model's context. */
const MAX_TEXT = 60_000;

export async function callTool(
  tool: Tool,
  input: unknown,
  binding: Binding,
  open: () => Promise<ToolCall>,
): Promise<CallToolResult> {
  try {
    const parsed = tool.input.safeParse(input ?? {});
    if (!parsed.success)
      return failure('bad_input', `${tool.name}: ${problems(parsed.error)}`, 'Call it again with the input corrected.');
    const call = await open();
    const incident = incidentOf(parsed.data);
    await binding.check(tool.binding, incident, call.bench);
    const answer = await tool.run(parsed.data, call);
    if (tool.binding === 'binds' && incident) binding.bind(incident);
    const value = tool.output.parse(answer.value);
    return {
      content: [{ type: 'text', text: clip(answer.text) }],
      structuredContent: value as Record<string, unknown>,
    };
  } catch (error) {
    const { code, message, next, bug } = describeError(error);
    if (bug) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return failure(code, message, next);
  }
}

/** A failed call: the code first, then what is wrong, then what to do next. */
export function failure(code: ErrorCode, message: string, next: string): CallToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: clip(`${code}: ${message}${next ? `\nNext: ${next}` : ''}`) }],
  };
}

/** The incident that a call is about. */
export function incidentOf(input: unknown): string | undefined {
  const found = z.object({ incident: z.string() }).safeParse(input);
  return found.success ? found.data.incident : undefined;
}

function problems(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
}

function clip(text: string): string {
  return text.length > MAX_TEXT
    ? `${text.slice(0, MAX_TEXT)}\n… (${text.length - MAX_TEXT} characters left out)`
    : text;
}
