import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readNeutral } from '../../../hooks/trace/neutral.ts';
import { call } from './calls.ts';

const lines = (...values: unknown[]) =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');
const happenings = (...values: unknown[]) => readNeutral(lines(...values)).placed.map(({ happening }) => happening);

it('reads calls with what they say, and prompts, texts and compactions between them', () => {
  const text = lines(
    { tool: 'UserPromptSubmit', input: { prompt: 'Fix it' } },
    { tool: 'Bash', input: { command: 'npm test' }, output: '1 failed', error: 'Exit code 1', tree: 't1', cwd: '/a' },
    '',
    { tool: 'AssistantText', input: 'Let me see', agent: 'a1' },
    { tool: 'PreCompact' },
    { tool: 'Read', input: { file_path: 'a.ts' }, agent: 'a1' },
  );
  expect(readNeutral(text)).toEqual({
    placed: [
      { line: 1, started: 1, happening: { kind: 'prompt', agent: '', text: 'Fix it' } },
      {
        line: 2,
        started: 2,
        happening: call(
          'Bash',
          { command: 'npm test' },
          { outcome: 'error', output: '1 failed', tree: 't1', cwd: '/a' },
        ),
      },
      { line: 4, started: 4, happening: { kind: 'text', agent: 'a1', text: 'Let me see' } },
      { line: 5, started: 5, happening: { kind: 'compaction', agent: '' } },
      { line: 6, started: 6, happening: call('Read', { file_path: 'a.ts' }, { agent: 'a1', cwd: null }) },
    ],
    problems: [],
  });
});

it('tells how a call ended', () => {
  const outcomes = happenings(
    { tool: 'Bash', input: {}, output: 'ok' },
    { tool: 'Bash', input: {}, output: 'Exit code 2\nbad' },
    { tool: 'Bash', input: {}, error: true, output: 'bad' },
    { tool: 'Bash', input: {}, error: false, output: 'bad' },
    { tool: 'Bash', input: {}, error: 'Permission to use Bash has been denied.' },
    {
      tool: 'Edit',
      input: {},
      error: true,
      output: '<tool_use_error>String to replace not found in file.</tool_use_error>',
    },
    { tool: 'Read', input: {}, error: 'File does not exist.' },
    {
      tool: 'Write',
      input: {},
      error: 'a.ts is outside the worktree. Change files below it only. [scope.outside_worktree]',
    },
  ).map((one) => one.kind === 'call' && one.outcome);
  expect(outcomes).toEqual(['ok', 'error', 'error', 'ok', 'refused', 'refused', 'error', 'refused']);
});

it('keeps the beginning and the end of a long output, and reads an output that is no text', () => {
  const [long, object] = happenings(
    { tool: 'Bash', input: {}, output: `begin${'x'.repeat(200_000)}end` },
    { tool: 'mcp__a__b', input: {}, output: { count: 1 } },
  );
  expect(long).toMatchObject({
    output: expect.stringMatching(/^beginx+\n\.\.\. \[\d+ characters truncated\] \.\.\.\nx+end$/),
  });
  expect(long?.kind === 'call' && long.output.length).toBeLessThanOrEqual(64_000);
  expect(object).toMatchObject({ output: '{"count":1}' });
});

it('names each line that it cannot read, and reads the others', () => {
  const { placed, problems } = readNeutral(
    lines('{"tool":', { tool: 'Read' }, { input: {} }, { tool: 'Bash', input: 7 }, [1]),
  );
  expect(placed.map(({ line }) => line)).toEqual([2]);
  expect(problems.map(({ line, message }) => [line, message.split(/[.:]/)[0]])).toEqual([
    [1, 'It is not JSON'],
    [3, 'tool'],
    [4, 'input'],
    [5, 'the line'],
  ]);
});

it('never throws: each line that is not empty is read or a problem', () => {
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify({ tool: 'Bash', input: value, output: value })),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (all) => {
      const text = all.join('\n');
      const { placed, problems } = readNeutral(text);
      const told = [...placed, ...problems].map((one) => one.line).sort((a, b) => a - b);
      expect(told).toEqual(text.split('\n').flatMap((one, index) => (one.trim() === '' ? [] : [index + 1])));
    }),
  );
});
