/** The client's tools that change a file. */
import type { ToolCall } from './happening.ts';

/** Tool → the field of its input that names the file. */
export const WRITING_TOOLS: ReadonlyMap<string, string> = new Map([
  ['Write', 'file_path'],
  ['Edit', 'file_path'],
  ['MultiEdit', 'file_path'],
  ['NotebookEdit', 'notebook_path'],
]);

/** The file that a writing tool or `Read` is about; empty for others. */
export function pathOf({ input }: Pick<ToolCall, 'input'>): string {
  const path = input.file_path ?? input.notebook_path;
  return typeof path === 'string' ? path : '';
}
