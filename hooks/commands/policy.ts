/** What judging a command needs to know, and the forms of its answer. */
import type { Role } from '../role.ts';
import type { Denial, Rule } from '../rules.ts';

export interface CommandPolicy {
  role: Role;
  /** Real path of the worktree. */
  worktree: string;
  /** Judges a write to an absolute path, given as it was written (`..` not taken away): the denial, or undefined. */
  judgeWrite(path: string): Denial | undefined;
  /** The same for what it would show or copy. */
  judgeRead(path: string): Denial | undefined;
  /** The whole Bash call runs in the background. */
  background?: boolean;
}

/** What judging looks up on disk; it never writes. */
export interface CommandFiles {
  isFolder(path: string): boolean;
  /** Text of a file of at most 200,000 bytes; undefined when it is not there, larger, or no text. */
  read(path: string): string | undefined;
  /** Paths that a file name pattern matches, or undefined when they are too many or cannot be told. */
  matches(pattern: string): string[] | undefined;
}

export type Judgement = { allowed: true } | ({ allowed: false } & Denial);

export const ALLOWED: Judgement = { allowed: true };

/** `what` completes "Denied: …", `next` says what to do instead. */
export function denial(rule: Rule, what: string, next: string): Denial {
  return { rule, reason: `Denied: ${what}. ${next}` };
}

/** A word of the agent's in a message, bounded. */
export function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
