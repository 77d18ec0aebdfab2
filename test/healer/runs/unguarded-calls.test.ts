import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../healer/runs/stream.ts';
import { unguardedCalls } from '../../../healer/runs/unguarded-calls.ts';

const asked = (id: string, name = 'Bash'): StreamEvent => ({ kind: 'tool_use', id, name, input: {} });
const back = (id: string, text = '', isError = false): StreamEvent => ({ kind: 'tool_result', id, isError, text });
const hook = (name = 'Bash', text = '{}', ok = true): StreamEvent => ({
  kind: 'hook_response',
  event: 'PreToolUse',
  name: `PreToolUse:${name}`,
  ok,
  text,
});
const ids = (...events: StreamEvent[]) => unguardedCalls(events).map(({ id }) => id);

describe('the calls that came back before a guard had answered', () => {
  it('are none where each has its answer, also when several are asked for at once', () => {
    expect(ids(asked('1'), hook(), back('1'), asked('2', 'Write'), hook('Write'), back('2'))).toEqual([]);
    expect(ids(asked('1'), hook(), asked('2'), back('1'), hook(), back('2'))).toEqual([]);
  });

  it('are named, and the calls around them are not', () => {
    expect(ids(asked('1'), hook(), back('1'), asked('2'), back('2'), asked('3'), hook(), back('3'))).toEqual(['2']);
    expect(ids(asked('1'), asked('2', 'Write'), hook('Write'), back('1'), back('2'))).toEqual(['1']);
    expect(ids(asked('1'), hook('Bash', '', false), back('1', 'Exit code 1', true))).toEqual(['1']);
  });

  it('do not count a hook of somebody else, nor a call that never began', () => {
    expect(ids(asked('1'), hook('Bash', 'formatted'), back('1'))).toEqual(['1']);
    expect(ids(asked('1'), back('1', '<tool_use_error>InputValidationError', true))).toEqual([]);
  });
});
