/** What a person is shown before a fix is published, and what they can answer. Everything in it comes from rows and trees. */
import { z } from 'zod';
import type { Change } from '../gate/changes.ts';
import { isAside } from '../gate/evidence.ts';
import { CHECK_NAMES, CHECK_TITLES, type Evidence, type Verification } from '../gate/verification.ts';
import { isRed } from '../healer/publishing/report/evidence-tables.ts';
import { oneLine } from '../healer/publishing/report/quote.ts';
import type { Form, Question } from './person.ts';

export interface QuestionFacts {
  incident: string;
  /** `type: message`, from outside. */
  error: string;
  /** The agent's words. */
  title: string;
  changes: Change[];
  verification: Verification;
  /** Why a person has to look first, in sentences; empty for most. */
  needsPerson: string[];
  /** Cases are red on the base too. */
  draft: boolean;
  branch: string;
  /** The branch it is meant for; null for a plain commit. */
  base: string | null;
}

const MAX_FILES = 12;
const MAX_FINDINGS = 5;

const FORM: Form = {
  type: 'object',
  properties: {
    decision: {
      type: 'string',
      title: 'Decision',
      description: 'What is to be done with this fix',
      enum: ['publish', 'not_now', 'reject'],
      enumNames: ['Publish', 'Not now', 'Reject'],
    },
    reason: {
      type: 'string',
      title: 'Reason',
      description: 'Only for a rejection: what is wrong with it. Later fixes are held against it.',
      maxLength: 2000,
    },
  },
  required: ['decision'],
};

const decisionSchema = z.object({
  decision: z.enum(['publish', 'not_now', 'reject']),
  reason: z.string().max(2000).optional(),
});
export type PublishDecision = z.infer<typeof decisionSchema>;

/** Undefined for anything but one of the three decisions. */
export function readDecision(content: unknown): PublishDecision | undefined {
  const parsed = decisionSchema.safeParse(content);
  return parsed.success ? parsed.data : undefined;
}

export function publishQuestion(facts: QuestionFacts): Question {
  const { incident, error, title, changes, verification, needsPerson, draft, branch, base } = facts;
  const warnings = [
    ...needsPerson.map((why) => oneLine(why, 300)),
    ...(draft ? ['Cases are red on the base too, so it will be a draft.'] : []),
    ...warned(verification),
  ];
  const lines = [
    `Publish the fix of ${incident}?`,
    '',
    `Error:   ${quoted(error)}`,
    `Title:   ${quoted(title)} (the agent's words)`,
    `Branch:  ${branch}${base === null ? '' : `, for ${base}`}`,
    `Change:  ${sizeOf(changes)}`,
    ...changes
      .slice(0, MAX_FILES)
      .map((change) => `  ${change.status} ${oneLine(change.path, 120)} ${linesOf(change)}`),
    ...(changes.length > MAX_FILES ? [`  … and ${changes.length - MAX_FILES} more files`] : []),
    `Checks:  ${CHECK_NAMES.map((name) => `${CHECK_TITLES[name]} ${verification.checks[name].status}`).join(', ')}`,
    `Proof:   ${proof(verification.checks.reproduction.evidence)}`,
    ...(warnings.length > 0 ? ['Look at this first:', ...warnings.map((warning) => `  - ${warning}`)] : []),
  ];
  return { message: lines.join('\n'), form: FORM };
}

/** Foreign words stay on one line and within their quotes. */
function quoted(text: string): string {
  return JSON.stringify(oneLine(text, 300));
}

function sizeOf(changes: readonly Change[]): string {
  const sum = (kind: 'added' | 'removed') => changes.reduce((total, change) => total + change[kind], 0);
  return `${changes.length} ${changes.length === 1 ? 'file' : 'files'}, +${sum('added')} −${sum('removed')} lines`;
}

function linesOf({ added, removed, kind, binary }: Change): string {
  return `${binary ? '(binary)' : `+${added} −${removed}`}${kind === 'source' ? '' : ` (${kind})`}`;
}

/** Red before, green after, red with the change taken back, each with the cases it counted. */
function proof(evidence: readonly Evidence[]): string {
  const told = (['base_tests', 'fix', 'revert'] as const).flatMap((at) => {
    const runs = evidence.filter((run) => run.at === at && !isAside(run));
    const [first] = runs;
    if (!first) return [];
    const colour = runs.some(isRed) ? 'red' : 'green';
    const cases = first.counts ? ` (${first.counts.passed} passed, ${first.counts.failed} failed)` : '';
    return [`${colour} ${runs.length}× ${WHERE[at]}${cases}`];
  });
  return told.length > 0 ? told.join('; ') : 'no reproduction was run';
}

const WHERE = { base_tests: 'before', fix: 'with the fix', revert: 'with the fix taken back' };

function warned({ checks }: Verification): string[] {
  const findings = CHECK_NAMES.flatMap((name) =>
    checks[name].findings.map((finding) => `${CHECK_TITLES[name]}: ${oneLine(finding.message, 300)}`),
  );
  const more = findings.length - MAX_FINDINGS;
  return [...findings.slice(0, MAX_FINDINGS), ...(more > 0 ? [`and ${more} more findings, in the report`] : [])];
}
