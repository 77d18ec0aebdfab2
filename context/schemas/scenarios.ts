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
  module: pathSchema.describe('JavaScript or TypeScript module whose export is called'),
  export: z.string().min(1),
});

/** In `start`, `ready` and `path` of an http scenario this is replaced by a port that is free. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is written so in the document
export const PORT_MARK = '${PORT}';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function isOwnService(text: string): boolean {
  const address = text.replaceAll(PORT_MARK, '1');
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && LOOPBACK.test(hostname);
}

const httpSchema = z.strictObject({
  start: z.string().min(1).describe('Command that starts the service; PORT is in its environment'),
  ready: z
    .string()
    .refine(isOwnService, `Expected an http:// URL of this machine, such as "http://127.0.0.1:${PORT_MARK}/health"`)
    .describe(`URL that answers once the service is up; ${PORT_MARK} stands for a free port`),
  method: z
    .string()
    .regex(/^[A-Za-z]+$/, 'Expected a method such as GET')
    .prefault('GET'),
  path: z.string().startsWith('/'),
});

const rowSchema = z.strictObject({
  name: z.string().min(1).optional().describe('Default: its number'),
  input: z.unknown().optional(),
  expected: z.unknown().optional(),
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
    http: httpSchema.optional().describe('Starts a service: input → request, expected → status, headers, body'),
    rows: z
      .array(rowSchema)
      .min(1)
      .optional()
      .describe('A table for call and http, instead of input and expected: each row is a case of its own'),
    timeout: durationSchema.optional().describe('Default: tests.timeout of config.yaml'),
    incident: incidentIdSchema.optional().describe('Set when it is the reproduction of an incident'),
    proposed: proposedSchema,
  })
  .superRefine(exactlyOne(WAYS, { atMost: true }))
  .superRefine(({ rows, input, expected, test_command }, context) => {
    if (rows === undefined) return;
    const issue = (message: string) => context.addIssue({ code: 'custom', path: ['rows'], message });
    if (test_command !== undefined) issue('Rows belong to call and http; a test_command counts its own cases');
    if (input !== undefined || expected !== undefined)
      issue('Expected input and expected in the rows, not beside them');
  });

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
