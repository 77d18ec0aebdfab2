/**
 * What a session is told when it starts: nothing where all is well. Where SQLite is not ready, its native part is on its way
 * from this moment on, before the first tool asks for it, and person and model are told how it stands.
 */
import { describeError } from '../events/errors.ts';
import { loadDriver } from '../store/native.ts';

interface SessionStartOutput {
  systemMessage?: string;
  hookSpecificOutput?: { hookEventName: 'SessionStart'; additionalContext: string };
}

export function sessionStart(load: () => unknown = loadDriver): SessionStartOutput {
  try {
    load();
    return {};
  } catch (error) {
    const { message, next } = describeError(error);
    const text = `self-healing is not ready yet: ${message} ${next}`;
    return { systemMessage: text, hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: text } };
  }
}
