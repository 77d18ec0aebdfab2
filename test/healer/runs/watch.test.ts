import { describe, expect, it } from 'vitest';
import type { Init, StreamEvent } from '../../../healer/runs/stream.ts';
import { watchRun } from '../../../healer/runs/watch.ts';

const AGENT = 'self-healing:self-healing';
const INIT: Init = {
  kind: 'init',
  sessionId: 's',
  model: 'm',
  version: '2.1.197',
  tools: [],
  agents: [AGENT],
  plugins: ['self-healing', 'another'],
  pluginErrors: [],
  apiKeySource: 'none',
  servers: [{ name: 'plugin:self-healing:living-context', status: 'connected' }],
};
const hook = (ok: boolean, text = '{}'): StreamEvent => ({
  kind: 'hook_response',
  event: 'PreToolUse',
  name: 'PreToolUse:Bash',
  ok,
  text,
});
const result: StreamEvent = { kind: 'tool_result', id: '1', isError: false, text: '' };

function see(...events: StreamEvent[]) {
  const watcher = watchRun(AGENT);
  return events.map((event) => watcher.see(event)).find((stopped) => stopped !== undefined);
}

describe('a watched run', () => {
  it('goes on while everything is loaded and the guard answers before each result', () => {
    expect(see(INIT, hook(true), result, hook(true), result)).toBeUndefined();
  });

  it.each<[string, Partial<Init>, RegExp]>([
    ['the plugin', { plugins: ['another'] }, /did not load the plugin/],
    ['the agent', { agents: ['Explore'] }, /does not know the agent self-healing:self-healing/],
    ['the server', { servers: [] }, /server of self-healing is missing/],
    [
      'a server that is up',
      { servers: [{ name: 'plugin:self-healing:living-context', status: 'failed' }] },
      /is failed/,
    ],
    ['a plugin without errors', { pluginErrors: ['self-healing: hooks.json is not valid'] }, /hooks.json is not valid/],
  ])('is ended at once without %s', (_, missing, why) => {
    expect(see({ ...INIT, ...missing })).toMatchObject({ by: 'unusable', why: expect.stringMatching(why) });
  });

  it('is ended at the first error of a guard, and not at one of a hook that is not ours', () => {
    const dead = hook(false, 'MCP error -32000: Connection closed');
    expect(see(INIT, hook(true), dead)).toMatchObject({
      by: 'guard',
      why: expect.stringContaining('Connection closed'),
    });
    expect(see(INIT, hook(true), hook(false, 'prettier: command not found'), result)).toBeUndefined();
  });

  it('is ended when a call had its result before any guard fired', () => {
    expect(see(INIT, result)).toMatchObject({
      by: 'unusable',
      next: expect.stringMatching(/self-healing doctor.*disableAllHooks.*allowManagedHooksOnly/),
    });
  });

  it('is ended when a stopped agent would not hand over, at its third denial, and knows why', () => {
    const denial = hook(
      true,
      JSON.stringify({
        hookSpecificOutput: {
          permissionDecision: 'deny',
          permissionDecisionReason:
            'Denied: this run was stopped because it went in circles: `npm "x"` 5 times [loop.repeat]. Only escalate is open to you now. [guard.loop_stopped]',
        },
      }),
    );
    expect(see(INIT, denial, result, denial, result, hook(true))).toBeUndefined();
    const ended = { by: 'loop', why: 'The agent went in circles: `npm "x"` 5 times [loop.repeat].' };
    expect(see(INIT, denial, result, denial, result, denial)).toEqual(ended);
    const watcher = watchRun(AGENT);
    for (const event of [INIT, denial, result]) watcher.see(event);
    expect(watcher.stopMark()).toEqual(ended);
  });
});
