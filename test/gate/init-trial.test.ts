import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWorkingLaw } from '../../context/law.ts';
import { openRepository, resolveCommit } from '../../context/repository.ts';
import { initTrial } from '../../gate/init-trial.ts';
import { freshFolder, sampleRepository } from '../healer/sample-repository.ts';

const home = process.env.SELF_HEALING_HOME;
beforeAll(() => {
  process.env.SELF_HEALING_HOME = freshFolder('home');
});
afterAll(() => {
  if (home === undefined) delete process.env.SELF_HEALING_HOME;
  else process.env.SELF_HEALING_HOME = home;
});

async function tried(files: Record<string, string>, limits = {}) {
  const { root } = await sampleRepository(files);
  const repository = await openRepository(root);
  const base = await resolveCommit(repository, 'HEAD');
  const lines: string[] = [];
  const trial = await initTrial({
    repository,
    base,
    law: await readWorkingLaw(root),
    withScenarios: true,
    limits,
    onProgress: (line) => lines.push(line),
  });
  return { ...trial, lines };
}

const test = (name: string, body: string, from: string) =>
  `import test from 'node:test';\nimport assert from 'node:assert';\nimport { value } from '${from}';\ntest('${name}', () => ${body});\n`;
const FILES = {
  'src/a.mjs': 'export const value = 1;\n',
  'test/a.test.mjs': test('a is one', 'assert.equal(value, 1)', '../src/a.mjs'),
};
const manifest = (scripts: Record<string, string>, more = {}) => JSON.stringify({ scripts, ...more });

it('makes scenarios of green files only, and tells what is red and which check fails', async () => {
  const {
    tried: result,
    scenarios,
    checks,
  } = await tried({
    ...FILES,
    'package.json': manifest({ test: 'node --test', lint: 'exit 3', types: 'true' }),
    'src/b.mjs': 'export const value = 2;\n',
    'test/b.test.mjs': test('b is three', 'assert.equal(value, 3)', '../src/b.mjs'),
  });
  expect(result).toMatchObject({
    status: 'red',
    counts: { passed: 1, failed: 1 },
    failing: ['test/b.test.mjs > b is three'],
  });
  expect(scenarios).toEqual([
    {
      module: 'a',
      file: 'test/a.test.mjs',
      files: ['src/a.mjs'],
      name: 'a is one',
      command: 'npm test -- test/a.test.mjs',
    },
  ]);
  expect(checks).toMatchObject([
    { command: 'npm run lint', red: expect.stringContaining('3') },
    { command: 'npm run types' },
  ]);
  expect(checks[1]).not.toHaveProperty('red');
});

it('leaves out a hook that cannot run here, and builds what the tests need', async () => {
  const hooked = await tried({
    ...FILES,
    'package.json': manifest({ pretest: 'no-such-linter', test: 'node --test' }),
  });
  expect(hooked.tried).toMatchObject({ status: 'green', command: 'node --test', instead_of: 'npm test' });
  const built = await tried({
    '.gitignore': 'dist\n',
    'package.json': manifest({ test: 'node --test', build: 'mkdir -p dist && cp src/a.mjs dist/a.mjs' }),
    'src/a.mjs': FILES['src/a.mjs'],
    'test/a.test.mjs': test('a is one', 'assert.equal(value, 1)', '../dist/a.mjs'),
  });
  expect(built.tried).toMatchObject({ status: 'green', command: 'npm run build && npm test' });
});

it('says what blocks, with the line to change, and when there was no time', async () => {
  const missing = await tried({
    'package.json': manifest({ test: 'no-such-runner --all' }),
    'package-lock.json': '{}',
  });
  expect(missing.tried).toMatchObject({
    status: 'blocked',
    why: expect.stringContaining('no-such-runner'),
    advice: expect.stringContaining('worktree: { setup: npm ci }'),
  });
  const slow = await tried(
    {
      'package.json': manifest({ test: 'node --test' }),
      'a.test.mjs': 'await new Promise((done) => setTimeout(done, 60_000));',
    },
    { command: 1_500 },
  );
  expect(slow.tried).toMatchObject({ status: 'blocked', why: expect.stringContaining('within 1.5 s'), advice: '' });
  expect(slow.scenarios).toEqual([]);
});
