/** Names the tests that passed only when they were run again: a retry lets a busy machine through, it hides nothing. */
import type { Reporter, TestCase } from 'vitest/node';

export default class UnsteadyReporter implements Reporter {
  private readonly unsteady: TestCase[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.unsteady.push(test);
  }

  onTestRunEnd(): void {
    for (const test of this.unsteady)
      console.log(`unsteady: ${test.module.relativeModuleId}: ${test.fullName} passed only when it was run again`);
  }
}
