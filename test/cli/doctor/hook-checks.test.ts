import { expect, it } from 'vitest';
import type { Canary, Sighting } from '../../../cli/doctor/canary.ts';
import { hookCheck, hooksOf } from '../../../cli/doctor/hook-checks.ts';
import { pluginFolder } from '../../../healer/runs/plugin-folder.ts';

const NOTHING: Canary = { init: undefined, sightings: [], answer: undefined, problem: undefined };

function row(
  event: string,
  kind: 'mcp_tool' | 'command',
  seen: Partial<Sighting>[],
  more: Partial<Canary> = {},
  shared = false,
) {
  const sightings = seen.map((one) => ({ event, ms: 5, ok: true, text: '{}', ...one }));
  return hookCheck({ event, kind, canary: { ...NOTHING, sightings, ...more }, settingsExplain: false, shared });
}

it('tells a hook that fired from one that is silent, slow, failed or without effect', () => {
  const denied = { text: '{"permissionDecisionReason":"Denied. [scope.not_started]"}' };
  expect(row('Stop', 'command', [{ ms: 60.4 }])).toEqual({
    name: 'hook Stop',
    status: 'ok',
    detail: 'fired in 60 ms',
    fix: '',
  });
  expect(row('PreToolUse', 'mcp_tool', [{ ms: 9 }, { ms: 2, ...denied }])).toMatchObject({
    status: 'ok',
    detail: 'fired in 9 ms, denied a forbidden command',
  });
  expect(row('PreToolUse', 'mcp_tool', [{}])).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('not denied'),
  });
  expect(row('Stop', 'command', [])).toMatchObject({ status: 'fail', detail: 'silent' });
  expect(row('Stop', 'command', [], { problem: 'cut' })).toMatchObject({ detail: expect.stringContaining('(cut)') });
  expect(row('Stop', 'command', [{}, { ok: false, text: 'Not connected\nat x' }])).toMatchObject({
    status: 'fail',
    detail: 'failed: Not connected',
  });
});

it('allows a program five times what a call to the server may take', () => {
  const status = (kind: 'mcp_tool' | 'command', ms: number) => row('Stop', kind, [{ ms }]).status;
  expect([status('mcp_tool', 1000), status('mcp_tool', 1001)]).toEqual(['ok', 'warn']);
  expect([status('command', 5000), status('command', 5001)]).toEqual(['ok', 'warn']);
});

it('passes on what a hook tells the person', () => {
  const says = (systemMessage: string) => row('SessionStart', 'command', [{ text: JSON.stringify({ systemMessage }) }]);
  expect(says('self-healing is not ready yet: wait')).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('wait'),
  });
  expect(says('self-healing cannot run: no Node.js')).toMatchObject({ status: 'fail' });
});

it('claims no hook as ours where a policy has one of its own, unless it is known by what it did', () => {
  expect(row('Stop', 'command', [{}], {}, true)).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('whose'),
  });
  const denied = { text: 'Denied. [scope.not_started]' };
  expect(row('PreToolUse', 'mcp_tool', [denied], {}, true)).toMatchObject({ status: 'ok' });
  expect(row('PreToolUse', 'mcp_tool', [{}], {}, true)).toMatchObject({ status: 'fail' });
});

it('takes an event for a program where any of its hooks is one', async () => {
  const hooks = await hooksOf(pluginFolder());
  expect(hooks.get('PreToolUse')).toBe('mcp_tool');
  expect(hooks.get('SessionStart')).toBe('command');
});
