/** A small project to write runs about: its files, the lines an agent keeps changing, and what its check says. */
import type { Dice } from './dice.ts';

export interface Project {
  id: string;
  /** Where it stands on the machine of the run. */
  root: string;
  /** What the person asks for. */
  task: string;
  /** By path below the root. The target holds `versions[0]`. */
  files: Record<string, string>;
  target: string;
  /** The disputed lines, as they were and as they are tried; none of them turns the check green. */
  versions: readonly [string, string, string, string, string, string, ...string[]];
  /** What somebody searches for in the target. */
  word: string;
  check: string;
  /** The same check in other words: flags, seeds, filters. */
  checkVariants: readonly string[];
  exit: number;
  /** The check's output, red: always the same failure, with the noise of a new run. */
  report: (dice: Dice) => string;
}
