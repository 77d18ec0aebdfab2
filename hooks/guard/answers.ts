/** The guard's answers in the client's hook format. */
import type { Denial } from '../rules.ts';

/** `{}` leaves the event alone. */
export type HookOutput = Record<string, unknown>;

/** The client replaces a longer context by a file. */
const MAX_CONTEXT = 1900;
const MAX_REASON = 1500;

export function denied({ rule, reason }: Denial): HookOutput {
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: `${clip(reason, MAX_REASON)} [${rule}]`,
    },
  };
}

/** Text that the model reads before its next turn. */
export function advised(texts: readonly string[]): HookOutput {
  if (texts.length === 0) return {};
  return {
    hookSpecificOutput: { hookEventName: 'PostToolBatch', additionalContext: clip(texts.join('\n'), MAX_CONTEXT) },
  };
}

/** Sends an agent back that would end. */
export function sentBack(texts: readonly string[]): HookOutput {
  return texts.length === 0 ? {} : { decision: 'block', reason: clip(texts.join('\n'), MAX_REASON) };
}

/** Ends the agent that the event is about; in the main conversation the person reads the reason. */
export function ended(reason: string): HookOutput {
  return { continue: false, stopReason: clip(reason, MAX_REASON) };
}

function clip(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
