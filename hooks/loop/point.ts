/** Where a run was at a report of its checks: files and what failed there. Handed on to later attempts at the incident. */
export interface Point {
  /** Git tree id, or `~` and the digest of the edits where nobody looked at the tree. */
  tree: string;
  /** Digest of the failing checks and their masked errors. */
  failing: string;
}

/** Enough for all attempts at one incident; beyond it the oldest are forgotten. */
export const MAX_POINTS = 100;
