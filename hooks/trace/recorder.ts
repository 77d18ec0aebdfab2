/**
 * Merges the hook events of many agents into happenings: each call once, as soon as it is known how it ended.
 *
 * A call that ran is told by its own event (PostToolUse, PostToolUseFailure) and again by the batch; what never ran
 * (invalid input, a failed edit, a denial) only the batch tells. Events may be doubled, late, or missing.
 */
import { clipOutput } from './clip.ts';
import type { Happening, ToolCall } from './happening.ts';
import type { BatchCall, HookEvent } from './hook-event.ts';
import { outcomeOf } from './outcome.ts';

/** Ids remembered, so that a late second telling is known as one: of many hours of work. */
const REMEMBERED = 20_000;
/** Calls that were asked for and have not come back; a client runs some ten at once. */
const MAX_OPEN = 1_000;

export class CallRecorder {
  /** Calls that were asked for, and the folder in which they started. */
  private readonly open = new Map<string, { cwd: string | null }>();
  private readonly told = new Set<string>();

  /** What is complete with this event. A call's `tree` is null: who watches the tree puts it in. */
  see(event: HookEvent): Happening[] {
    const { agent } = event;
    switch (event.event) {
      case 'PreToolUse':
        this.ask(event);
        return [];
      case 'PostToolUse':
        return this.tell(event, event, 'ok');
      case 'PostToolUseFailure':
        return this.tell(event, event, 'error');
      case 'PostToolBatch':
        return event.calls.flatMap((call) => this.tell(event, call, outcomeInBatch(call)));
      case 'UserPromptSubmit':
        return [{ kind: 'prompt', agent, text: event.prompt }];
      case 'PreCompact':
        return [{ kind: 'compaction', agent }];
      default:
        return event satisfies never;
    }
  }

  private ask(event: Extract<HookEvent, { event: 'PreToolUse' }>): void {
    const key = keyOf(event, event.id);
    if (this.told.has(key) || this.open.has(key)) return;
    this.open.set(key, { cwd: event.cwd });
    forgetOldest(this.open, MAX_OPEN);
  }

  private tell(event: HookEvent, call: BatchCall, outcome: ToolCall['outcome']): Happening[] {
    const key = keyOf(event, call.id);
    if (this.told.has(key)) return [];
    const asked = this.open.get(key);
    this.open.delete(key);
    this.told.add(key);
    forgetOldest(this.told, REMEMBERED);
    return [
      {
        kind: 'call',
        agent: event.agent,
        id: call.id,
        tool: call.tool,
        input: call.input,
        outcome,
        output: clipOutput(call.output),
        // `cd` moves the client's folder, which the events after the call tell: where it ran is what came before.
        cwd: asked?.cwd ?? event.cwd,
        tree: null,
      },
    ];
  }
}

/** The batch has no mark of failure. What no event of its own has told did not run, whatever the text says. */
function outcomeInBatch({ tool, output }: BatchCall): ToolCall['outcome'] {
  return outcomeOf({ tool, text: output, isError: undefined }) === 'error' ? 'error' : 'refused';
}

function keyOf({ session, agent }: HookEvent, id: string): string {
  return JSON.stringify([session, agent, id]);
}

function forgetOldest(kept: Map<string, unknown> | Set<string>, limit: number): void {
  if (kept.size <= limit) return;
  const [oldest] = kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
}
