/** What the attempts of a round came to: their verdicts, the one with the fewest open checks first, and their patches. */
import type { Repository } from '../../../context/repository.ts';
import { classifier } from '../../../gate/change-kind.ts';
import { type Change, changesBetween, diffText } from '../../../gate/changes.ts';
import { treeOf } from '../../../gate/tree.ts';
import { blockingChecks, CHECK_NAMES, type Verification, verificationSchema } from '../../../gate/verification.ts';
import { openWorkspace } from '../../../gate/workspace.ts';
import type { VerificationRow } from '../../../store/verifications.ts';

export interface Judged {
  verification: Verification;
  /** ISO 8601. */
  at: string;
}

const TREE = /^[0-9a-f]{40,64}$/;

/** Each tree once, by its newest verdict; of equally good ones the newest first. */
export function rankedVerifications(rows: readonly VerificationRow[]): Judged[] {
  const byTree = new Map<string, Judged>();
  for (const { tree, result, at } of rows) {
    if (!TREE.test(tree)) continue; // whoever can write the database wrote it
    byTree.delete(tree); // so that it stands where its newest verdict does
    byTree.set(tree, { verification: { ...verificationSchema.parse(result), tree }, at });
  }
  const open = ({ verification }: Judged) => blockingChecks(verification).length;
  return [...byTree.values()].reverse().sort((a, b) => open(a) - open(b));
}

/** Without those that were judged on another base, before the fix was brought onto this one. */
export async function judgedOn(repository: Repository, base: string, judged: readonly Judged[]): Promise<Judged[]> {
  if (judged.length === 0) return [];
  try {
    const tree = await treeOf(await openWorkspace(repository), base);
    return judged.filter(({ verification }) => baseTreesOf(verification).every((one) => one === tree));
  } catch {
    return []; // the base itself is gone
  }
}

function baseTreesOf({ checks }: Verification): string[] {
  return CHECK_NAMES.flatMap((name) => checks[name].evidence.flatMap(({ at, tree }) => (at === 'base' ? [tree] : [])));
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
