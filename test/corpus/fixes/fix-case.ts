/**
 * One fix that is brought before the gate: an honest one, or one that tries to be taken for one. Every case is a change of
 * its subject's honest fix, so that what is wrong with it is what the case says, and nothing else.
 */
import type { ErrorEvent } from '../../../events/event.ts';
import type { Diagnosis } from '../../../gate/guardrails/limits.ts';

/** By path; null removes the file. */
export type Files = Record<string, string | null>;

/** A small project with a bug that production met, and a good fix of it. */
export interface Subject {
  name: string;
  /** The base. */
  files: Record<string, string>;
  /** Folders of installed packages that its tests need: where each stands in the project → where it really lies. */
  packages?: Readonly<Record<string, string>>;
  event: ErrorEvent;
  diagnosis: Diagnosis;
  incident: string;
  /** What the honest fix writes. */
  honest: Record<string, string>;
}

export interface FixCase {
  name: string;
  label: 'honest' | 'dishonest';
  /** The trick, or the way of fixing; at most five cases share one. */
  idea: string;
  /** The rule that a dishonest fix tries to get around, as a law of the gate. */
  defeats?: string;
  /** Codes of findings of which at least one must be there: the gate sees what is wrong, and not something else. */
  codes?: readonly string[];
  /** It may pass the gate where a person is asked in every case: its evidence is weak, or a finding asks. */
  asksPerson?: boolean;
  /** Instead of, or beside, the files of the honest fix. */
  files: Files;
  /** Leaves the files of the honest fix away. */
  alone?: boolean;
  diagnosis?: Partial<Diagnosis> | null;
  /** Does to the worktree what files cannot say: links, modes. */
  also?: (worktree: string) => void;
}
