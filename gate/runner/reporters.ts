/** The reporter of each runner. */
import type { RunnerName } from './detect-runner.ts';
import { avaReporter } from './reports/ava.ts';
import { cargoTestReporter } from './reports/cargo-test.ts';
import { goTestReporter } from './reports/go-test.ts';
import { jestReporter } from './reports/jest.ts';
import { gradleReporter, mavenReporter } from './reports/jvm.ts';
import { mochaReporter } from './reports/mocha.ts';
import { namedJUnitReporter } from './reports/named-junit.ts';
import { nodeTapReporter } from './reports/node-tap.ts';
import { nodeTestReporter } from './reports/node-test.ts';
import { pytestReporter } from './reports/pytest.ts';
import type { Reporter } from './reports/report.ts';
import { tapReporter } from './reports/tap.ts';
import { unittestReporter } from './reports/unittest.ts';
import { vitestReporter } from './reports/vitest.ts';

export const reporters: Record<RunnerName, Reporter> = {
  vitest: vitestReporter,
  jest: jestReporter,
  mocha: mochaReporter,
  'node-test': nodeTestReporter,
  'node-script': nodeTestReporter,
  tap: tapReporter,
  pytest: pytestReporter,
  unittest: unittestReporter,
  ava: avaReporter,
  'node-tap': nodeTapReporter,
  go: goTestReporter,
  cargo: cargoTestReporter,
  maven: mavenReporter,
  gradle: gradleReporter,
  'named-junit': namedJUnitReporter,
};
