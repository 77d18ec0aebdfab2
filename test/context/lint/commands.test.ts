import { expect, it } from 'vitest';
import { lint } from '../../../context/lint.ts';
import { PORT_MARK } from '../../../context/schemas/scenarios.ts';
import { repositoryWith } from '../temporary.ts';

const FILES = {
  'package.json': '{"scripts": {"test": "vitest run", "check": "node check.js"}}',
  'check.js': '',
  'test/auth.test.ts': '',
  'tools/run.sh': '',
  'py/test_cart.py': '',
};

async function faults(...commands: string[]): Promise<string[]> {
  const scenarios = commands.map((command, at) => ({ id: `S${at}x`, name: `n${at}`, test_command: command }));
  const { folder } = repositoryWith({
    ...FILES,
    '.self-healing/scenarios/a.yaml': `scenarios: ${JSON.stringify(scenarios)}\n`,
  });
  return (await lint(folder)).map(({ code, message }) => `${code}: ${message.replace(/^.* cannot run: /, '')}`);
}

it('leaves commands alone that could run, and what only a shell knows', async () => {
  expect(
    await faults(
      'npm test',
      'npm run check -- --fast',
      'node check.js',
      './tools/run.sh',
      'node --test test/auth.test.ts:12',
      'node runner.js auth.test.ts || true',
      'sh -c "node $SCRIPT" "$X/gone.test.ts" *.gone.test.ts',
      'node -e 1 py/test_cart.py::test_total',
      'cd packages/a && npm run gone && node gone.js',
      'npm run gone --if-present',
      'npm --prefix packages/a run gone',
      'run() { ls; }; run gone.test.ts',
      '[ -f check.js ] && echo yes > out.txt',
      '"$RUNNER" gone.test.ts',
      "node check.js 'a' -o gone.test.js.map",
    ),
  ).toEqual(['no_file: there is no runner.js, which the command names.']);
});

it('names the program, the script or the file that is missing', async () => {
  expect(
    await faults(
      'surely-no-such-program test/auth.test.ts',
      'FOO=1 ./tools/gone.sh | cat',
      'npm run gone',
      'node tools/gone.js',
      'node check.js test/gone.test.ts && node check.js tests/test_gone.py::case',
    ),
  ).toEqual([
    'no_program: there is no program "surely-no-such-program" on PATH or in node_modules/.bin, .venv/bin, venv/bin.',
    'no_program: there is no ./tools/gone.sh.',
    'no_script: package.json has no script "gone".',
    'no_file: there is no tools/gone.js, which the command names.',
    'no_file: there is no test/gone.test.ts, which the command names.',
    'no_file: there is no tests/test_gone.py, which the command names.',
  ]);
});

it('stands at the command, also of a service and of an invariant', async () => {
  const { folder } = repositoryWith({
    '.self-healing/scenarios/a.yaml': `scenarios:\n  - id: S1\n    name: n\n    http:\n      start: gone-server ${PORT_MARK}\n      ready: http://127.0.0.1:${PORT_MARK}/\n      path: /\n    expected: { status: 200 }\n`,
    '.self-healing/invariants.yaml':
      'invariants:\n  - id: I1\n    rule: r\n    severity: critical\n    check:\n      command: gone-check\n',
  });
  expect((await lint(folder)).map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
    '6:16 no_program',
    '5:14 no_program',
  ]);
});
