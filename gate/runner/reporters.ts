/** The reporter of each runner. */
import type { RunnerName } from './detect-runner.ts';
import { jestReporter } from './reports/jest.ts';
import { mochaReporter } from './reports/mocha.ts';
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
};
