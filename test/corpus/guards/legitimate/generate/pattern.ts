/** A way of working that is no loop, and what writes runs of it. */
import type { LoopRule } from '../../../../../hooks/rules.ts';
import type { Run } from './run.ts';

export interface Pattern {
  name: string;
  /** The rule that it comes near to. */
  near: LoopRule;
  /** How many runs of it there are, at most 5; each in another project. */
  variants: 1 | 2 | 3 | 4 | 5;
  /** It is a run that heals: what the guards would deny in it is a false alarm too. */
  healing?: true;
  write(run: Run): void;
}
