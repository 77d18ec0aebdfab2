/** `scenarios/*.yaml`: what must keep working, and how each of it is executed. */
import { z } from 'zod';
import { durationSchema } from './duration.ts';
import {
  entryIdSchema,
  exactlyOne,
  incidentIdSchema,
  type Origin,
  pathSchema,
  pathsSchema,
  proposedSchema,
  versionSchema,
} from './fields.ts';

/** The whole test command of the project, as a scenario that always exists. */
export const BUILT_IN_SCENARIO = 'S000';

const callSchema = z.strictObject({
  module: pathSchema.describe('Module whose export is called'),
  export: z.string().min(1),
});

const httpSchema = z.strictObject({
  start: z.string().min(1).describe('Command that starts the service'),
  ready: z.url().describe('URL that answers once the service is up'),
  method: z.string().min(1).prefault('GET'),
  path: z.string().startsWith('/'),
});

const WAYS = ['test_command', 'call', 'http'] as const;

export const scenarioEntrySchema = z
  .strictObject({
    id: entryIdSchema.refine((id) => id !== BUILT_IN_SCENARIO, `${BUILT_IN_SCENARIO} is the built-in scenario`),
    name: z.string().min(1).describe('One line: what must keep working'),
    kind: z
      .enum(['test', 'check'])
      .prefault('test')
      .describe('test: cases are counted; check: exit code and diagnostics (lint, type check, build)'),
    input: z.unknown().optional(),
    expected: z.unknown().optional(),
    why: z.string().prefault('').describe('Why it matters'),
    constraint: z.string().prefault('').describe('What a fix may not change about it'),
    tags: z.array(z.string()).prefault([]),
    test_command: z.string().min(1).optional().describe('Command that proves it'),
    call: callSchema.optional().describe('Calls an export: input → arguments, expected → deep equal or subset'),
    http: httpSchema.optional(),
    timeout: durationSchema.optional().describe('Default: tests.timeout of config.yaml'),
    incident: incidentIdSchema.optional().describe('Set when it is the reproduction of an incident'),
    proposed: proposedSchema,
  })
  .superRefine(exactlyOne(WAYS, { atMost: true }));

export const scenarioFileSchema = z
  .strictObject({
    version: versionSchema,
    module: z.string().min(1).optional().describe('Default: the name of the file'),
    files: pathsSchema.optional().describe('Globs of the files that these scenarios cover'),
    file: z.union([pathSchema, pathsSchema]).optional().describe('The same as files, for one file'),
    scenarios: z.array(scenarioEntrySchema).nullish(),
  })
  .transform(({ file, files, scenarios, ...rest }) => ({
    ...rest,
    files: [...(files ?? []), ...(file === undefined ? [] : [file].flat())],
    scenarios: scenarios ?? [],
  }));

export type ScenarioEntry = z.output<typeof scenarioEntrySchema>;
export type ScenarioFile = z.output<typeof scenarioFileSchema>;

/** A scenario with what its file says about it. `files` are globs; times are milliseconds. */
export interface Scenario extends ScenarioEntry {
  module: string;
  files: string[];
  origin: Origin;
}

/** False for documentation: nothing executes it, so it never counts as passed. */
export function isExecutable(scenario: ScenarioEntry): boolean {
  return WAYS.some((way) => scenario[way] !== undefined);
}
