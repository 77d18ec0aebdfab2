/** The formats in which `verify` tells its result. */
import { explain } from '../../gate/explain.ts';
import { liftedBy } from '../../gate/lift.ts';
import { CHECK_NAMES, type Check, type Finding, isBlocking, type Verification } from '../../gate/verification.ts';
import { checkSection } from '../../healer/publishing/report/check-section.ts';
import { annotations } from './github.ts';
import { type JUnitCase, junit } from './junit.ts';

export const VERIFICATION_FORMATS = ['text', 'junit', 'github', 'markdown'] as const;
export type VerificationFormat = (typeof VERIFICATION_FORMATS)[number];

export function formatVerification(
  verification: Verification,
  format: VerificationFormat,
  needsPerson: readonly string[],
): string {
  switch (format) {
    case 'text':
      return explain(verification, { needsPerson, reader: 'person' });
    case 'junit':
      return junit(CHECK_NAMES.map((name) => ({ name, cases: casesOf(name, verification.checks[name]) })));
    case 'github':
      return annotations(verification);
    case 'markdown':
      return `## self-healing: ${verification.verdict}\n\n${checkSection(verification)}\n`;
    default:
      return format satisfies never;
  }
}

function nextOf({ next, lift }: Finding): string {
  return lift === undefined ? next : `${next} ${liftedBy(lift)}`;
}

/** One case for the check as a whole, and one for each run that it made. */
function casesOf(name: string, check: Check): JUnitCase[] {
  const { status, findings, evidence } = check;
  const words = findings.map((finding) => `${finding.code}: ${finding.message}\nNext: ${nextOf(finding)}`).join('\n\n');
  const whole: JUnitCase = { name };
  if (isBlocking(check)) whole.failure = words || status;
  if (status === 'skipped') whole.skipped = words || 'not part of this verification';
  return [whole, ...evidence.map((run) => ({ name: `${run.command} (${run.at})`, seconds: run.seconds }))];
}
