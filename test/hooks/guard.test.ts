import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../context/schemas/config.ts';
import { HealingWatch, type SeenTurn } from '../../hooks/guard/healing-watch.ts';
import { guardInputSchema } from '../../hooks/guard/input.ts';
import { OrdinaryWatch } from '../../hooks/guard/ordinary-watch.ts';
import { type GuardState, guard } from '../../hooks/guard.ts';
import type { FixScope } from '../../hooks/scope.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'guard-')));
const worktree = join(root, '.worktrees/x');
mkdirSync(join(worktree, 'src'), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));

interface HookFile {
  hooks: Record<string, { hooks: { type: string; input?: Record<string, string> }[] }[]>;
}
const hooks = JSON.parse(readFileSync(join(import.meta.dirname, '../../hooks/hooks.json'), 'utf8')) as HookFile;

/** The client's interpolation of `hooks.json`: a missing path gives "", an object its JSON. */
function interpolate(event: Record<string, unknown>): Record<string, string> {
  const input =
    hooks.hooks[String(event.hook_event_name)]?.[0]?.hooks.find(({ type }) => type === 'mcp_tool')?.input ?? {};
  const at = (path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>(
        (value, name) => (typeof value === 'object' && value ? (value as Record<string, unknown>)[name] : undefined),
        event,
      );
  const text = (value: unknown): string =>
    value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return Object.fromEntries(
    Object.entries(input).map(([key, template]) => [
      key,
      template.replace(/\$\{([^}]+)\}/g, (_, path: string) => text(at(path))),
    ]),
  );
}

function recorded(name: string, change: Record<string, unknown> = {}): Record<string, string> {
  const event = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')) as Record<
    string,
    unknown
  >;
  return interpolate({ ...event, cwd: worktree, ...change });
}

let scope: FixScope | undefined;
let calls: string[];
let kept: SeenTurn[];
let troubles: string[];
const detection = defaultConfig().detection;
let state: GuardState;
const freshState = (): GuardState => ({
  headless: false,
  healing: new HealingWatch({
    start: async () => ({ settings: detection }),
    trees: async () => undefined,
    keep: (_agent, turn) => void kept.push(turn),
    trouble: (_agent, what) => void troubles.push(what),
  }),
  ordinary: new OrdinaryWatch(detection),
  scopeOf: async () => scope,
  announce: (call) => void calls.push(`announce ${call.toolUseId} ${call.agentId} ${call.tool}`),
  end: async (agent, stop) => void calls.push(`end ${agent.agentId} ${stop.mode}: ${stop.evidence}`),
  sendsBack: async () => true,
  wantsAdvice: async () => true,
  agentFinished: async (agent) => void calls.push(`finished ${agent.agentId} ${agent.role}`),
  decide: async (decision, incident) => `${decision} ${incident}: done`,
});
beforeEach(() => {
  calls = [];
  kept = [];
  troubles = [];
  state = freshState();
  scope = {
    incident: 'INC-0000000000000000',
    worktree,
    protectedFolders: [root],
    affectedFiles: ['src/a.js'],
    forbiddenBy: () => undefined,
    isTest: () => false,
  };
});

const bash = (command: string, change: Record<string, unknown> = {}) =>
  recorded('PreToolUse.Bash.in-subagent', { tool_input: { command }, ...change });
const reasonOf = (output: Record<string, unknown>) =>
  (output.hookSpecificOutput as { permissionDecision: string; permissionDecisionReason: string } | undefined)
    ?.permissionDecisionReason;

describe('guard', () => {
  it('denies a healing agent what it may not do, in the form the client obeys', async () => {
    expect(await guard(bash('git push'), state)).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason:
          'Denied: git push publishes around the gate. Call propose_pr once verify_fix answers pass. [publish.push]',
      },
    });
  });

  it('lets a healing agent work', async () => {
    expect(await guard(bash('npm test'), state)).toEqual({});
    expect(
      await guard(
        recorded('PreToolUse.Edit', {
          agent_type: 'self-healing:self-healing',
          tool_input: { file_path: join(worktree, 'src/a.js') },
        }),
        state,
      ),
    ).toEqual({});
  });

  it('leaves every other session and agent alone', async () => {
    expect(await guard(bash('git push', { agent_type: '' }), state)).toEqual({});
    expect(await guard(bash('git push', { agent_type: 'other:agent' }), state)).toEqual({});
    expect(await guard(recorded('PreToolUse.Edit', { tool_input: { file_path: '/etc/hosts' } }), state)).toEqual({});
  });

  it('judges every call of a headless run, whoever makes it', async () => {
    expect(reasonOf(await guard(bash('git push', { agent_type: '' }), { ...state, headless: true }))).toContain(
      '[publish.push]',
    );
  });

  it('denies the diagnostician every write', async () => {
    const edit = recorded('PreToolUse.Edit', {
      agent_type: 'self-healing:diagnostician',
      tool_input: { file_path: join(worktree, 'src/a.js') },
    });
    expect(reasonOf(await guard(edit, state))).toContain('The diagnosis changes nothing'.toLowerCase());
  });

  it('holds a notebook to the same scope as any other file', async () => {
    const notebook = (name: string) =>
      recorded('PreToolUse.Edit', {
        agent_type: 'self-healing:self-healing',
        tool_name: 'NotebookEdit',
        tool_input: { notebook_path: join(worktree, name), new_source: 'x' },
      });
    expect(await guard(notebook('src/a.js'), state)).toEqual({});
    expect(reasonOf(await guard(notebook('src/other.ipynb'), state))).toContain('[scope.outside_diagnosis]');
  });

  it('holds what a command reads to the places of keys, whether a fix is open or not', async () => {
    for (const open of [scope, undefined]) {
      scope = open;
      expect(reasonOf(await guard(bash('head -5 ~/.ssh/id_rsa'), state))).toContain('holds credentials');
    }
  });

  it('allows only reading before a fix is open', async () => {
    scope = undefined;
    expect(await guard(bash('git grep tenant | head'), state)).toEqual({});
    expect(reasonOf(await guard(bash('npm test'), state))).toContain('Call start_fix');
  });

  it('says no when it cannot decide', async () => {
    expect(reasonOf(await guard({ ...bash('x'), tool_input: '{broken' }, state))).toContain('[guard.undecided]');
    const failing = { ...state, scopeOf: async () => Promise.reject(new Error('the database is locked')) };
    expect(reasonOf(await guard(bash('ls'), failing))).toContain('the database is locked');
  });

  it('joins start_fix to the agent that calls it', async () => {
    const start = recorded('PreToolUse.mcp.in-subagent', {
      tool_name: 'mcp__plugin_self-healing_living-context__start_fix',
      tool_use_id: 'toolu_1',
    });
    expect(await guard(start, state)).toEqual({});
    expect(calls).toEqual(['announce toolu_1 a0000000000000001 mcp__plugin_self-healing_living-context__start_fix']);
  });

  it('closes an agent that ended, but not one that was only launched', async () => {
    await guard(recorded('PostToolUse.Agent'), state);
    await guard(recorded('PostToolUse.Agent.background'), state);
    expect(calls).toEqual(['finished a0000000000000001 fixer']);
  });

  it("carries out a person's approve and skip, and leaves other commands alone", async () => {
    const typed = (name: string, args: string) =>
      recorded('UserPromptExpansion.command', { command_name: `self-healing:${name}`, command_args: args });
    expect(await guard(typed('approve', 'INC-0123456789abcdef'), state)).toEqual({
      continue: false,
      stopReason: 'approve INC-0123456789abcdef: done',
    });
    expect(await guard(typed('skip', 'please'), state)).toMatchObject({
      continue: false,
      stopReason: expect.stringContaining('Which incident?'),
    });
    expect(await guard(typed('heal', 'x'), state)).toEqual({});
  });

  it('understands every input that hooks.json hands over', () => {
    const mcpTools = Object.values(hooks.hooks)
      .flatMap((groups) => groups.flatMap((group) => group.hooks))
      .filter((hook) => hook.type === 'mcp_tool');
    expect(mcpTools.length).toBe(8);
    for (const hook of mcpTools)
      expect(Object.keys(guardInputSchema.shape)).toEqual(expect.arrayContaining(Object.keys(hook.input ?? {})));
  });
});

describe('the guard over whole turns', () => {
  const fixer = { agent_type: 'self-healing:self-healing' };
  let count = 0;
  /** One turn of an agent with one command: asked for, failed or denied, and back. */
  async function turn(command: string, change: Record<string, unknown> = {}, result = 'Exit code 1\nno such table') {
    const id = `toolu_${++count}`;
    const asked = await guard(bash(command, { tool_use_id: id, ...fixer, ...change }), state);
    const reason = reasonOf(asked);
    const calls = [{ tool_name: 'Bash', tool_input: { command }, tool_use_id: id, tool_response: reason ?? result }];
    if (reason === undefined && result.startsWith('Exit code')) {
      const failed = { tool_name: 'Bash', tool_input: { command }, tool_use_id: id, error: result };
      await guard(
        recorded('PostToolBatch', { hook_event_name: 'PostToolUseFailure', ...fixer, ...failed, ...change }),
        state,
      );
    }
    const back = await guard(recorded('PostToolBatch', { ...fixer, tool_calls: calls, ...change }), state);
    return { asked, back };
  }
  const contextOf = (output: Record<string, unknown>) =>
    (output.hookSpecificOutput as { additionalContext?: string } | undefined)?.additionalContext;
  const same = async (times: number, change: Record<string, unknown> = {}) => {
    const texts: (string | undefined)[] = [];
    for (let time = 0; time < times; time++) texts.push(contextOf((await turn('npm run migrate', change)).back));
    return texts.filter((text) => text !== undefined);
  };

  it('tells each call once, with how it ended and who denied it', async () => {
    await turn('npm test', {}, 'ok 12 tests');
    await turn('npm run lint');
    await turn('git push');
    expect(
      kept
        .flatMap(({ calls: seen }) => seen)
        .map(({ call: { outcome, input }, deniedBy }) => [input.command, outcome, deniedBy]),
    ).toEqual([
      ['npm test', 'ok', null],
      ['npm run lint', 'error', null],
      ['git push', 'refused', expect.stringMatching(/publish/)],
    ]);
    expect(troubles).toEqual([]);
  });

  it('advises at the first loop, stops at the second, and ends the agent when it would not hand over', async () => {
    const texts = await same(5);
    expect(texts).toEqual([expect.stringContaining('[loop.repeat]'), expect.stringContaining('[guard.loop_stopped]')]);
    for (const text of texts) expect(text?.length).toBeLessThan(2000);
    const read = recorded('PreToolUse.Edit', {
      ...fixer,
      tool_name: 'Read',
      tool_input: { file_path: join(worktree, 'a') },
    });
    expect(reasonOf(await guard({ ...read, agent_id: 'a0000000000000001' }, state))).toContain('[guard.loop_stopped]');
    expect((await turn('ls')).back).toEqual({});
    const { asked, back } = await turn('ls');
    expect(reasonOf(asked)).toContain('Only escalate is open to you now');
    expect(back).toEqual({ continue: false, stopReason: expect.stringContaining('(loop): the same call') });
    expect(calls.at(-1)).toMatch(/^end a0000000000000001 loop: the same call with the same result/);
  });

  it('speaks to an agent that only talks, while the stop gate sends it back, and stops it at the second strike', async () => {
    const stop = (words: string, change: Record<string, unknown> = {}) =>
      guard(recorded('SubagentStop', { ...fixer, last_assistant_message: words, ...change }), state);
    const three = async (change: Record<string, unknown> = {}) => {
      const answers = [];
      for (let time = 0; time < 3; time++) answers.push(await stop('I shall now fix it.', change));
      return answers;
    };
    const spoken = { decision: 'block', reason: expect.stringMatching(/3 texts in a row.*\[loop\.monologue\]/s) };
    expect(await three()).toEqual([{}, {}, spoken]);
    // A call in between, and it is no monologue.
    await stop('I shall now fix it.');
    await turn('npm test', {}, 'ok 12 tests');
    expect([await stop('I shall now fix it.'), await stop('I shall now fix it.')]).toEqual([{}, {}]);
    const stopped = { decision: 'block', reason: expect.stringContaining('[guard.loop_stopped]') };
    expect(await stop('I shall now fix it.')).toEqual(stopped);
    expect(kept.at(-1)?.watch.stopped).toMatchObject({ mode: 'loop' });
    expect(await three()).toEqual([{}, {}, {}]);

    expect(await three({ agent_type: '' })).toEqual([{}, {}, {}]);
    state.sendsBack = async () => false;
    expect(await three({ agent_id: 'another' })).toEqual([{}, {}, {}]);
  });

  it('does not count what was read before the conversation was shortened', async () => {
    const read = (change: Record<string, unknown>) => turn('cat a.log', change, 'the whole log');
    // The client tells neither the agent nor its kind.
    const shorten = () => guard(recorded('Stop', { hook_event_name: 'PreCompact' }), state);
    for (const change of [fixer, { agent_type: '' }])
      for (let time = 0; time < 3; time++) {
        expect((await read(change)).back).toEqual({});
        await shorten();
      }
    expect((await turn('ls')).back).toEqual({});
  });

  it('does not take two agents for one, nor what a person asks for again for a loop', async () => {
    for (let time = 0; time < 2; time++) expect(await same(1, { agent_id: `a${time}` })).toEqual([]);
    for (let time = 0; time < 2; time++)
      expect(await same(1, { agent_id: `a${time}`, session_id: 'other' })).toEqual([]);
    for (let time = 0; time < 6; time++) expect(await same(1, { agent_type: '', prompt_id: `p${time}` })).toEqual([]);
  });

  it('says one soft word about a loop of a session that heals nothing, where it is wanted', async () => {
    const texts = await same(9, { agent_type: '' });
    expect(texts).toEqual([
      expect.stringMatching(/^A remark by self-healing, which denies nothing: .*advice_in_other_sessions/),
    ]);
    expect(kept).toEqual([]);
    state = { ...freshState(), wantsAdvice: async () => false };
    expect(await same(9, { agent_type: '' })).toEqual([]);
  });

  it('goes on when what happened cannot be read, and says that something was missed', async () => {
    const broken = { ...recorded('PostToolBatch', fixer), tool_calls: '[{"tool_name":' };
    expect(await guard(broken, state)).toEqual({});
    expect(troubles).toEqual([expect.stringContaining('PostToolBatch of a turn: the event cannot be read')]);
  });
});
