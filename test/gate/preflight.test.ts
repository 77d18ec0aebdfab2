/** Whether a project's tests run on the base, tried before anybody is paid for a fix. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readLaw } from '../../context/law.ts';
import { preflight } from '../../gate/preflight.ts';
import { commit, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const GREEN = "import test from 'node:test';\ntest('adds', () => {});\n";
const RED = "import test from 'node:test';\ntest('subtracts', () => { throw new Error('since long'); });\n";
const TESTED = { 'package.json': '{ "type": "module" }\n', 'test/a.test.js': GREEN };
const EVENT = { source: 'log' as const, message: 'Cannot read properties of undefined' };

async function tried(
  files: Record<string, string>,
  config = '',
  event: Partial<typeof EVENT> | { source: 'github' } = {},
) {
  const sample = await sampleRepository(files);
  if (config !== '') write(sample.root, { '.self-healing/config.yaml': config });
  const again = async (extra: { cache?: Map<string, unknown>; onProgress?: (line: string) => void } = {}) => {
    const { cache, ...rest } = extra;
    return preflight({
      repository: sample.repository,
      law: await readLaw(sample.repository, { commit: sample.base }),
      base: sample.base,
      event: { ...EVENT, ...event },
      ...(cache ? { cache: { get: (key) => cache.get(key), set: (key, value) => void cache.set(key, value) } } : {}),
      ...rest,
    });
  };
  return { ...sample, again, result: await again() };
}

describe('tests that run', () => {
  it('are counted, once for as long as nothing changes', async () => {
    const { again, result } = await tried(TESTED);
    expect(result).toMatchObject({
      status: 'ran',
      command: 'node --test',
      counts: { passed: 1, failed: 0 },
      failing: [],
    });
    const cache = new Map<string, unknown>();
    const runs: string[] = [];
    for (let time = 0; time < 2; time++) await again({ cache, onProgress: (line) => runs.push(line) });
    expect(runs).toEqual(['running on the base: node --test']);
  });

  it('and are partly red go on, with the line that declares those cases known', async () => {
    const { again, root, result } = await tried({ ...TESTED, 'test/b.test.js': RED });
    expect(result).toMatchObject({ status: 'ran', counts: { passed: 1, failed: 1 } });
    if (result.status !== 'ran') throw new Error();
    expect(result.failing).toHaveLength(1);
    expect(parse(result.lift ?? '')).toEqual({ tests: { known_failing: result.failing } });
    write(root, { '.self-healing/config.yaml': `${result.lift}\n` });
    expect(await again()).toMatchObject({ status: 'ran', failing: [] });
  });
});

describe('tests that cannot run', () => {
  it.each([
    [
      'no command at all',
      { 'package.json': '{ "scripts": { "test": "echo no test specified && exit 1" } }\n' },
      '',
      /placeholder/,
      'tests: { command: npm test }',
    ],
    [
      'a program that is not there, where the project names another command',
      { ...TESTED, 'package-lock.json': '{}\n' },
      'tests: { command: no-such-runner --all }\n',
      /program was not found .*no-such-runner/,
      'tests: { command: node --test }',
    ],
    [
      'a runner that is not installed',
      { 'package.json': '{ "scripts": { "test": "no-such-runner run" } }\n', 'package-lock.json': '{}\n' },
      '',
      /no-such-runner/,
      'worktree: { setup: npm ci }',
    ],
    [
      'a program that nothing in the project would install',
      { 'package.json': '{ "scripts": { "test": "no-such-runner run" } }\n' },
      '',
      /no-such-runner/,
      'tests: { known_failing: [S000] }',
    ],
    [
      'a package that every test needs',
      {
        ...TESTED,
        'requirements.txt': 'x\n',
        'test/a.test.js': `import 'no-such-package';\n${GREEN}`,
      },
      '',
      /did not load.*no-such-package/,
      'worktree: { setup: python3 -m venv .venv && .venv/bin/python -m pip install -r requirements.txt }',
    ],
    [
      'a command that counts nothing',
      { ...TESTED, Makefile: 'check:\n\ttrue\n' },
      'tests: { command: make check }\n',
      /its runner is not known/,
      'tests: { command: node --test }',
    ],
    [
      'a suite without a case',
      { 'package.json': '{}\n', 'test/a.test.js': '' },
      'tests: { command: "node --test nothing-here/" }\n',
      /./,
      'tests: { known_failing: [S000] }',
    ],
    [
      'no end in time',
      {
        ...TESTED,
        'test/a.test.js':
          "import test from 'node:test';\ntest('a', () => new Promise((done) => setTimeout(done, 60000)));\n",
      },
      'tests: { timeout: 1s }\n',
      /ended after 1 s/,
      'tests: { timeout: 2s }',
    ],
  ])('for %s are told with the line that lifts it', async (_name, files, config, why, line) => {
    const { result } = await tried(files, config);
    expect(result).toMatchObject({ status: 'blocked', advice: { line: `${line}  # in .self-healing/config.yaml` } });
    if (result.status === 'blocked') expect(result.why).toMatch(why);
  });

  it('run once the line is written', async () => {
    const { again, root, result } = await tried(TESTED, 'tests: { command: no-such-runner }\n');
    if (result.status !== 'blocked') throw new Error(result.status);
    write(root, { '.self-healing/config.yaml': `${result.advice.line}\n` });
    expect(await again()).toMatchObject({ status: 'ran', counts: { passed: 1 } });
  });

  it('are passed over where the law does not ask for them, or where they may be the incident', async () => {
    const gone = 'tests: { command: no-such-runner, known_failing: [S000] }\n';
    expect((await tried(TESTED, gone)).result).toMatchObject({ status: 'passed_over' });
    const command = 'tests: { command: no-such-runner }\n';
    expect((await tried(TESTED, command, { source: 'github' })).result).toMatchObject({ status: 'passed_over' });
    const broken = { ...TESTED, 'test/a.test.js': `${GREEN}throw new Error('the region 17 is not configured');\n` };
    const event = { message: 'the region 42 is not configured' };
    expect((await tried(broken, '', event)).result).toMatchObject({ status: 'passed_over' });
    expect((await tried(broken)).result).toMatchObject({ status: 'blocked' });
  });
});

it('is about the base, whatever lies in the checkout', async () => {
  const { root, again } = await tried(TESTED);
  commit(root, { 'test/b.test.js': RED });
  expect(await again()).toMatchObject({ status: 'ran', failing: [] });
});
