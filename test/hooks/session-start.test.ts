import { expect, it } from 'vitest';
import { sessionStart } from '../../hooks/session-start.ts';
import { NativePartError } from '../../store/errors.ts';

it('says nothing where SQLite is ready', () => {
  expect(sessionStart(() => ({ name: 'node:sqlite' }))).toEqual({});
});

it('tells person and model how it stands where it is not', () => {
  const text = 'self-healing is not ready yet: It is being installed. Try again in a minute.';
  expect(
    sessionStart(() => {
      throw new NativePartError('It is being installed.', 'Try again in a minute.');
    }),
  ).toEqual({
    systemMessage: text,
    hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: text },
  });
});
