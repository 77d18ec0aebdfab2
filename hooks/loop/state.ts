/** What a loop detector remembers: plain JSON of bounded size, so that it can be saved after any step and taken up again. */

/** Where a run was at a report of its checks: files and what failed there. Handed on to later attempts at the incident. */
export interface Point {
  /** Git tree id, or `~` and the digest of the edits where nobody looked at the tree. */
  tree: string;
  /** Digest of the failing checks and their masked errors. */
  failing: string;
}

export interface LoopState {
  version: 1;
  strikes: 0 | 1 | 2;
  /** Points of earlier attempts, as they were when this run began. */
  earlier: Point[];
  /** Points of this run, oldest first. */
  points: Point[];
}

export function freshState(earlier: readonly Point[]): LoopState {
  return { version: 1, strikes: 0, earlier: earlier.slice(-MAX_POINTS), points: [] };
}

/** Enough for all attempts of one incident; beyond it the oldest are forgotten. */
export const MAX_POINTS = 200;
