/** What an attempt may do and how long: guardrails, autonomy, detection, recovery, criteria, budget. */
import { z } from 'zod';
import { durationSchema } from '../duration.ts';
import { exactlyOne, pathSchema, pathsSchema } from '../fields.ts';

const count = z.int().nonnegative();
const positive = z.int().positive();
/** What repeats does so twice at least. */
const several = z.int().min(2);
const ratio = z.number().min(0).max(1);
const dollars = z.number().nonnegative();

export const guardrails = {
  max_files_changed: count.describe('Source files; tests and added context entries are counted apart').prefault(3),
  max_lines_changed: count.describe('Added and removed source lines').prefault(50),
  forbidden_paths: pathsSchema
    .describe('Globs that a fix may not touch; some paths are always forbidden')
    .prefault([
      '**/migrations/**',
      '**/.env',
      '**/.env.*',
      '**/secrets/**',
      '**/auth/**',
      '**/payment/**',
      '.github/**',
    ]),
  require_test_pass: z.boolean().describe('Scenarios and the test command must pass').prefault(true),
  require_reproduction: z.boolean().describe('A test must be red before the fix and green with it').prefault(true),
  require_human_review: z.boolean().describe('publish.auto_merge needs false').prefault(true),
  confidence_threshold: ratio.describe('A diagnosis below it is handed over').prefault(0.7),
  max_blast_radius: count.describe('Dependents that no executed scenario or test reaches').prefault(50),
};

const autonomyLevel = z.enum(['fix', 'ask', 'diagnose']);
export const autonomy = {
  type_error: autonomyLevel.describe("A type checker's finding; a thrown TypeError is a runtime_error").prefault('fix'),
  lint_error: autonomyLevel.prefault('fix'),
  build_error: autonomyLevel.prefault('fix'),
  test_failure: autonomyLevel.prefault('fix'),
  dependency_issue: autonomyLevel.prefault('fix'),
  runtime_error: autonomyLevel.prefault('fix'),
  configuration: autonomyLevel.prefault('ask'),
  performance: autonomyLevel.prefault('diagnose'),
  concurrency: autonomyLevel.prefault('diagnose'),
  security: autonomyLevel.prefault('diagnose'),
  architecture: autonomyLevel.prefault('diagnose'),
  unknown: autonomyLevel.prefault('ask'),
};
export type FailureType = keyof typeof autonomy;
/** The classes of error: the keys of `autonomy`, and the values of `failure_type`. */
export const failureTypes = Object.keys(autonomy) as [FailureType, ...FailureType[]];

export const detection = {
  similarity_threshold: ratio.describe('Masked outputs more alike than this count as the same').prefault(0.85),
  window: several.describe('Outputs that are compared').prefault(3),
  repeat_warn: several.describe('Same call, same result, no change: a warning').prefault(3),
  repeat_stop: several.describe('Same call, same result, no change: the run is stopped').prefault(5),
  max_cycle: positive.describe('Longest cycle of calls that is looked for').prefault(5),
  thrash: positive.describe('Different diffs that leave the same failures').prefault(3),
  advice_in_other_sessions: z.boolean().describe('Give advice in sessions that heal nothing').prefault(true),
};

export const recovery = {
  silence_timeout: durationSchema.describe('No sign of life for this long ends the run').prefault('600s'),
  wall_clock: durationSchema.describe('Longest run').prefault('60m'),
  transient_tries: positive.describe('Tries in all when the API answers 429, 5xx or not at all').prefault(3),
  backoff_base: durationSchema.describe('First wait between those tries; doubles').prefault('30s'),
  max_iterations: positive.describe('Verifications inside one run').prefault(5),
  corrective_retries: count.describe('Runs after a failed one').prefault(2),
  failure_context: z.boolean().describe('Tell the next run what happened').prefault(true),
  decompose: z.boolean().describe('Split the task into subtasks once the retries are used up').prefault(true),
  self_correction: z
    .boolean()
    .describe('Try again by itself; false: what fails goes to a person, unless the API did not answer')
    .prefault(true),
};

const CRITERIA = ['gate', 'command', 'file_exists', 'file_contains'] as const;
const criterionSchema = z
  .strictObject({
    id: z.string().min(1),
    description: z.string().prefault(''),
    gate: z.literal('pass').optional(),
    command: z.string().min(1).optional(),
    file_exists: pathSchema.optional(),
    file_contains: z.strictObject({ path: pathSchema, text: z.string().min(1) }).optional(),
  })
  .superRefine(exactlyOne(CRITERIA));
export const criteria = z
  .array(criterionSchema)
  .describe('What must hold after a run: each one of gate, command, file_exists, file_contains')
  .prefault([{ id: 'gate', gate: 'pass' }]);

export const budget = {
  max_usd_per_incident: dollars.prefault(5),
  max_usd_per_day: dollars.prefault(25),
  max_prs_per_day: count.prefault(3),
  stop_after_rejections: positive.prefault(3),
  concurrency: positive.prefault(1),
};
