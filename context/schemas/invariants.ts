/** `invariants.yaml`: rules that no fix may break, each with its executable check. */
import { z } from 'zod';
import { languageNamed, unknownLanguage } from '../structure/languages.ts';
import {
  entryIdSchema,
  exactlyOne,
  type Origin,
  pathSchema,
  pathsSchema,
  proposedSchema,
  regexSchema,
  versionSchema,
} from './fields.ts';

const MATCHERS = ['rule', 'regex'] as const;
const matcher = {
  language: z
    .string()
    .min(1)
    .superRefine((name, context) => {
      if (!languageNamed(name)) context.addIssue({ code: 'custom', message: unknownLanguage(name) });
    })
    .optional()
    .describe('Language of the ast-grep rule, such as ts or python'),
  rule: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .optional()
    .describe('ast-grep pattern, or rule object'),
  regex: regexSchema.optional().describe('Regular expression'),
};

function ruleHasLanguage(value: { rule?: unknown; language?: string | undefined }, context: z.RefinementCtx) {
  if (value.rule !== undefined && value.language === undefined)
    context.addIssue({ code: 'custom', message: 'An ast-grep rule needs its language, such as language: ts' });
}

/** `{language, rule}` (ast-grep) or `{regex}`. */
export const matchSchema = z.strictObject(matcher).superRefine(exactlyOne(MATCHERS)).superRefine(ruleHasLanguage);

const patternSchema = z
  .strictObject({ ...matcher, must: z.enum(['match', 'not_match']).prefault('not_match') })
  .superRefine(exactlyOne(MATCHERS))
  .superRefine(ruleHasLanguage);

const unchangedSchema = z
  .strictObject({
    paths: pathsSchema.optional().describe('Files that may not change'),
    exports: pathSchema.optional().describe('Module whose exported API may not change'),
  })
  .superRefine(exactlyOne(['paths', 'exports']));

const checkSchema = z
  .strictObject({
    command: z.string().min(1).optional().describe('Command whose exit code 0 means that the rule holds'),
    pattern: patternSchema.optional(),
    unchanged: unchangedSchema.optional(),
  })
  .superRefine(exactlyOne(['command', 'pattern', 'unchanged']));

export const invariantEntrySchema = z.strictObject({
  id: entryIdSchema,
  rule: z.string().min(1).describe('The rule, in one line'),
  severity: z
    .enum(['critical', 'warning'])
    .describe('critical: a fix that breaks it is refused and handed over; warning: reported'),
  category: z.string().prefault('').describe('business-rule, state-machine, security, performance, …'),
  files: pathsSchema.prefault([]).describe('Globs of the files it is about; none means the whole repository'),
  check: z
    .union([z.string(), checkSchema])
    .optional()
    .describe('How it is checked; a plain string is documentation and reported as unproven'),
  proposed: proposedSchema,
});

export const invariantsFileSchema = z
  .strictObject({ version: versionSchema, invariants: z.array(invariantEntrySchema).nullish() })
  .transform(({ invariants, ...rest }) => ({ ...rest, invariants: invariants ?? [] }));

export type InvariantEntry = z.output<typeof invariantEntrySchema>;

export interface Invariant extends InvariantEntry {
  origin: Origin;
}

/** The executable check, or undefined when the invariant is prose. */
export function executableCheck(invariant: InvariantEntry): z.output<typeof checkSchema> | undefined {
  return typeof invariant.check === 'object' ? invariant.check : undefined;
}
