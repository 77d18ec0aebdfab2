import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { AgentWatch, DRIFT_TURNS, LAST_DENIALS, type WatchState } from '../../../hooks/guard/agent-watch.ts';
import type { Rule } from '../../../hooks/rules.ts';
import type { ToolCall } from '../../../hooks/trace/happening.ts';

const settings = defaultConfig().detection;
const ESCALATE = 'mcp__plugin_self-healing_living-context__escalate';
const NONE = new Map<string, Rule>();
let count = 0;
const call = (
  command: string,
  outcome: ToolCall['outcome'] = 'error',
  output = 'Exit code 1\nno such table',
): ToolCall => ({
  kind: 'call',
  agent: 'a1',
  id: `t${++count}`,
  tool: 'Bash',
  input: { command },
  outcome,
  output,
  cwd: '/w',
  tree: null,
});
const denied = (command: string, rule: Rule): [ToolCall[], Map<string, Rule>] => {
  const one = call(command, 'refused', `Denied: no. [${rule}]`);
  return [[one], new Map([[one.id, rule]])];
};
/** The texts told in `turns` turns of the same call. */
const repeat = (watch: AgentWatch, turns: number) =>
  Array.from({ length: turns }, () => watch.sawTurn([call('npm run migrate')], NONE)).flat();

describe('an agent that goes in circles', () => {
  it('is advised once, then stopped; may hand over, and is over after three other calls', () => {
    const watch = new AgentWatch({ settings });
    const told = repeat(watch, settings.repeat_stop);
    expect(told).toEqual([
      expect.stringMatching(/^self-healing, first of two strikes: the same call .* \[loop\.repeat\]$/),
      expect.stringMatching(
        /^self-healing: this run was stopped because it went in circles: .* \[guard\.loop_stopped\]$/,
      ),
    ]);
    expect(watch.stopped).toEqual({ mode: 'loop', evidence: expect.stringContaining('[loop.repeat]') });
    expect(watch.denyIfStopped(ESCALATE)).toBeUndefined();
    for (let denial = 1; denial <= LAST_DENIALS; denial++) {
      expect(watch.over).toBe(false);
      expect(watch.denyIfStopped('Read')).toMatchObject({
        rule: 'guard.loop_stopped',
        reason: expect.stringMatching(/^Denied: .*went in circles.*Only escalate is open to you now/),
      });
    }
    expect(watch.over).toBe(true);
    expect(repeat(watch, 3)).toEqual([]);
  });

  it('is not stopped by one turn alone, whose answers it has not read, but by the next that goes on the same way', () => {
    const turn = () => Array.from({ length: 6 }, () => call('npm run migrate'));
    const other = new AgentWatch({ settings });
    expect(other.sawTurn(turn(), NONE)).toEqual([expect.stringContaining('first of two strikes')]);
    other.sawTurn([call('ls', 'ok', 'a.js')], NONE);
    expect(other.stopped).toBeNull();
    const same = new AgentWatch({ settings });
    same.sawTurn(turn(), NONE);
    expect(same.stopped).toBeNull();
    expect(same.sawTurn([call('npm run migrate')], NONE)).toEqual([expect.stringContaining('[guard.loop_stopped]')]);
  });

  it('goes on where it was in the next server, and without its strikes in the next attempt', () => {
    const first = new AgentWatch({ settings });
    repeat(first, settings.repeat_stop);
    first.denyIfStopped('Bash');
    const state = JSON.parse(JSON.stringify(first.state())) as WatchState;
    const second = new AgentWatch({ settings, state });
    expect(second.stopped).toEqual(first.stopped);
    second.denyIfStopped('Bash');
    second.denyIfStopped('Bash');
    expect(second.over).toBe(true);
    const next = new AgentWatch({ settings, earlier: first.points() });
    expect(next.stopped).toBeNull();
    expect(next.denyIfStopped('Bash')).toBeUndefined();
  });
});

describe('an agent that keeps leaving its scope', () => {
  const OUTSIDE: [string, Rule][] = [
    ['git push', 'publish.push'],
    ['kill 1', 'command.processes'],
    ['echo x > /etc/x', 'scope.outside_worktree'],
    ['npm publish', 'publish.package'],
    ['rm src/b.js', 'scope.outside_diagnosis'],
  ];

  it('is stopped after five turns in a row of which every call was denied', () => {
    const watch = new AgentWatch({ settings });
    const told = OUTSIDE.slice(0, DRIFT_TURNS).flatMap(([command, rule]) => watch.sawTurn(...denied(command, rule)));
    expect(told).toEqual([
      expect.stringMatching(/kept leaving its scope: .*publish\.push, .* \[guard\.drift_stopped\]$/),
    ]);
    expect(watch.stopped).toMatchObject({ mode: 'drift' });
    expect(watch.denyIfStopped('Bash')?.rule).toBe('guard.drift_stopped');
  });

  it('is not, when one call among them was made, or when all of them were one turn', () => {
    const watch = new AgentWatch({ settings });
    for (const [command, rule] of OUTSIDE.slice(0, 4)) watch.sawTurn(...denied(command, rule));
    // An input without form is neither a try to leave nor a sign of work.
    watch.sawTurn([call('x', 'refused', '<tool_use_error>InputValidationError</tool_use_error>')], NONE);
    const [calls, rules] = denied('git push -f', 'publish.push');
    watch.sawTurn([...calls, call('ls', 'ok', 'a.js')], rules);
    expect(watch.stopped).toBeNull();
    const many = OUTSIDE.flatMap((one) => [one, one, one]).map(([command, rule], index) =>
      denied(`${command} ${index}`, rule),
    );
    watch.sawTurn(
      many.flatMap(([made]) => made),
      new Map(many.flatMap(([, by]) => [...by])),
    );
    expect(watch.stopped).toBeNull();
  });

  it('is not by a guard that could not judge', () => {
    const watch = new AgentWatch({ settings });
    for (let turn = 0; turn < DRIFT_TURNS + 1; turn++) watch.sawTurn(...denied(`odd ${turn}`, 'guard.undecided'));
    expect(watch.stopped?.mode).not.toBe('drift');
  });
});
