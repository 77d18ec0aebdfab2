/** Reads JSONL of `{tool, input, output?, error?, tree?, cwd?, agent?}`. */
import type { ReadLines } from './placed.ts';

/** Never throws: a line that cannot be read becomes a problem. */
export function readNeutral(text: string): ReadLines {
  throw new Error(`${text.length} characters cannot be read yet`);
}
