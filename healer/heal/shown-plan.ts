/** The plan as the parent saw it being recorded: an agent's shell could write the row, so the stream counts. */
import { z } from 'zod';
import { type Subtask, subtaskSchema } from '../fixes/subtask.ts';
import type { StreamEvent } from '../runs/stream.ts';

const callSchema = z.object({ incident: z.string(), subtasks: z.array(subtaskSchema) });

/** Of the last call of `record_plan` that the server accepted; undefined when there is none. */
export function shownPlan(events: readonly StreamEvent[], incident: string): Subtask[] | undefined {
  const accepted = new Set(
    events.flatMap((event) => (event.kind === 'tool_result' && !event.isError ? [event.id] : [])),
  );
  return events
    .flatMap((event) => {
      if (event.kind !== 'tool_use' || !event.name.endsWith('living-context__record_plan')) return [];
      const call = callSchema.safeParse(event.input);
      return accepted.has(event.id) && call.success && call.data.incident === incident ? [call.data.subtasks] : [];
    })
    .at(-1);
}
