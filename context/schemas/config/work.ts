/** Where and with what a fix is made and checked: worktree, tests, the Claude Code client. */
import { z } from 'zod';
import { durationSchema } from '../duration.ts';
import { pathSchema, pathsSchema } from '../fields.ts';

export const worktree = {
  root: pathSchema.describe('Folder of the worktrees; it is added to .git/info/exclude').prefault('.worktrees'),
  setup: z.string().describe('Command that prepares a new worktree').prefault(''),
  link: pathsSchema
    .describe('Linked from the main checkout into the worktree')
    .prefault(['node_modules', '.venv', 'venv']),
  copy: pathsSchema.describe('Copied from the main checkout into the worktree').prefault([]),
};

export const tests = {
  command: z.string().describe('Runs all tests; detected when empty').prefault(''),
  paths: pathsSchema
    .describe('What counts as a test file')
    .prefault([
      '**/*.test.*',
      '**/*.spec.*',
      '**/__tests__/**',
      '**/__snapshots__/**',
      '**/test/**',
      '**/tests/**',
      '**/spec/**',
      '**/test_*.py',
      '**/*_test.py',
      '**/conftest.py',
      '**/*_test.go',
      '**/*Test.java',
    ]),
  env: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .describe('Added to the environment of every check')
    .prefault({}),
  timeout: durationSchema.describe('Longest run of one scenario').prefault('300s'),
  jobs: z.int().positive().describe('Scenarios that run at the same time').prefault(1),
  flaky_retries: z.int().nonnegative().describe('Excuses only cases that are unstable on the base too').prefault(1),
  edits: z
    .enum(['refuse', 'ask'])
    .describe('When a fix changes existing tests: refuse it, or ask a person')
    .prefault('refuse'),
  known_failing: z.array(z.string()).describe('Test cases or scenarios known to be red').prefault([]),
};

export const claude = {
  command: z.string().min(1).prefault('claude'),
  model: z.string().describe("The client's own default when empty").prefault(''),
  max_turns: z.int().positive().prefault(120),
  max_usd: z.number().nonnegative().describe('Of one run').prefault(2),
  permission_mode: z.string().min(1).prefault('dontAsk'),
  allowed_tools: z
    .array(z.string().min(1))
    .prefault(['Read', 'Edit', 'Write', 'Bash', 'Grep', 'Glob', 'mcp__plugin_self-healing_living-context']),
};
