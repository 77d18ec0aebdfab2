/** Whether a call can have changed files: false only for what is known to read. */
import type { ToolCall } from './happening.ts';

export function mayChangeFiles(call: Pick<ToolCall, 'tool' | 'input'>): boolean {
  throw new Error(`Whether ${call.tool} changes files is not known yet`);
}
