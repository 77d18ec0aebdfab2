/** When two calls are the same call. */
import type { ToolCall } from './happening.ts';

/** The identity of a call: equal for calls that ask for the same thing. At most 2,000 characters. */
export function normalInput(tool: string, input: Record<string, unknown>, cwd: string | null): string {
  throw new Error(`The input of ${tool} cannot be normalised yet: ${Object.keys(input)} in ${cwd}`);
}

/** The kind of a call: as `normalInput`, and numbers are masked too. */
export function callKind(call: ToolCall): string {
  return normalInput(call.tool, call.input, call.cwd);
}
