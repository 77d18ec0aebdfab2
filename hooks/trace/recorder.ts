/** Merges the hook events of many agents into happenings: each call once, in the order in which they came back. */
import type { Happening } from './happening.ts';
import type { HookEvent } from './hook-event.ts';

export class CallRecorder {
  /** What is complete with this event. A call's `tree` is null: who watches the tree puts it in. */
  see(event: HookEvent): Happening[] {
    throw new Error(`${event.event} cannot be recorded yet`);
  }
}
