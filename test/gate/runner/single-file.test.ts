import { expect, it } from 'vitest';
import { innerCommand, singleFileCommands } from '../../../gate/runner/single-file.ts';

const folders: Record<string, Record<string, string>> = {
  '': {
    test: 'vitest run',
    jest: 'NODE_ENV=test jest --ci',
    node: 'node --import tsx --test test/*.test.ts',
    all: 'npm run test --workspaces',
    built: 'npm run build && vitest run',
    build: 'tsc -b',
  },
  'packages/api': { test: 'vitest run' },
  'packages/core': { test: 'jest' },
};
const packages = {
  scripts: (folder: string) => folders[folder],
  workspaces: () => ['packages/api', 'packages/core'].map((folder) => ({ folder, name: `@shop/${folder.slice(9)}` })),
};

it.each([
  ['npm test', 'test/a.test.ts', ['npm test -- test/a.test.ts']],
  ['npm run jest', 'test/a.test.ts', ['npm run jest -- --runTestsByPath test/a.test.ts']],
  ['npm run node', 'test/a.test.ts', ['node --import tsx --test test/a.test.ts']],
  ['npm run all', 'packages/api/test/a.test.ts', ['npm run test -w packages/api -- test/a.test.ts']],
  ['npm test --workspaces', 'packages/core/a.test.js', ['npm test -w packages/core -- --runTestsByPath a.test.js']],
  ['pnpm -r test', 'packages/api/test/a.test.ts', ['cd ./packages/api && pnpm test test/a.test.ts']],
  ['npm test --workspaces', 'test/a.test.ts', []],
  [
    'npm run build && npm test',
    'test/a.test.ts',
    ['npm test -- test/a.test.ts', 'npm run build && npm test -- test/a.test.ts'],
  ],
  ['npx vitest run', "test/it's.test.ts", [`npx vitest run 'test/it'\\''s.test.ts'`]],
  ['.venv/bin/python -m pytest tests -q', 'tests/test_a.py', ['.venv/bin/python -m pytest -q tests/test_a.py']],
  ['python3 -m unittest discover -s tests', 'tests/test_a.py', ['python3 -m unittest discover -s tests -p test_a.py']],
  ['make test', 'tests/a.py', []],
])('%s, only %s', (command, file, commands) => {
  expect(singleFileCommands(command, file, packages)).toEqual(commands);
});

it('knows what a script starts in the end', () => {
  expect(innerCommand('npm test', packages)).toBe('npx vitest run');
  expect(innerCommand('npm test -w packages/core', packages)).toBe('cd packages/core && npx jest');
  expect(innerCommand('npm run all', packages)).toBe(null);
  expect(innerCommand('npx vitest run', packages)).toBe(null);
});
