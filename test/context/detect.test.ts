import { describe, expect, it } from 'vitest';
import { detect } from '../../context/detect.ts';

function project(files: Record<string, string>, installed: string[] = []) {
  return detect({
    paths: Object.keys(files),
    read: async (path) => files[path],
    installed: async (path) => installed.includes(path),
  });
}

const script = (test: string, more: object = {}) => JSON.stringify({ scripts: { test }, ...more });

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
      services: [{ name: 'app', paths: ['app/**'], why: 'there is a app/Dockerfile' }],
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
