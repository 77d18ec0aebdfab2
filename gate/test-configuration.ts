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
  // Go and Java
  '.golangci.{yml,yaml,toml,json}',
  'junit-platform.properties',
  'testng.xml',
  'checkstyle.xml',
  // commands
  '{gnu,}makefile',
  '{.,}justfile',
  'taskfile.y{,a}ml',
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
  'wdio.conf.*',
  'jasmine.json',
  'jest.preset.*',
  'bunfig.toml',
  'deno.json{,c}',
  // what installs and starts them
  '.pnpmfile.{js,cjs,mjs}',
  'pnpm-workspace.yaml',
  '.yarnrc.yml',
  'nx.json',
  'turbo.json',
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

const PATTERNS = [
  ...NAMES.map((name) => `**/${name}`),
  '**/__mocks__/**',
  '**/{test,tests,spec,__tests__}/setup.*',
  // Changes to installed packages, the runner among them.
  '**/patches/*.patch',
  '**/.yarn/patches/**',
];

export function isTestConfiguration(path: string): boolean {
  return matches(PATTERNS, path.toLowerCase());
}
