/** The best an attempt came to: the verdict with the fewest open checks, and its patch. */
import type { Repository } from '../../../context/repository.ts';
import { classifier } from '../../../gate/change-kind.ts';
import { type Change, changesBetween, diffText } from '../../../gate/changes.ts';
import { blockingChecks, type Verification, verificationSchema } from '../../../gate/verification.ts';
import { openWorkspace } from '../../../gate/workspace.ts';
import type { VerificationRow } from '../../../store/verifications.ts';

/** Of equally good ones the newest. */
export function bestVerification(rows: readonly VerificationRow[]): Verification | undefined {
  let best: { verification: Verification; open: number } | undefined;
  for (const row of rows) {
    const verification = verificationSchema.parse(row.result);
    const open = blockingChecks(verification).length;
    if (best === undefined || open <= best.open) best = { verification, open };
  }
  return best?.verification;
}

export interface Patch {
  text: string;
  changes: Change[];
}

/** What `tree` changes on `base`; nothing when its objects are gone. */
export async function patchOf(
  repository: Repository,
  base: string,
  tree: string,
  testPaths: readonly string[],
): Promise<Patch> {
  const workspace = await openWorkspace(repository);
  try {
    return {
      text: await diffText(workspace, base, tree),
      changes: await changesBetween(workspace, base, tree, classifier(testPaths)),
    };
  } catch {
    return { text: '', changes: [] }; // a tree of long ago that git has collected
  }
}
