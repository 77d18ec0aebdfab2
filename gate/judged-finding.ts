/** A finding together with what it means for the verdict, and how findings become a check. */
import type { Check, CheckStatus, Evidence, Finding } from './verification.ts';

/**
 * - `refuse`: final for the run
 * - `fail`: the agent may try again
 * - `ask`: a person decides at publishing; a warning until then
 * - `warn`: reported
 */
export type FindingSeverity = 'refuse' | 'fail' | 'ask' | 'warn';

export interface JudgedFinding extends Finding {
  severity: FindingSeverity;
}

export interface JudgedCheck {
  check: Check;
  /** Messages of the findings that a person has to decide about. */
  needsPerson: string[];
}

const STATUS: Record<FindingSeverity, CheckStatus> = { refuse: 'refuse', fail: 'fail', ask: 'warn', warn: 'warn' };
const ORDER: CheckStatus[] = ['refuse', 'fail', 'warn', 'skipped', 'pass'];

/** The check that these findings make: its status is that of the worst one. The worst come first, of those what nothing lifts. */
export function judge(findings: readonly JudgedFinding[], evidence: Evidence[] = []): JudgedCheck {
  const rank = ({ severity, lift }: JudgedFinding) =>
    2 * ORDER.indexOf(STATUS[severity]) + (lift === undefined ? 0 : 1);
  const ordered = [...findings].sort((a, b) => rank(a) - rank(b));
  const worst = ordered[0];
  return {
    check: {
      status: worst ? STATUS[worst.severity] : 'pass',
      findings: ordered.map(({ severity: _, ...finding }) => ({ ...finding, message: plain(finding.message) })),
      evidence,
    },
    needsPerson: findings.filter(({ severity }) => severity === 'ask').map(({ message }) => plain(message)),
  };
}

/** Messages name paths, and a path may hold line ends that would pass for lines of ours. */
function plain(message: string): string {
  return message.replace(/\p{Cc}+/gu, ' ');
}
