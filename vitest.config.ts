import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Fixes that should and should not pass, before the real gate; those of published libraries beside them. */
const FIXES = ['test/corpus/fixes/*honest-*.test.ts', 'test/corpus/libraries/every-*.test.ts'];
/**
 * Whole rounds of healing, minutes each: what they show is shown by shorter tests for the part that usually changes, so they
 * run where all is asked for (`npm run test:series`), and not with each submission.
 */
const LONG =
  process.env.SERIES === 'all'
    ? []
    : [
        'test/healer/heal/scope-reduction.test.ts',
        'test/healer/publishing/pause.test.ts',
        'test/healer/queue/hardship.test.ts',
        'test/e2e/chaos.test.ts',
        'test/e2e/plan-kills.test.ts',
        'test/e2e/first-heal.test.ts',
        'test/e2e/outages.test.ts',
        'test/e2e/install-without-npm.test.ts',
      ];
const retry = process.env.CI ? 1 : 0;

export default defineConfig({
  test: {
    // On a CI server only what failed, or was unsteady, is worth a line.
    reporters: process.env.CI ? ['dot', './test/ci-reporter.ts'] : ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...FIXES, ...LONG, '**/fixtures/**', '**/samples/**'],
          // Only against what hangs: a verification takes ten times as long on a busy machine as on a quiet one.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          retry,
          // The default leaves one core idle, which of two is half.
          maxWorkers: availableParallelism(),
        },
      },
      {
        // Each case is a whole verification: some ten minutes, so it is a command of its own (`npm run corpus:fixes`).
        test: { name: 'fixes', include: FIXES, testTimeout: 180_000, retry, maxWorkers: availableParallelism() },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/client/**', ...LONG, '**/fixtures/**', '**/samples/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          retry,
          // A test waits for processes much of its time: one more than there are cores keeps them all at work.
          maxWorkers: availableParallelism() + 1,
        },
      },
    ],
  },
});
