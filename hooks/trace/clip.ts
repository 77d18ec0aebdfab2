/** What is kept of a call's output: the beginning and the end. */

/** 64 kB, as `ToolCall.output` promises. */
const LIMIT = 64_000;

export function clipOutput(text: string): string {
  if (text.length <= LIMIT) return text;
  const half = LIMIT / 2 - 40;
  return `${text.slice(0, half)}\n... [${text.length - 2 * half} characters truncated] ...\n${text.slice(-half)}`;
}
