import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // On a CI server only what failed is worth a line.
    reporters: process.env.CI ? ['dot'] : ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', '**/fixtures/**', '**/samples/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/client/**', '**/fixtures/**', '**/samples/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each test waits for one process at a time: two at once are quicker than one even on two cores.
          maxWorkers: 2,
        },
      },
    ],
  },
});
