/**
 * The calls of a finished run that came back before a guard had answered for them, told from the parent's own stream: a
 * hook that times out lets its call pass without a word.
 */
import type { StreamEvent, ToolUse } from './stream.ts';

/** Oldest first; without those that never ran (an invalid input, an edit that did not apply, a denial). */
export function unguardedCalls(events: readonly StreamEvent[]): ToolUse[] {
  const open = new Map<string, ToolUse>();
  /** How many calls of a tool a guard has answered for, and how many have come back. */
  const answered = new Map<string, number>();
  const back = new Map<string, number>();
  const unguarded: ToolUse[] = [];
  for (const event of events) {
    if (event.kind === 'tool_use') open.set(event.id, event);
    // Ours always answers with JSON; hooks of the person's own may stand beside it.
    if (event.kind === 'hook_response' && event.event === 'PreToolUse' && event.ok && event.text.startsWith('{'))
      bump(answered, event.name.slice('PreToolUse:'.length));
    if (event.kind !== 'tool_result') continue;
    const call = open.get(event.id);
    if (call === undefined || (event.isError && event.text.startsWith('<tool_use_error>'))) continue;
    if (bump(back, call.name) <= (answered.get(call.name) ?? 0)) continue;
    // The next one of the tool is not held to the answer that this one lacked.
    bump(back, call.name, -1);
    unguarded.push(call);
  }
  return unguarded;
}

function bump(counts: Map<string, number>, name: string, by = 1): number {
  const count = (counts.get(name) ?? 0) + by;
  counts.set(name, count);
  return count;
}
