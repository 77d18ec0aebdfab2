import { expect, it } from 'vitest';
import { defaultConfig } from '../../context/schemas/config.ts';
import { type Replayed, type ReplaySettings, replay } from '../../hooks/replay.ts';

const { detection, guardrails, tests } = defaultConfig();
const settings: ReplaySettings = {
  detection,
  forbiddenPaths: guardrails.forbidden_paths,
  testPaths: tests.paths,
  whatIf: false,
};

async function* each(lines: readonly (object | string)[]): AsyncGenerator<string> {
  for (const line of lines) yield typeof line === 'string' ? line : JSON.stringify(line);
}

function replayed(lines: readonly (object | string)[], over: Partial<ReplaySettings> = {}): Promise<Replayed> {
  return replay(each(lines), 'run.jsonl', { ...settings, ...over });
}

async function found(lines: readonly (object | string)[]): Promise<string[]> {
  return (await replayed(lines)).flags.map(({ step, rule }) => `${step} ${rule}`);
}

const bash = (command: string, more: object = {}) => ({ tool: 'Bash', input: { command }, output: 'done', ...more });
const edit = (file_path: string, more: object = {}) => ({
  tool: 'Edit',
  input: { file_path, old_string: 'a', new_string: 'b' },
  output: 'The file has been updated.',
  ...more,
});
const again = (count: number, more: object = {}) => Array.from({ length: count }, () => bash('cat notes.md', more));

it('takes the folder that the paths of a run share for its worktree', async () => {
  const run = [
    edit('/repo/src/a.ts'),
    edit('/repo/test/a.test.ts'),
    edit('src/b.ts'),
    edit('/etc/passwd'),
    edit('~/.ssh/config'),
    bash('echo x > ../elsewhere/file'),
    edit('/repo/.github/workflows/ci.yml'),
  ];
  expect(await found(run)).toEqual([
    '4 scope.outside_worktree',
    '5 scope.outside_worktree',
    '6 scope.outside_worktree',
    '7 scope.forbidden_path',
  ]);
});

it('believes the folder that a run names before its paths', async () => {
  const run = [
    edit('/home/ada/shop/src/a.ts', { cwd: '/home/ada/shop' }),
    bash('cd src && touch b.ts', { cwd: '/home/ada/shop/src' }),
    edit('/home/ada/other/src/a.ts', { cwd: '/home/ada/shop' }),
  ];
  expect(await found(run)).toEqual(['3 scope.outside_worktree']);
  const worktree = '/home/ada/shop/.worktrees/hotfix/auto-1';
  const started = { tool: 'mcp__x__start_fix', input: { incident: 'INC-1' }, output: JSON.stringify({ worktree }) };
  expect(await found([started, edit(`${worktree}/src/a.ts`), edit('/home/ada/shop/src/a.ts')])).toEqual([
    '3 scope.outside_worktree',
  ]);
});

it('holds a file against the diagnosis only where the run made one, until it handed its fix in', async () => {
  const diagnosis = { tool: 'mcp__x__record_diagnosis', input: { affected_files: ['src/a.ts'] }, output: '{}' };
  const handedIn = { tool: 'mcp__x__propose_pr', input: {}, output: '{"status":"proposed"}' };
  const [a, b] = [edit('/repo/src/a.ts'), edit('/repo/src/b.ts')];
  expect(await found([a, b, diagnosis, a, b, edit('/repo/test/b.test.ts'), handedIn, a])).toEqual([
    '5 scope.outside_diagnosis',
    '8 scope.closed',
  ]);
});

it('judges what was denied then as well, and names the strikes there were', async () => {
  const denied = bash('git push origin main', { output: undefined, error: 'Permission has been denied.' });
  const { flags, steps } = await replayed([denied, ...again(3), denied, ...again(3), denied]);
  expect(steps).toBe(9);
  expect(flags.filter(({ rule }) => rule.startsWith('publish.')).map(({ step, strike }) => [step, strike])).toEqual([
    [1, 0],
    [5, 1],
    [9, 2],
  ]);
});

it('leaves a call alone that the client refuses by itself', async () => {
  const error = '<tool_use_error>InputValidationError: Bash failed: the required parameter `command` is missing';
  expect(await found([{ tool: 'Bash', input: { cmd: 'git push' }, error }])).toEqual([]);
});

it('watches each agent by itself', async () => {
  const run = ['a1', 'a2', 'a3', ''].map((agent) => again(1, { agent })[0] ?? {});
  expect(await found([...run, ...run])).toEqual([]);
  expect(await found([...run, ...run, ...run])).toHaveLength(4);
});

it('finds the same in a transcript of the client', async () => {
  const lines = ['one', 'two', 'three'].flatMap((id) => [
    {
      type: 'assistant',
      uuid: `${id} asked`,
      cwd: '/home/ada/shop',
      message: { id, content: [{ type: 'tool_use', id, name: 'Bash', input: { command: 'cat notes.md' } }] },
    },
    {
      type: 'user',
      uuid: `${id} told`,
      cwd: '/home/ada/shop',
      message: { content: [{ type: 'tool_result', tool_use_id: id, content: 'done' }] },
    },
  ]);
  const neutral = await replayed(again(3));
  const transcript = await replayed([{ type: 'summary', summary: 'Notes' }, ...lines]);
  expect(neutral.flags.map(({ step, rule }) => [step, rule])).toEqual([[3, 'loop.repeat']]);
  expect(transcript.flags.map(({ step, rule }) => [step, rule])).toEqual([[7, 'loop.repeat']]);
  expect(transcript.flags[0]?.advice).toBe(neutral.flags[0]?.advice);
});

it('says what other thresholds would have changed', async () => {
  const { what_if } = await replayed(again(4), { whatIf: true });
  const tried = (value: number) =>
    what_if.find((other) => other.setting === 'detection.repeat_warn' && other.value === value);
  expect(tried(2)).toMatchObject({
    gained: [{ step: 2, rule: 'loop.repeat' }],
    lost: [{ step: 3, rule: 'loop.repeat' }],
  });
  expect(tried(4)).toMatchObject({
    gained: [{ step: 4, rule: 'loop.repeat' }],
    lost: [{ step: 3, rule: 'loop.repeat' }],
  });
  expect(new Set(what_if.map(({ setting }) => setting)).size).toBe(6);
  expect((await replayed(again(4))).what_if).toEqual([]);
});

it('names the line that cannot be read', async () => {
  await expect(replayed([bash('ls'), '', '{"tool":', bash('ls')])).rejects.toThrow(/^run\.jsonl:3: It is not JSON/);
  const said = { type: 'user', message: { content: 'hi' } };
  await expect(replayed([said, '{', said])).rejects.toThrow(/^run\.jsonl:2: /);
  expect(await replayed([said, '{'])).toMatchObject({ steps: 1 });
  await expect(replayed(['', 'npm test'])).rejects.toThrow('run.jsonl:2: This is no JSON object.');
  await expect(replayed([{ command: 'ls' }])).rejects.toThrow('run.jsonl:1: There is neither `tool` nor `type` in it.');
  expect(await replayed([])).toEqual({ steps: 0, flags: [], what_if: [] });
});

it('quotes a record on one line without control characters', async () => {
  const { flags } = await replayed([bash('echo \u001b]0;title\u0007\u202e\nrm -rf /etc/nginx\u0000')]);
  expect(flags).toHaveLength(1);
  expect(flags[0]?.evidence).toBe('echo rm -rf /etc/nginx');
});
