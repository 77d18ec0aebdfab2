/** The result of a verification: the shape that `verify_fix` and `self-healing verify` answer with. */
import { z } from 'zod';

export const countsSchema = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });
export type Counts = z.infer<typeof countsSchema>;

export const findingSchema = z.object({
  /** A fixed, documented name such as `guardrails.forbidden_path`. */
  code: z.string(),
  /** What is wrong and where, for an agent or a person. */
  message: z.string(),
  file: z.string().optional(),
  line: z.number().optional(),
  /** The next step, in one sentence. */
  next: z.string(),
  /** The line of `.self-healing/` that lifts it, for a person: an agent may not write it. Absent where no line does. */
  lift: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** Which of the trees a command ran on: B, B+T, B+S, F, and B+T once more after F. */
export const treeRoleSchema = z.enum(['base', 'base_tests', 'base_source', 'fix', 'revert']);
export type TreeRole = z.infer<typeof treeRoleSchema>;

export const evidenceSchema = z.object({
  command: z.string(),
  tree: z.string(),
  at: treeRoleSchema,
  /** Exit code; null when a signal or our timeout ended it. */
  exit: z.number().nullable(),
  counts: countsSchema.nullable(),
  seconds: z.number(),
  /** The end of its output, redacted and bounded. */
  tail: z.string(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const checkStatusSchema = z.enum(['pass', 'fail', 'warn', 'refuse', 'skipped']);
export type CheckStatus = z.infer<typeof checkStatusSchema>;

export const checkSchema = z.object({
  status: checkStatusSchema,
  findings: z.array(findingSchema),
  evidence: z.array(evidenceSchema),
});
export type Check = z.infer<typeof checkSchema>;

export const CHECK_NAMES = [
  'guardrails',
  'reproduction',
  'scenarios',
  'invariants',
  'blast_radius',
  'anti_patterns',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** What people read instead of a name. */
export const CHECK_TITLES: Record<CheckName, string> = {
  guardrails: 'Guardrails',
  reproduction: 'Reproduction',
  scenarios: 'Scenarios',
  invariants: 'Invariants',
  blast_radius: 'Blast radius',
  anti_patterns: 'Anti-patterns',
};

export const criterionResultSchema = z.object({
  id: z.string(),
  met: z.boolean(),
  /** What was found: for a command that failed with the end of its output. */
  found: z.string(),
});
export type CriterionResult = z.infer<typeof criterionResultSchema>;

export const verificationSchema = z.object({
  verdict: z.enum(['pass', 'fail', 'refuse']),
  /** The tree the verdict is about (a git tree id). */
  tree: z.string(),
  iteration: z.number(),
  checks: z.object({
    guardrails: checkSchema,
    reproduction: checkSchema,
    scenarios: checkSchema,
    invariants: checkSchema,
    blast_radius: checkSchema,
    anti_patterns: checkSchema,
  }),
  /** Whether what was run was run in a sandbox; absent where nothing was run, and in verdicts of older versions. */
  sandbox: z.enum(['off', 'on', 'no-network']).optional(),
  /** The success criteria that were declared, in their order, as they hold for this tree; absent where the gate is the only one. */
  criteria: z.array(criterionResultSchema).optional(),
});
export type Verification = z.infer<typeof verificationSchema>;
export type Verdict = Verification['verdict'];

/** The checks that do not let it pass, in their order. */
export function blockingChecks({ checks }: Pick<Verification, 'checks'>): CheckName[] {
  return CHECK_NAMES.filter((name) => isBlocking(checks[name]));
}

export function isBlocking({ status }: Pick<Check, 'status'>): boolean {
  return status === 'fail' || status === 'refuse';
}
