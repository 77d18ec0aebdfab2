/** What a look at an open proposal came to: what is to be done about it, and how it stands in one line. */
import type { FollowUpKind } from '../../store/follow-ups.ts';
import type { Merge } from '../../store/merges.ts';
import type { Proposal } from '../../store/proposals.ts';
import type { GitHubFailure } from '../publishing/github/failure.ts';
import type { Condition } from './auto-merge.ts';

/** A proposal and the commit that it was made from. */
export interface Followed {
  proposal: Proposal;
  parent: string;
}

export interface Found {
  key: string;
  kind: FollowUpKind;
  payload: unknown;
}

export type Look =
  /** Nothing is known: the remote or GitHub did not answer, or what a person could do stands in the failure. */
  | { do: 'nothing'; failure: GitHubFailure }
  | {
      do: 'merged';
      merge: Pick<Merge, 'commit' | 'merged_at' | 'merged_by' | 'how' | 'unchanged' | 'url'>;
      line: string;
    }
  | { do: 'reject'; who: string; why: string }
  /** Back to work in its round, on its branch. */
  | { do: 'rework'; found: Found[] }
  /** Everything holds: it is merged through GitHub. */
  | { do: 'merge'; conditions: Condition[]; line: string }
  | {
      do: 'wait';
      line: string;
      /** Whether people should be told on the pull request. */
      say: boolean;
      conditions?: Condition[] | undefined;
    };

/** How often the work on one proposal is taken up again, by what it is for; after that it is a person's. */
export const MOST: Record<Exclude<FollowUpKind, 'auto_merge'>, number> = { review: 5, ci: 2, base: 3 };
