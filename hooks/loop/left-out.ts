/** Calls that no rule counts: they neither repeat anything nor stand between two things. */
import { ownTool } from '../own-server.ts';
import type { ToolCall } from '../trace/happening.ts';
import { onlyWaits } from './waiting-output.ts';

/** The agent's own notes. */
const NOTES = new Set(['TodoWrite', 'TodoRead', 'TaskCreate', 'TaskUpdate', 'TaskList', 'TaskGet']);
/** What our own server only tells. */
const OWN_READING = new Set(['list_incidents', 'get_context', 'get_impact', 'search_incidents']);

export function isLeftOut(call: Pick<ToolCall, 'tool' | 'input'>): boolean {
  return NOTES.has(call.tool) || OWN_READING.has(ownTool(call.tool) ?? '') || onlyWaits(call);
}
