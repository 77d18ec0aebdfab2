import { describe, expect, it } from 'vitest';
import { detect } from '../../context/detect.ts';

function project(files: Record<string, string>, installed: string[] = [], programs: string[] = []) {
  return detect({
    paths: Object.keys(files),
    read: async (path) => files[path],
    installed: async (path) => installed.includes(path),
    runs: async (program) => programs.includes(program),
  });
}

const script = (test: string, more: object = {}) => JSON.stringify({ scripts: { test }, ...more });

const workspace = (root: object): Record<string, string> => ({
  'package.json': JSON.stringify({ workspaces: ['packages/*'], ...root }),
  'packages/a/package.json': script('vitest run', { name: '@shop/a' }),
  'packages/b/package.json': JSON.stringify({ name: '@shop/b', scripts: { test: 'jest', start: 'node .' } }),
  'packages/b/index.ts': '',
});

describe('detect', () => {
  it.each<[string, Record<string, string>, string]>([
    ['an npm script', { 'package.json': script('vitest run') }, 'npm test'],
    ['pnpm by its lock file', { 'package.json': script('jest'), 'pnpm-lock.yaml': '' }, 'pnpm test'],
    ['yarn by packageManager', { 'package.json': script('jest', { packageManager: 'yarn@4.1.0' }) }, 'yarn test'],
    ['bun', { 'package.json': script('bun test'), 'bun.lock': '' }, 'bun run test'],
    [
      "npm's placeholder, with vitest installed",
      { 'package.json': script('echo "Error: no test specified" && exit 1', { devDependencies: { vitest: '^4' } }) },
      'npx vitest run',
    ],
    [
      'a script that never ends',
      { 'package.json': script('jest --watch', { devDependencies: { jest: '*' } }) },
      'npx jest',
    ],
    ['--watch=false', { 'package.json': script('jest --watch=false') }, 'npm test'],
    ['mocha without a script', { 'package.json': '{"devDependencies": {"mocha": "*"}}' }, 'npx mocha'],
    ['node:test', { 'package.json': '{}', 'test/a.test.mjs': "import test from 'node:test'" }, 'node --test'],
    [
      'node:test in TypeScript, with tsx',
      { 'package.json': '{"devDependencies": {"tsx": "*"}}', 'test/a.test.ts': "import 'node:test'" },
      'node --import tsx --test test/*.test.ts',
    ],
    [
      'node:test in TypeScript, with nothing',
      { 'package.json': '{}', 'src/a.test.ts': "import 'node:test'", 'src/a.ts': '' },
      'node --experimental-strip-types --test src/*.test.ts',
    ],
    ['a workspace without a script of its own', workspace({}), 'npm test --workspaces --if-present'],
    ['a workspace with a script of its own', workspace({ scripts: { test: 'vitest run' } }), 'npm test'],
    ['turbo', workspace({ scripts: { test: 'turbo run test' } }), 'npm test --workspaces --if-present'],
    [
      'a workspace with a placeholder',
      { ...workspace({}), 'packages/c/package.json': script('echo "Error: no test specified" && exit 1') },
      'npm test -w packages/a -w packages/b',
    ],
    [
      "pnpm's workspaces",
      {
        ...workspace({ workspaces: undefined }),
        'pnpm-workspace.yaml': 'packages: ["packages/*"]',
        'pnpm-lock.yaml': '',
      },
      'pnpm -r test',
    ],
    ['pytest in pyproject', { 'a.py': '', 'pyproject.toml': '[tool.pytest.ini_options]\n' }, 'python3 -m pytest'],
    ['pytest in requirements', { 'a.py': '', 'requirements-dev.txt': 'flask\npytest==8\n' }, 'python3 -m pytest'],
    ['pytest by its files', { 'tests/test_a.py': 'def test_a(): pass' }, 'python3 -m pytest'],
    ['unittest', { 'tests/test_a.py': 'import unittest' }, 'python3 -m unittest discover -s tests'],
    [
      'unittest in a package',
      { 'tests/__init__.py': '', 'tests/test_a.py': 'import unittest' },
      'python3 -m unittest discover -s tests -t .',
    ],
    ['go', { 'go.mod': 'module x', 'main.go': '' }, 'go test ./...'],
    ['cargo', { 'Cargo.toml': '', 'src/main.rs': '' }, 'cargo test'],
    ['maven with a wrapper', { 'pom.xml': '', mvnw: '' }, './mvnw -B test'],
    ['gradle', { 'build.gradle.kts': '', gradlew: '' }, './gradlew test'],
    ['make', { Makefile: 'build:\n\tcc\ntest: build\n\t./t\n' }, 'make test'],
    ['nothing', { 'README.md': '' }, ''],
    ['a placeholder and nothing else', { 'package.json': script('echo no test specified') }, ''],
    ['a broken package.json', { 'package.json': '{' }, ''],
  ])('finds the test command of %s', async (_, files, command) => {
    expect((await project(files)).testCommand).toBe(command);
  });

  it("uses the project's own interpreter, ignored or not", async () => {
    const files = { 'tests/test_a.py': 'import pytest' };
    expect((await project(files, ['.venv/bin/python'])).testCommand).toBe('.venv/bin/python -m pytest');
    expect((await project(files, ['venv/bin/python'])).testCommand).toBe('venv/bin/python -m pytest');
  });

  it('asks the tool that knows the environment, where there is none beside the code', async () => {
    const files = { 'tests/test_a.py': 'import pytest', 'uv.lock': '' };
    expect((await project(files, [], ['uv'])).testCommand).toBe('uv run python -m pytest');
    expect((await project(files, ['.venv/bin/python'], ['uv'])).testCommand).toBe('.venv/bin/python -m pytest');
    const { testCommand, why } = await project(files);
    expect(testCommand).toBe('python3 -m pytest');
    expect(why.join()).toContain('uv is not installed');
  });

  it('finds the services that people deploy, and where their images put them', async () => {
    const { services } = await project({
      ...workspace({}),
      'compose.yaml':
        'services: {db: {image: postgres}, pay: {build: ./pay}, web: {build: {context: ., dockerfile: web.docker}}}',
      'pay/Dockerfile': 'FROM python\nWORKDIR /srv/pay\n',
      'web.docker': 'FROM node AS build\nWORKDIR /build\nFROM node\nWORKDIR /app\n',
      'tools/pyproject.toml': '[project]\nname = "stock-tools"\n[project.scripts]\nx = "y:z"\n',
      'tools/src/stock_tools/__init__.py': '',
    });
    expect(services.map(({ why: _, ...rest }) => rest)).toEqual([
      { name: 'pay', tag: 'PAY', paths: ['pay/**'], strip: '' },
      { name: 'web', tag: 'WEB', paths: ['**'], strip: '/app' },
      { name: 'b', tag: 'B', paths: ['packages/b/**'], strip: '' },
      { name: 'stock-tools', tag: 'ST', paths: ['tools/src/stock_tools/**'], strip: '' },
    ]);
  });

  it('prefers the main language and says what it left out, in words', async () => {
    const found = await project({
      'package.json': script('eslint .'),
      'app/a.py': '',
      'app/b.py': '',
      'tests/test_a.py': 'import pytest',
      'app/Dockerfile': '',
      'node_modules/x/index.js': '',
    });
    expect(found).toEqual({
      languages: ['python'],
      testCommand: 'python3 -m pytest',
      testWhy: 'tests/test_a.py is a test file',
      services: [{ name: 'app', tag: 'APP', paths: ['app/**'], strip: '', why: 'there is a app/Dockerfile' }],
      why: [
        'Languages: python.',
        'Test command: python3 -m pytest (tests/test_a.py is a test file).',
        'Not used: npm test (package.json has a test script: eslint .).',
        'Service: app (there is a app/Dockerfile).',
      ],
    });
  });

  it('says why it found nothing', async () => {
    expect((await project({ 'package.json': '{' })).why).toContain('No test command: package.json is not valid JSON.');
  });
});
