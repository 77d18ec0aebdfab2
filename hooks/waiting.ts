/**
 * Commands that would wait for a person or never end (credential prompts, editors, REPLs, watch modes, servers in the
 * foreground), told from their words before they start, each with the form that goes on by itself. Facts and limits:
 * docs/waiting.md.
 */
import type { SimpleCommand } from './shell.ts';

/** A command that would wait: what for, and the exact form to use instead; both are whole sentences. */
export interface Waiting {
  why: string;
  instead: string;
}

/** What the caller knows of the place where the command runs and that its own words do not tell. */
export interface Surroundings {
  /** It ends in `&`, or the whole Bash call has `run_in_background: true`: a server may then run on. */
  background?: boolean;
  /** `timeout N` (without `--foreground`) wraps it: it ends by itself. */
  timed?: boolean;
  /** Its standard input is the output of a command before it: `echo y | npm init`. */
  pipedInput?: boolean;
  /** The output is read by a command behind it, which may end it: `yes | head`, `ping host | head -1`. */
  pipedOutput?: boolean;
}

/** Judges one unwrapped command; undefined when it goes on by itself as far as its words tell. Never throws. */
export function judgeWaiting(_command: SimpleCommand, _surroundings: Surroundings = {}): Waiting | undefined {
  return undefined;
}
