/**
 * What one event of `hooks.json` tells the recorder. The client's own word for each call that went well (PostToolUse) is
 * not listened to: it would cost every call more than all the rest, and the turn, which names every call with what the
 * model read, says the same.
 */
import { type BatchCall, type HookEvent, parseHookEvent } from '../trace/hook-event.ts';
import { outcomeOf } from '../trace/outcome.ts';
import type { GuardInput } from './input.ts';

type Turn = Extract<HookEvent, { event: 'PostToolBatch' }>;

/** `isDenied`: whether the guard itself denied the call with this id. Throws when the event has no form. */
export function eventsOf(input: GuardInput, isDenied: (id: string) => boolean = () => false): HookEvent[] {
  const event = parseHookEvent({ ...input, hook_event_name: input.event });
  if (event === undefined) throw new Error('the event cannot be read');
  return event.event === 'PostToolBatch' ? eventsOfTurn(event, isDenied) : [event];
}

function eventsOfTurn({ calls, ...turn }: Turn, isDenied: (id: string) => boolean): HookEvent[] {
  return calls.map((call) =>
    !isDenied(call.id) && wentWell(call)
      ? { ...turn, event: 'PostToolUse', ...call }
      : { ...turn, event: 'PostToolBatch', calls: [call] },
  );
}

/** By its text alone: neither a failure nor somebody's refusal. What failed was told before, by an event of its own. */
function wentWell({ tool, output: text }: BatchCall): boolean {
  if (outcomeOf({ tool, text, isError: undefined }) !== 'ok') return false;
  return outcomeOf({ tool, text, isError: true }) !== 'refused';
}
