import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenFix } from '../../healer/fixes/open-fix.ts';
import { transcriptOf } from '../../healer/fixes/transcripts.ts';
import type { Workbench } from '../../healer/workbench.ts';
import { guard } from '../../hooks/guard.ts';
import { Binding } from '../../mcp-server/binding.ts';
import { ServerGuardState } from '../../mcp-server/guard-state.ts';
import { HeadlessFix } from '../../mcp-server/headless-fix.ts';
import { PersonVoice } from '../../mcp-server/person-voice.ts';
import { openDatabase } from '../../store/sqlite.ts';
import { sqliteIncidents } from '../../store/sqlite-incidents.ts';
import { started } from '../healer/sample-fix.ts';
import { freshFolder } from '../healer/sample-repository.ts';

let bench: Workbench;
let fix: OpenFix;
let state: ServerGuardState;
beforeEach(async () => {
  ({ bench, fix } = await started({ role: 'session' }));
  const voice = new PersonVoice({ folder: fix.worktree });
  state = new ServerGuardState(new Binding(), async () => bench, new HeadlessFix(undefined), voice);
});
afterEach(() => bench.close());

describe('a server that takes the place of another one', () => {
  it('goes on with what was seen of an agent: the next round of its loop is its second strike', async () => {
    const serverOf = () =>
      new ServerGuardState(
        new Binding(fix.incident),
        async () => bench,
        new HeadlessFix(fix.incident),
        new PersonVoice({ folder: fix.worktree }),
      );
    let made = 0;
    const fails = async (server: ServerGuardState) => {
      const call = { tool_name: 'Bash', tool_input: { command: 'cat no-such-file' }, tool_use_id: `t${++made}` };
      const tool_calls = JSON.stringify([{ ...call, tool_response: 'Exit code 1\ncat: no-such-file: No such file' }]);
      const of = { session_id: 's1', agent_type: 'self-healing:self-healing', cwd: fix.worktree };
      return JSON.stringify(await guard({ event: 'PostToolBatch', ...of, tool_calls }, server));
    };
    const first = serverOf();
    expect(await fails(first)).toBe('{}');
    expect(await fails(first)).toBe('{}');
    expect(await fails(first)).toContain('[loop.repeat]');
    await first.close();
    const second = serverOf();
    expect(await fails(second)).toBe('{}');
    expect(await fails(second)).toContain('[guard.loop_stopped]');
    await second.close();
    const third = serverOf();
    const of = { session_id: 's1', agent_type: 'self-healing:self-healing', cwd: fix.worktree };
    const asked = { event: 'PreToolUse', ...of, tool_name: 'Read', tool_use_id: 'r', tool_input: '{"file_path":"x"}' };
    expect(JSON.stringify(await guard(asked, third))).toContain('[guard.loop_stopped]');
    await third.close();
  });
});

describe('a denial', () => {
  it('that came too late for the client does not hide that the call ran', async () => {
    const transcript = join(freshFolder('transcripts'), 's1.jsonl');
    const asks = (tool_use_id: string, tool_name: string, input: object) =>
      guard(
        {
          event: 'PreToolUse',
          session_id: 's1',
          agent_id: 'a1',
          agent_type: 'self-healing:self-healing',
          transcript_path: transcript,
          cwd: fix.worktree,
          tool_name,
          tool_use_id,
          tool_input: JSON.stringify(input),
        },
        state,
      );
    await asks('start', 'mcp__x__start_fix', {});
    expect(await state.joinStart('start', fix.incident)).toBe(true);
    const push = { command: 'git push origin HEAD' };
    const denied = await asks('t1', 'Bash', push);
    expect(JSON.stringify(denied)).toContain('publish.push');
    await asks('now', 'mcp__x__verify_fix', {});

    const file = transcriptOf(bench, { sessionId: 's1', agentId: 'a1' }) ?? '';
    mkdirSync(dirname(file), { recursive: true });
    const cameBack = (content: string, is_error: boolean) => {
      const line = (type: string, block: object) =>
        JSON.stringify({ type, agentId: 'a1', cwd: fix.worktree, message: { role: type, content: [block] } });
      const call = line('assistant', { type: 'tool_use', id: 't1', name: 'Bash', input: push });
      writeFileSync(file, `${call}\n${line('user', { type: 'tool_result', tool_use_id: 't1', content, is_error })}\n`);
    };
    cameBack('Everything up-to-date', false);
    expect(await state.judgeUnseen(fix.incident, 'now')).toMatchObject([
      { severity: 'refuse', code: 'guardrails.unguarded_call' },
    ]);
    cameBack('Denied: git push publishes around the gate. [publish.push]', true);
    expect(await state.judgeUnseen(fix.incident, 'now')).toEqual([]);
  });
});

describe('the scope of an agent', () => {
  it('is kept from call to call, and read again as soon as anybody changed something', async () => {
    const agent = { sessionId: 's1', agentId: 'a1' };
    const asks = (tool_use_id: string, tool_name: string, input: object) =>
      guard(
        {
          event: 'PreToolUse',
          session_id: 's1',
          agent_id: 'a1',
          agent_type: 'self-healing:self-healing',
          cwd: fix.worktree,
          tool_name,
          tool_use_id,
          tool_input: JSON.stringify(input),
        },
        state,
      );
    await asks('start', 'mcp__x__start_fix', {});
    await state.joinStart('start', fix.incident);
    const first = await state.scopeOf(agent);
    expect(first).toMatchObject({ incident: fix.incident, closed: undefined });
    expect(await state.scopeOf(agent)).toBe(first);

    // Another process, such as a person's `cancel` in a terminal.
    const other = openDatabase(bench.db.file);
    await sqliteIncidents(other).transition({ incident: fix.incident, to: 'cancelled', who: 'person', why: 'enough' });
    other.close();
    expect((await state.scopeOf(agent))?.closed).toBe(`${fix.incident} is cancelled`);
    const write = await asks('t1', 'Write', { file_path: join(fix.worktree, 'src/tenant.js'), content: '' });
    expect(JSON.stringify(write)).toContain('scope.closed');
  });
});
