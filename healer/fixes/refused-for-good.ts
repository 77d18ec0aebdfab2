/** Whether a refusal is about the change, so that nobody should offer it again, or about a rule that a person may lift. */
import { type Verification, verificationSchema } from '../../gate/verification.ts';
import type { VerificationRow } from '../../store/verifications.ts';

/** False as well where a line lifts each refusal: the worst finding comes first, and of those one that nothing lifts. */
export function isRefusedForGood(last: VerificationRow | undefined): boolean {
  if (last?.verdict !== 'refuse') return false;
  const parsed = verificationSchema.safeParse(last.result);
  if (!parsed.success) return true;
  const checks = Object.values(parsed.data.checks satisfies Verification['checks']);
  return checks.some(({ status, findings }) => status === 'refuse' && findings[0]?.lift === undefined);
}
