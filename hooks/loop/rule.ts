/** What all rules have in common: each looks at one moment after the other and keeps a little plain JSON of its own. */
import type { Config } from '../../context/schemas/config.ts';
import type { Call, Report } from './call.ts';
import type { FileChange } from './made-files.ts';
import type { Moved, Place } from './place.ts';

export type Detection = Config['detection'];

/** A call that has come back, and what it did. */
export interface Moment {
  call: Call;
  /** Number of calls so far. */
  step: number;
  /** Where the files are now. */
  place: Place;
  /** They are as they were when the run began. */
  atStart: boolean;
  moved: Moved;
  /** Number of changes of the files so far. */
  moves: number;
  changes: readonly FileChange[];
  /** How often a person asked for the same to be done; 0 for not at all. */
  wished: number;
  /** Fewer checks fail than ever before in this run. */
  improved: boolean;
  /** The call tells something else than the last time, or a counter in its result moved on. */
  news: boolean;
  /** Other numbers stand in its result than the last time. */
  otherNumbers: boolean;
  /** The last things that changed files, for advice: `Edit src/a.ts; Bash sed …`. */
  tried: string;
}

export interface ReportMoment extends Moment {
  call: Call & { report: Report };
}

export interface Finding {
  /** One line with numbers. */
  evidence: string;
  /** Below 600 characters. */
  advice: string;
  /** Strike 2 at once. */
  stop?: true;
}

/**
 * `prompt`, `compaction`: what was asked or read before may be asked or read again. `improved`: fewer checks fail than
 * ever. `flag`: the agent was advised, by another rule; a rule flags again on new evidence only.
 */
export type Relief = 'prompt' | 'compaction' | 'improved' | 'flag';

export interface LoopJudge<Own, Seen = Moment> {
  fresh(): Own;
  /** Takes a moment in. */
  see(own: Own, seen: Seen, settings: Detection): Finding | undefined;
  forget(own: Own, why: Relief): void;
}
