/**
 * What the log of a CI server tells besides what failed: the tests that passed only when they were run again (a retry lets a
 * busy machine through, it hides nothing), and the files that took longest, which is where time can be saved.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

const SLOWEST = 20;

export default class CiReporter implements Reporter {
  private readonly unsteady: TestCase[] = [];
  private readonly files: { name: string; seconds: number }[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.unsteady.push(test);
  }

  onTestModuleEnd(module: TestModule): void {
    this.files.push({ name: module.relativeModuleId, seconds: module.diagnostic().duration / 1000 });
  }

  onTestRunEnd(): void {
    for (const test of this.unsteady)
      console.log(`unsteady: ${test.module.relativeModuleId}: ${test.fullName} passed only when it was run again`);
    const slowest = this.files.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
    console.log(`\nslowest: ${slowest.map(({ name, seconds }) => `${name} ${Math.round(seconds)} s`).join(', ')}`);
  }
}
