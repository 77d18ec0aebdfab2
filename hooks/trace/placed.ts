/** What readers of recorded sessions give: happenings with the lines they come from, and the lines that are unreadable. */
import type { Happening } from './happening.ts';

export interface Placed {
  /** 1-based input line; for a call the line of its result, where the call is complete. */
  line: number;
  /** For a call, the line on which it was asked for; the same as `line` where a line tells both. */
  started: number;
  happening: Happening;
}

/** A line that could not be read; the lines around it are. */
export interface LineProblem {
  /** 1-based input line. */
  line: number;
  /** What is wrong with it and what is expected, in one sentence. */
  message: string;
}

export interface ReadLines {
  /** In the order of `line`. */
  placed: Placed[];
  problems: LineProblem[];
}
