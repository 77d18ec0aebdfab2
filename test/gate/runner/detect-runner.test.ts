import { describe, expect, it } from 'vitest';
import { detectRunner } from '../../../gate/runner/detect-runner.ts';

const scripts: Record<string, string> = {
  test: 'vitest run',
  unit: 'npm run only-unit',
  'only-unit': 'NODE_ENV=test mocha --reporter dot',
  checked: 'npm run lint && tsc --noEmit && jest --ci',
  lint: 'eslint .',
  both: 'vitest run && pytest',
  piped: 'tape test/*.js | tap-spec',
  hidden: 'jest || true',
  loop: 'npm run loop',
  passed: 'npm run only-unit -- --exit',
};
const app: Record<string, string> = { test: 'jest' };
const detect = (line: string) => detectRunner(line, (folder) => ({ '': scripts, 'packages/app': app })[folder]);

describe('detectRunner', () => {
  it.each([
    ['npx vitest run test/a.test.ts', 'vitest', []],
    ['npx --no-install vitest', 'vitest', []],
    ['pnpm exec vitest run', 'vitest', []],
    ['pnpm vitest', 'vitest', []],
    ['yarn jest', 'jest', []],
    ['bunx jest', 'jest', []],
    ['npm exec jest', 'jest', ['--']],
    ['npm exec -- jest', 'jest', []],
    ['node_modules/.bin/mocha', 'mocha', []],
    ['node --experimental-vm-modules node_modules/jest/bin/jest.js', 'jest', []],
    ['cross-env NODE_ENV=test TZ=UTC mocha', 'mocha', []],
    ['c8 --reporter=lcov mocha', 'mocha', []],
    ['nyc -r text mocha', 'mocha', []],
    ['react-scripts test', 'jest', []],
    ['node --test', 'node-test', []],
    ['node --import tsx --test test/a.ts', 'node-test', []],
    ['tsx --test', 'node-test', []],
    ['node test/all.js', 'node-script', []],
    ['tape test/*.js', 'tap', []],
    ['pytest -q', 'pytest', []],
    ['.venv/bin/pytest', 'pytest', []],
    ['python3.12 -m pytest', 'pytest', []],
    ['uv run pytest', 'pytest', []],
    ['poetry run python -m pytest', 'pytest', []],
    ['coverage run -m pytest', 'pytest', []],
    ['python -m coverage run -m unittest', 'unittest', []],
    ['npm test', 'vitest', ['--']],
    ['npm t', 'vitest', ['--']],
    ['npm test --silent', 'vitest', ['--']],
    ['npm test -- test/a.ts', 'vitest', []],
    ['npm run unit', 'mocha', ['--', '--']],
    ['npm run passed', 'mocha', ['--']],
    ['yarn test', 'vitest', []],
    ['yarn run test', 'vitest', []],
    ['pnpm run unit', 'mocha', ['--']],
    ['npm run checked', 'jest', ['--']],
    ['cd packages/app && npm test', 'jest', ['--']],
    ['npm --prefix packages/app test', 'jest', ['--']],
    ['CI=1 npm test', 'vitest', ['--']],
  ])('%s → %s', (line, runner, separators) => {
    expect(detect(line)).toMatchObject({ runner, separators, earlier: null });
  });

  it.each([
    'make test',
    'go test ./...',
    'npm run piped',
    'npm run hidden',
    'npm run loop',
    'npm run gone',
    'npm -w app test',
    'bun test',
    'node -e "1"',
    'python manage.py test',
    'vitest run | cat',
    '(vitest)',
    '',
  ])('does not guess about %j', (line) => {
    expect(detect(line).runner).toBe(null);
  });

  it('names a runner that runs earlier in the line', () => {
    expect(detect('npm run both')).toMatchObject({ runner: 'pytest', earlier: 'vitest' });
    expect(detect('npm test && make more')).toMatchObject({ runner: null, earlier: 'vitest' });
  });
});
