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
const folders: Record<string, Record<string, string>> = { '': scripts, 'packages/app': app, 'packages/core': app };
const packages = {
  scripts: (folder: string) => folders[folder],
  workspaces: () => [
    { name: '@shop/app', folder: 'packages/app' },
    { name: '@shop/core', folder: 'packages/core' },
  ],
};
const detect = (line: string) => detectRunner(line, packages);

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
    ['npx ava --serial', 'ava', []],
    ['npx tap test/*.js', 'node-tap', []],
    ['go test ./...', 'go', []],
    ['cargo +stable test --workspace', 'cargo', []],
    ['./mvnw -B -pl core verify', 'maven', []],
    ['./gradlew :core:check', 'gradle', []],
    ['vendor/bin/phpunit --log-junit out.xml', 'named-junit', []],
    ['bun test --reporter=junit --reporter-outfile=./out.xml', 'named-junit', []],
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
    ['npm test -w packages/app', 'jest', ['--']],
    ['npm run test --workspace=@shop/app -- test/a.ts', 'jest', []],
    ['pnpm --filter @shop/app test', 'jest', []],
    ['yarn workspace @shop/app test', 'jest', []],
  ])('%s → %s', (line, runner, separators) => {
    expect(detect(line)).toMatchObject({ runner, separators, earlier: null });
  });

  it.each([
    'make test',
    'go build ./...',
    'go test ./... -args -json',
    'cargo test -q',
    'cargo build',
    'mvn compile',
    'mvn verify -DskipTests',
    'gradle assemble',
    'tool --junitxml=$OUT.xml',
    'tool --output out.xml',
    'npm run piped',
    'npm run hidden',
    'npm run loop',
    'npm run gone',
    'pnpm --filter ...@shop/app test',
    'npm test --workspaces',
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
    expect(detect('npm test --workspaces --if-present')).toMatchObject({ runner: null, earlier: 'jest' });
    expect(detect('pnpm -r test')).toMatchObject({ runner: null, earlier: 'jest' });
    expect(detect('npm test && make more')).toMatchObject({ runner: null, earlier: 'vitest' });
  });
});
