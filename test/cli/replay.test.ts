import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { write } from '../write.ts';
import { cli, repository, scratch } from './program.ts';

const ESC = '\u001b';
const call = (command: string, output: string) => JSON.stringify({ tool: 'Bash', input: { command }, output });
const RUN = [
  ...Array.from({ length: 4 }, () => call('cat notes.md', 'the same')),
  call(`git push origin main # ${ESC}[2J`, 'done'),
];

it('tells step, rule, evidence and advice, what thresholds would change, and what to do next', async () => {
  write(scratch, { 'run.jsonl': `${RUN.join('\n')}\n` });
  const { exit, stdout, stderr } = await cli(scratch, ['replay', 'run.jsonl']);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/^5 steps, 2 flags\./);
  expect(stdout).toMatch(/line 3 {2}loop\.repeat {2}strike 1\n {2}rule: .*\n(.|\n)* {2}seen: .*\n(.|\n)* {2}advice: /);
  expect(stdout).toMatch(/line 5 {2}publish\.push {2}strike 1\n/);
  expect(stdout).toMatch(/detection\.repeat_warn: 4 {2}gains loop\.repeat at 4; loses loop\.repeat at 3/);
  expect(stdout).toMatch(/\nTo try one of them: self-healing replay run\.jsonl --set detection\.\w+=[\d.]+\n$/);
  expect(stdout.includes(ESC)).toBe(false);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('prints one JSON document, and reads standard input', async () => {
  const { stdout } = await cli(scratch, ['replay', '-', '--json'], { input: RUN.join('\n') });
  const { steps, flags, what_if } = JSON.parse(stdout);
  expect(steps).toBe(5);
  expect(flags).toEqual([
    { step: 3, rule: 'loop.repeat', strike: 1, evidence: expect.any(String), advice: expect.any(String) },
    { step: 5, rule: 'publish.push', strike: 1, evidence: expect.any(String), advice: expect.any(String) },
  ]);
  expect(what_if).toContainEqual({
    setting: 'detection.repeat_warn',
    value: 2,
    flags: 1,
    gained: [{ step: 2, rule: 'loop.repeat' }],
    lost: [{ step: 3, rule: 'loop.repeat' }],
  });
});

it("takes thresholds from the repository's config, and from --set wherever the file stands", async () => {
  const root = repository({ '.self-healing/config.yaml': 'version: "1.0"\ndetection: { repeat_warn: 4 }\n' });
  write(root, { 'run.jsonl': RUN.join('\n') });
  const steps = async (...words: string[]) => {
    const { stdout } = await cli(root, ['replay', ...words, '--json']);
    return JSON.parse(stdout).flags.flatMap(({ step, rule }: { step: number; rule: string }) =>
      rule === 'loop.repeat' ? [step] : [],
    );
  };
  expect(await steps('run.jsonl')).toEqual([4]);
  expect(await steps('run.jsonl', '--set', 'detection.repeat_warn=2')).toEqual([2]);
  expect(await steps('--set', 'detection.repeat_warn=2', 'detection.repeat_stop=9', 'run.jsonl')).toEqual([2]);
  const { stdout } = await cli(root, ['replay', '--set', 'detection.repeat_warn=2', '--', 'run.jsonl']);
  expect(stdout).toContain('To keep it: detection: { repeat_warn: 2 } in .self-healing/config.yaml.');
});

it.each([
  [['replay'], '', 'error: Which run?'],
  [['replay', 'missing.jsonl'], '', 'error: There is no file missing.jsonl.'],
  [['replay', '-'], 'npm test\n', 'error: standard input:1: This is no JSON object.'],
  [['replay', '-'], '{"tool":', 'error: standard input:1: This is no JSON object.'],
  [['replay', '-'], `${RUN[0]}\n{"tool":\n${RUN[1]}`, 'error: standard input:2: It is not JSON.'],
  [['replay', '-'], `${RUN[0]}\nnpm test\n`, 'error: standard input:2: It is not JSON.'],
  [['replay', '-', '--set', 'detection.repeat=4'], '', 'error: --set detection.repeat=4: there is no threshold'],
  [['replay', '-', '--set', 'detection.window=0'], '', 'error: --set detection.window=0: '],
  [['replay', '-', '--set', 'detection.window='], '', 'error: --set detection.window=: the value is missing.'],
  [['replay', '-', '--set', 'detection.window=4=5'], '', 'error: --set detection.window=4=5: 4=5 is no number.'],
  [['replay', '-', '--set', '=4'], '', 'error: --set =4: there is no threshold without a name.'],
  [['replay', '-', '--set', 'repeat_warn'], '', 'error: --set repeat_warn: a threshold and its value are missing.'],
])('%j says what is wrong and ends with 2', async (words, input, message) => {
  const { exit, stderr } = await cli(scratch, words, { input });
  expect(stderr.startsWith(message), stderr).toBe(true);
  expect(exit).toBe(2);
});

it('says so when there is nothing in the file', async () => {
  write(scratch, { 'empty.jsonl': '' });
  const { exit, stdout } = await cli(scratch, ['replay', join(scratch, 'empty.jsonl')]);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/holds no step of a run: there is nothing to replay\.\n$/);
});

it('leaves the last line out where it is cut off, as of a session that is still going, and says so', async () => {
  const run = [...RUN.slice(0, 4), '', '{"tool":"Bash","inp'];
  const { exit, stdout, stderr } = await cli(scratch, ['replay', '-', '--json'], { input: run.join('\n') });
  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: 'standard input:6: The last line is cut off. It is left out.\n',
  });
  expect(JSON.parse(stdout)).toMatchObject({ steps: 4, flags: [{ step: 3 }] });
});

it('names settings and files as they can be written: each threshold once, the file as one word of a shell', async () => {
  write(scratch, { "it's a run.jsonl": RUN.join('\n') });
  const set = (value: number) => ['--set', `detection.repeat_warn=${value}`];
  const { stdout } = await cli(scratch, ['replay', "it's a run.jsonl", ...set(2), ...set(4)]);
  expect(stdout).toMatch(/^5 steps, 2 flags\. With detection\.repeat_warn: 4\.\n/);
  expect(stdout).toContain('To keep it: detection: { repeat_warn: 4 } in .self-healing/config.yaml.');
  const { stdout: plain } = await cli(scratch, ['replay', "it's a run.jsonl"]);
  expect(plain).toContain("self-healing replay 'it'\\''s a run.jsonl' --set");
});

it.runIf(process.getuid?.() !== 0)('says which file may not be read', async () => {
  write(scratch, { 'secret.jsonl': RUN.join('\n') });
  chmodSync(join(scratch, 'secret.jsonl'), 0);
  const { exit, stderr } = await cli(scratch, ['replay', 'secret.jsonl']);
  expect(stderr).toMatch(/^error: secret\.jsonl cannot be read: EACCES/);
  expect(exit).toBe(2);
});

it('goes on over lines of a transcript that another version of the client may write, and names the first of them', async () => {
  const use = (id: string) => ({ type: 'tool_use', id, name: 'Bash', input: { command: 'npm run lint' } });
  const turns = ['a', 'b', 'c'].flatMap((id) => [
    { type: 'assistant', message: { id, content: [{ type: 'hologram' }, use(id)] }, novelty: 1 },
    { type: 'user', message: 'odd' },
    { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: id, content: 'no', is_error: true }] } },
    { type: 'novelty', message: { text: 5 } },
  ]);
  const lines = [...turns, { type: 'assistant' }].map((line) => JSON.stringify(line));
  const { exit, stdout, stderr } = await cli(scratch, ['replay', '-', '--json'], { input: lines.join('\n') });
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ steps: 3, flags: [{ step: 11, rule: 'loop.repeat' }] });
  expect(stderr.split('\n').map((line) => line.replace(/: A line of type .* It is/, ''))).toEqual([
    'standard input:2 left out.',
    'standard input:6 left out.',
    'standard input:10 left out.',
    '1 more left out.',
    '',
  ]);
});
