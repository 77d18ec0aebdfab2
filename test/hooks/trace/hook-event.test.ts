import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHookEvent } from '../../../hooks/trace/hook-event.ts';
import { fixture } from './calls.ts';

const payload = (name: string): Record<string, unknown> => JSON.parse(fixture(`hooks/${name}.json`));
const MAIN = { session: '00000000-0000-4000-8000-000000000001', agent: '', cwd: '/home/dev/app' };

/** What a server gets: every object as its JSON text, what is missing as an empty text. */
function interpolated(event: Record<string, unknown>): Record<string, unknown> {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    agent_id: '',
    error: '',
    ...Object.fromEntries(Object.entries(event).map(([key, value]) => [key, text(value)])),
  };
}

describe('a recorded event', () => {
  const NAMES = [
    'PreToolUse.Bash',
    'PreToolUse.Bash.in-subagent',
    'PostToolUse.Bash',
    'PostToolUse.Read',
    'PostToolUse.Edit',
    'PostToolUse.mcp',
    'PostToolUse.mcp.structured',
    'PostToolUseFailure.Bash',
    'PostToolUseFailure.Read',
    'PostToolBatch.parallel',
    'PostToolBatch.hook-denied',
    'UserPromptSubmit',
    'PreCompact',
  ];
  it.each(NAMES)('%s is read, as it came and as interpolation hands it on', (name) => {
    const event = parseHookEvent(payload(name));
    expect(event?.event).toBe(name.split('.')[0]);
    expect(parseHookEvent(interpolated(payload(name)))).toEqual(event);
  });

  it('tells whose it is and what the model reads', () => {
    const command = { command: 'sh-hello main; echo err >&2', description: 'hello' };
    const bash = { ...MAIN, id: 'toolu_s1_0', tool: 'Bash', input: command };
    expect(parseHookEvent(payload('PreToolUse.Bash'))).toEqual({ ...bash, event: 'PreToolUse' });
    expect(parseHookEvent(payload('PostToolUse.Bash'))).toEqual({
      ...bash,
      event: 'PostToolUse',
      output: 'sh-hello main root= data= sid= proj=\nerr',
    });
    expect(parseHookEvent(payload('PostToolUseFailure.Bash'))).toMatchObject({ output: 'Exit code 3\nout\nbad' });
    expect(parseHookEvent(payload('PostToolUse.Read'))).toMatchObject({ output: 'one\ntwo\n' });
    expect(parseHookEvent(payload('PostToolUse.Edit'))).toMatchObject({ output: expect.stringContaining('+three') });
    expect(parseHookEvent(payload('PostToolUse.mcp.structured'))).toMatchObject({ output: '{"a":1}' });
    expect(parseHookEvent(payload('PostToolBatch.in-subagent'))).toMatchObject({
      agent: 'a0000000000000001',
      calls: [{ id: 'toolu_s13_0', output: 'insub\nsh-hello sub root= data= sid= proj=' }],
    });
    expect(parseHookEvent(payload('UserPromptSubmit'))).toEqual({
      ...MAIN,
      event: 'UserPromptSubmit',
      prompt: 'PROMPT-TEXT',
    });
  });
});

it('an output that looks like JSON stays the text that it is', () => {
  const batch = (tool_response: unknown) =>
    parseHookEvent({
      ...payload('PostToolBatch.single'),
      tool_calls: [{ tool_name: 'Bash', tool_input: {}, tool_use_id: 't', tool_response }],
    });
  for (const text of ['{"a": 1}', '[1, 2]', '[not json', '{"b":{"c":[]}}'])
    expect(batch(text)).toMatchObject({ calls: [{ output: text }] });
});

it('anything else is no event, and nothing throws', () => {
  expect(parseHookEvent({ ...payload('PreToolUse.Bash'), hook_event_name: 'Stop' })).toBeUndefined();
  expect(parseHookEvent({ ...payload('PreToolUse.Bash'), tool_use_id: '' })).toBeUndefined();
  expect(parseHookEvent({ ...payload('PostToolBatch.single'), tool_calls: 'many' })).toBeUndefined();
  const names = fc.constantFrom(
    'PreToolUse',
    'PostToolUse',
    'PostToolUseFailure',
    'PostToolBatch',
    'UserPromptSubmit',
    'PreCompact',
  );
  const keys = fc.constantFrom(
    'session_id',
    'agent_id',
    'cwd',
    'tool_name',
    'tool_input',
    'tool_response',
    'tool_use_id',
    'tool_calls',
    'error',
    'prompt',
  );
  fc.assert(
    fc.property(names, fc.dictionary(keys, fc.oneof(fc.string(), fc.jsonValue(), fc.json())), (event, fields) => {
      const read = parseHookEvent({ session_id: 's', ...fields, hook_event_name: event });
      if (read) expect(read.event).toBe(event);
    }),
  );
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(parseHookEvent(value)).toBeUndefined();
    }),
  );
});
