/** `config.yaml`: every key with its default. Durations are milliseconds once parsed; costs are US dollars. */
import { z } from 'zod';
import { autonomy, budget, criteria, detection, failureTypes, guardrails, recovery } from './config/limits.ts';
import { approval, intake, notify, publish, services, sources, triage, watch } from './config/outside.ts';
import { section, settable } from './config/section.ts';
import { claude, tests, worktree } from './config/work.ts';
import { pathsSchema, versionSchema } from './fields.ts';

const overrideSchema = z.strictObject({
  match: z
    .strictObject({
      source: z.string().optional(),
      service: z.string().optional(),
      failure_type: z.enum(failureTypes).optional(),
      files: pathsSchema.optional(),
    })
    .describe('All that are given must match'),
  set: z.strictObject({
    recovery: settable(recovery),
    guardrails: settable(guardrails),
    approval: settable(approval),
    notify: settable(notify),
    criteria: criteria.unwrap().optional(),
  }),
});
export type Override = z.output<typeof overrideSchema>;

const SECTIONS = {
  version: versionSchema,
  guardrails: section(guardrails).describe('Limits that a fix is held to'),
  autonomy: section(autonomy).describe('What is fixed, asked about, or only diagnosed, by class of error'),
  detection: section(detection).describe('When a run counts as going in circles'),
  intake: section(intake).describe('How errors are gathered and weighed'),
  recovery: section(recovery).describe('What happens when a run fails'),
  criteria,
  overrides: z.array(overrideSchema).describe('Other settings for some errors: [{match, set}]').prefault([]),
  budget: section(budget).describe('US dollars and counts'),
  worktree: section(worktree).describe('Where the agent works'),
  tests: section(tests).describe('How this project is tested'),
  approval: section(approval).describe('Where a person is asked: auto or ask'),
  publish: section(publish).describe('How a proven fix leaves the machine'),
  watch: section(watch).describe('What is watched after the deploy'),
  claude: section(claude).describe('The Claude Code client of unattended runs'),
  services,
  sources: section(sources).describe('Where errors come from'),
  triage: section(triage).describe('What is left alone'),
  notify: section(notify).describe('Who is told'),
};

export const configSchema = z.strictObject(SECTIONS);
export type Config = z.output<typeof configSchema>;

/** The config of a repository that says nothing. */
export function defaultConfig(): Config {
  return configSchema.parse({});
}

export type { FailureType } from './config/limits.ts';
export { failureTypes };
