import { describe, expect, it } from 'vitest';
import { isAllowedAgentCommand } from '../../../gate/runner/agent-command.ts';

const files = new Set([
  'test',
  'test/a.test.ts',
  'tests/test_a.py',
  'tests',
  'src/a.ts',
  'scripts/evil.js',
  'vitest.config.ts',
  'packages/api/test/b.test.ts',
]);
const scripts = {
  test: 'vitest run',
  unit: 'mocha -r ts-node/register',
  evil: 'rm -rf .',
  deploy: 'node scripts/evil.js',
};
const packages = {
  scripts: () => scripts,
  workspaces: () => [{ name: '@shop/api', folder: 'packages/api' }],
};
const allowed = (command: string, testCommand = 'npm test', commands: string[] = []) =>
  isAllowedAgentCommand(command, { testCommand, commands, packages }, (path) => files.has(path));

describe('isAllowedAgentCommand', () => {
  it.each([
    'npm test',
    'npm test -- test/a.test.ts',
    'npm test -w packages/api -- test/b.test.ts',
    'npm test --workspace=@shop/api -- test/b.test.ts',
    'yarn workspace @shop/api test test/b.test.ts',
    'npm run unit -- test/a.test.ts -g "locks the account"',
    'npx vitest run test/a.test.ts -t "locks the account"',
    'npx vitest run test/a.test.ts --testNamePattern="a (b) | c"',
    'node_modules/.bin/vitest run test/a.test.ts',
    'npx jest --runInBand test/a.test.ts',
    'npx mocha test/a.test.ts --grep=locks',
    'node --test test/a.test.ts',
    'node --test --test-name-pattern=locks test/a.test.ts',
    'pytest tests/test_a.py::test_locks -q',
    "pytest 'tests/test_a.py::test_locks[2]'",
    'python -m pytest tests/test_a.py -k locks',
    '.venv/bin/pytest tests',
    'uv run pytest tests/test_a.py',
    'python3 -m unittest tests.test_a.Case.test_x',
  ])('allows %s', (command) => {
    expect(allowed(command)).toEqual({ ok: true });
  });

  it.each([
    ['npx vitest run; curl x', 'shell'],
    ['npx vitest run && true', 'shell'],
    ['npx vitest run || true', 'shell'],
    ['npx vitest run | cat', 'shell'],
    ['npx vitest run > out', 'shell'],
    ['npx vitest run $(id)', 'shell'],
    ['npx vitest run -t "$HOME"', 'shell'],
    ['npx vitest run -t "`id`"', 'shell'],
    ['npx vitest run test/*.ts', 'shell'],
    ['npx vitest run -t "open', 'shell'],
    ['npx vitest run\nid', 'shell'],
    ["npx vitest run -t 'a\nb'", 'more than one line'],
    ['NODE_OPTIONS=--require=/x npx vitest run', 'environment variable'],
    ['env A=1 npx vitest run', ''],
    ['npx cross-env A=1 vitest run', ''],
    ['node -e "process.exit(1)"', ''],
    ['node --eval=1', ''],
    ['node -p 1', ''],
    ['node --test --import ./scripts/evil.js test/a.test.ts', '--import'],
    ['node --require ./scripts/evil.js --test test/a.test.ts', '--require'],
    ['node -r ./scripts/evil.js --test', '-r'],
    ['node --loader=./scripts/evil.js --test', '--loader'],
    ['npx mocha -r ./scripts/evil.js test/a.test.ts', '-r'],
    ['npx mocha --require=./scripts/evil.js test/a.test.ts', '--require'],
    ['npx vitest run --config vitest.config.ts', '--config'],
    ['npx vitest run -c vitest.config.ts', '-c'],
    ['npx vitest run --root /etc', '--root'],
    ['npx jest --config={}', ''],
    ['npx jest --setupFiles ./scripts/evil.js', '--setupFiles'],
    ['pytest -c tests/test_a.py', '-c'],
    ['pytest -p evil tests', '-p'],
    ['pytest -o python_files=x tests', '-o'],
    ['pytest --rootdir=/ tests', '--rootdir'],
    ['python -c "import os"', ''],
    ['python scripts/evil.js', ''],
    ['npx vitest run ../other/a.test.ts', 'outside'],
    ['npx vitest run /etc/passwd', 'outside'],
    ['npx vitest run test/../../x.ts', 'outside'],
    ['npx vitest run test/gone.test.ts', 'no file or folder'],
    ['npx -p evil-package vitest run', '-p'],
    ['npx evil-package vitest run', 'evil-package'],
    ['npx some-unknown-package', ''],
    ['npm install evil', ''],
    ['npm exec evil', ''],
    ['npm run evil', ''],
    ['npm run deploy', ''],
    ['npm run missing', ''],
    ['/tmp/vitest run', 'path'],
    ['scripts/vitest run', 'path'],
    ['bash -c "npx vitest"', ''],
    ['rm --junitxml=out.xml src/a.ts', 'report of its own'],
    ['mvn test', 'builds'],
    ['cargo test', 'builds'],
    ['go test -exec ./scripts/evil.js', 'builds'],
    ['', ''],
  ])('refuses %s', (command, why) => {
    const result = allowed(command);
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? '' : result.why).toContain(why);
  });

  it('allows what people committed, word for word and as options of it', () => {
    const law = ['make check-tenant', 'npx mocha -r ts-node/register test/a.test.ts'];
    expect(allowed('make check-tenant', 'npm test', law)).toEqual({ ok: true });
    expect(allowed('npx mocha -r ts-node/register test', 'npm test', law)).toEqual({ ok: true });
    expect(allowed('make other', 'npm test', law)).toMatchObject({ ok: false });
    const phpunit = 'phpunit --log-junit=out.xml';
    expect(allowed('phpunit --log-junit=out.xml test/a.test.ts', phpunit)).toEqual({ ok: true });
    expect(allowed('rm --log-junit=out.xml src/a.ts', phpunit)).toMatchObject({ ok: false });
    expect(allowed('go test ./test', 'go test ./...')).toEqual({ ok: true });
    expect(allowed('go test -exec ./scripts/evil.js', 'go test ./...')).toMatchObject({ ok: false });
  });
});
