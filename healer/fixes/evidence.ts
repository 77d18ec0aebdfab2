/**
 * Law 6: who judges holds the evidence. Verdicts and approvals are rows that anyone who can write the database could
 * forge, so each is sealed with a key that lives in the memory of the process that made it. Whatever carries no seal of
 * this process (another process, or this one before a restart) is stale and has to be made again.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Verification } from '../../gate/verification.ts';

/** A verdict about one tree on one base, for one round of one incident. */
export interface VerdictSubject {
  incident: string;
  round: number;
  base: string;
  verification: Verification;
}

/** A person's yes to publishing exactly this tree. */
export interface ApprovalSubject {
  incident: string;
  round: number;
  tree: string;
  who: string;
}

export interface Seal {
  verdict(subject: VerdictSubject): string;
  approval(subject: ApprovalSubject): string;
  /** Whether `mac` was made by this process for exactly this subject. */
  holdsVerdict(subject: VerdictSubject, mac: string): boolean;
  holdsApproval(subject: ApprovalSubject, mac: string): boolean;
}

export function createSeal(): Seal {
  const key = randomBytes(32);
  const mac = (parts: readonly (string | number)[]): string =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex');
  const same = (expected: string, given: string): boolean => {
    const [left, right] = [Buffer.from(expected), Buffer.from(given)];
    return left.length === right.length && timingSafeEqual(left, right);
  };
  const verdict = (s: VerdictSubject) =>
    mac(['verdict', s.incident, s.round, s.base, s.verification.tree, s.verification.verdict, stable(s.verification)]);
  const approval = (s: ApprovalSubject) => mac(['approval', s.incident, s.round, s.tree, s.who]);
  return {
    verdict,
    approval,
    holdsVerdict: (subject, given) => same(verdict(subject), given),
    holdsApproval: (subject, given) => same(approval(subject), given),
  };
}

/** JSON with sorted keys: a row read back from the database gives the same text. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
