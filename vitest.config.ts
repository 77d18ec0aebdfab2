import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const retry = process.env.CI ? 1 : 0;

export default defineConfig({
  test: {
    // On a CI server only what failed, or was unsteady, is worth a line.
    reporters: process.env.CI ? ['dot', './test/unsteady-reporter.ts'] : ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', '**/fixtures/**', '**/samples/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          retry,
          // The default leaves one core idle, which of two is half.
          maxWorkers: availableParallelism(),
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/client/**', '**/fixtures/**', '**/samples/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          retry,
          // A test waits for processes much of its time: one more than there are cores keeps them all at work.
          maxWorkers: availableParallelism() + 1,
        },
      },
    ],
  },
});
