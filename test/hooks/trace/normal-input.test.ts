import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callKind, normalInput } from '../../../hooks/trace/normal-input.ts';
import { bash, call } from './calls.ts';

const CWD = '/home/dev/app';
const command = (text: string) => normalInput('Bash', { command: text }, CWD);
const read = (input: object) => normalInput('Read', { ...input }, CWD);

describe('the same call', () => {
  it.each([
    ['blanks', 'npm  test\t -- a', 'npm test -- a'],
    ['blanks at the ends and lines between', '  npm test  \t\n\n  npm run lint\n', 'npm test\nnpm run lint'],
    ['a continued line', 'npm test \\\n  -- a', 'npm test -- a'],
    ['where it is anyway', 'cd /home/dev/app && npm test', 'npm test'],
    ['where it is anyway, quoted', 'cd "/home/dev/app/" ; npm test', 'npm test'],
    ['the folder itself', 'cd . && npm test', 'npm test'],
    ['an absolute path', 'npx vitest run /home/dev/app/test/a.test.ts', 'npx vitest run test/a.test.ts'],
    ['a time', 'curl -d "at=2026-11-20T10:00:00Z" x', 'curl -d "at=2026-11-21T11:30:09Z" x'],
    ['an id', 'show 0928e188-c602-45b9-a24e-ac0b6210f1d5', 'show a924564a-0efb-4e07-a60c-d22fabbaf85d'],
    ['a hash', 'git show 5d41402abc4b2a76b9719d911017c592', 'git show 7d793037a0760186574b0282f2f435e7'],
    ['a made-up temporary name', 'node x > /tmp/tmp.aB3xYz9/out.log', 'node x > /tmp/tmp.Zq81Lm0/out.log'],
    ['an address', 'curl http://127.0.0.1:43121/health', 'curl http://127.0.0.1:38811/health'],
    ['a port', 'curl localhost:43121/health', 'curl localhost:38811/health'],
    ['a process', 'wait_for pid 4711', 'wait_for pid 4812'],
  ])('%s', (_what, one, other) => expect(command(one)).toBe(command(other)));

  it('whatever the client adds, in whichever order, and however a path is written', () => {
    const input = { command: 'npm test' };
    expect(normalInput('Bash', { description: 'Run tests', timeout: 9, run_in_background: true, ...input }, CWD)).toBe(
      normalInput('Bash', input, CWD),
    );
    expect(read({ limit: 5, file_path: '/home/dev/app/src/../src//a.ts' })).toBe(
      read({ file_path: 'src/a.ts', limit: 5 }),
    );
    expect(read({ file_path: '/home/dev/app/a.ts', offset: null })).toBe(read({ file_path: './a.ts' }));
    expect(normalInput('Read', { file_path: '/a/b.ts' }, null)).toBe(
      normalInput('Read', { file_path: '/a//b.ts' }, null),
    );
  });
});

describe('another call', () => {
  it.each([
    ['a range of lines', "sed -n '1,50p' a.ts", "sed -n '51,100p' a.ts"],
    ['a blank in quotes', 'grep "a b" x', 'grep "a  b" x'],
    ['an escaped blank', 'cat a\\ b', 'cat a b'],
    ['a line end', 'npm test\nnpm run lint', 'npm test npm run lint'],
    ['another folder', 'cd web && npm test', 'npm test'],
    ['a folder whose name only begins like it', 'cat /home/dev/application/a', 'cat lication/a'],
    ['a path that only ends like it', 'cat /mnt/home/dev/app/a', 'cat /mnta'],
    ['a short commit', 'git show a1b2c3d', 'git show a1b2c3e'],
    ['a temporary file that a person named', 'cat /tmp/out.log', 'cat /tmp/err.log'],
    ['a test', 'npx vitest run test/a1.test.ts', 'npx vitest run test/a2.test.ts'],
  ])('%s', (_what, one, other) => expect(command(one)).not.toBe(command(other)));

  it('with another offset, tool, content or place in it', () => {
    expect(read({ file_path: 'a.ts', offset: 1 })).not.toBe(read({ file_path: 'a.ts', offset: 501 }));
    expect(normalInput('Write', { file_path: 'a' }, CWD)).not.toBe(read({ file_path: 'a' }));
    const write = (content: string) => normalInput('Write', { file_path: 'a', content }, CWD);
    expect(write('a = "2026-11-20"')).not.toBe(write('a = "2026-11-21"'));
    expect(write(`${'x'.repeat(90_000)}1`)).not.toBe(write(`${'x'.repeat(90_000)}2`));
    expect(write('x'.repeat(90_000)).length).toBeLessThan(300);
    const mcp = (value: unknown) => normalInput('mcp__a__b', { filter: { list: [{ deep: value }] } }, CWD);
    expect(mcp(1)).not.toBe(mcp(2));
    expect(mcp('a')).toBe(mcp('a'));
  });
});

it('a kind takes calls together that differ in numbers', () => {
  const kind = (text: string) => callKind(bash(text));
  expect(kind("sed -n '1,50p' a.ts")).toBe(kind("sed -n '51,100p' a.ts"));
  expect(kind('npx vitest run a')).not.toBe(kind('npx vitest run b'));
  expect(kind('cat utf8.txt')).not.toBe(kind('cat utf16.txt'));
  const read = (offset: number) => callKind(call('Read', { file_path: 'a.ts', offset }));
  expect(read(1)).toBe(read(501));
});

it('any input has an identity of bounded length that does not depend on the order of its keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(null, CWD, '/'), (input, cwd) => {
      const text = normalInput('Any', input, cwd);
      expect(text.length).toBeLessThanOrEqual(2000);
      expect(normalInput('Any', Object.fromEntries(Object.entries(input).reverse()), cwd)).toBe(text);
    }),
  );
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => command(`${text} `) === command(text)));
});

it.each(['"\\', '\'"', '\\\n ', '/tmp/', 'a1', 'pid ', '1:', '/home/dev/app/'])(
  'a hostile command is read to its end: %j',
  (piece) => expect(command(piece.repeat(49_000 / piece.length)).length).toBeLessThanOrEqual(2000),
);
