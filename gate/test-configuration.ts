/**
 * Files that a test runner, interpreter, compiler or linter loads on its own. One of them added or changed can alter what
 * every other test does without touching a test, so a fix leaves them alone.
 */
import { matches } from '../context/path-rules.ts';

const NAMES = [
  // Python
  'conftest.py',
  '{.,}pytest.ini',
  'tox.ini',
  'sitecustomize.py',
  'usercustomize.py',
  '*.pth',
  '.coveragerc',
  'noxfile.py',
  '{.,}ruff.toml',
  '.flake8',
  '{.,}mypy.ini',
  '{.,}pylintrc',
  'pyrightconfig.json',
  // JavaScript and TypeScript test runners
  'jest.config.*',
  'jest.setup.*',
  'jest-setup.*',
  'setup{-,}jest.*',
  'setup{t,-t,.t}ests.*',
  'test-setup.*',
  'vitest.config.*',
  'vitest.setup.*',
  'vitest-setup.*',
  'vitest.workspace.*',
  'vitest.projects.*',
  'vite.config.*',
  '.mocharc{,.*}',
  'mocha.opts',
  'ava.config.*',
  '.taprc',
  'karma.conf.*',
  'playwright.config.*',
  'cypress.config.*',
  // what translates and measures the tests
  'babel.config.*',
  '.babelrc{,.*}',
  '.swcrc',
  'tsconfig{,.*}.json',
  'jsconfig.json',
  '.nycrc{,.*}',
  '.c8rc{,.*}',
  'nyc.config.*',
  'codecov.y{,a}ml',
  '.codecov.y{,a}ml',
  // linters
  'eslint.config.*',
  '.eslintrc{,.*}',
  '.eslintignore',
  'biome.json{,c}',
  '.prettierrc{,.*}',
  'prettier.config.*',
  '.prettierignore',
  '.oxlintrc.json',
];

const PATTERNS = [...NAMES.map((name) => `**/${name}`), '**/__mocks__/**', '**/{test,tests,spec,__tests__}/setup.*'];

export function isTestConfiguration(path: string): boolean {
  return matches(PATTERNS, path.toLowerCase());
}
