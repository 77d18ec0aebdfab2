/** The form of a rule about waiting, and how a call is held against one: a table per family is all there is besides. */
import { type Invocation, type Options, readOptions } from './invocation.ts';

export interface Call extends Options {
  invocation: Invocation;
  /** As it was typed up to its subcommand: `git -C app commit`. */
  as: string;
  /** Words after the program and subcommand of the rule. */
  args: readonly string[];
  has(...flags: string[]): boolean;
}

export interface WaitingRule {
  /** Program and subcommands, such as `docker compose up`. */
  programs: readonly string[];
  /** Options that take a value, of the program and of the subcommand. */
  valued?: readonly string[];
  /** Without it, every call waits. */
  when?: (call: Call) => boolean;
  /** Continues "… ": `opens an editor`. */
  why: string;
  /** A sentence; `{as}` is the call as it was typed up to its subcommand. */
  instead: string;
}

export interface Family {
  /**
   * `person`: it asks, and nobody is there. `endless`: it goes on until it is stopped; in the background, or under
   * `timeout`, that is what one wants.
   */
  kind: 'person' | 'endless';
  /** Input from a pipe, a file or a here-document answers it. */
  answerable: boolean;
  rules: readonly WaitingRule[];
}

/** Names written as one text with commas: what a table of names is easiest to read as. */
export function named(list: string): string[] {
  return list.trim().split(/\s*,\s*/);
}

/** Holds a call against one of a rule's programs; undefined when it is another program or subcommand. */
export function match(rule: WaitingRule, pattern: string, invocation: Invocation): Call | undefined {
  const [program, ...subcommands] = pattern.split(' ');
  if (program !== invocation.program) return undefined;
  const valued = rule.valued ?? [];
  const before: string[] = [];
  let at = 0;
  for (const subcommand of subcommands) {
    for (; at < invocation.args.length && invocation.args[at]?.startsWith('-'); at++) {
      before.push(invocation.args[at] ?? '');
      if (valued.includes(invocation.args[at] ?? '')) before.push(invocation.args[++at] ?? '');
    }
    if (invocation.args[at] !== subcommand) return undefined;
    at++;
  }
  const args = invocation.args.slice(at);
  const own = readOptions(args, valued);
  // Of git the same letters mean something else in front of the subcommand (`-C`, `-c`, `-p`).
  const flags = new Set([...(program === 'git' ? [] : readOptions(before, valued).flags), ...own.flags]);
  return {
    invocation,
    as: [invocation.as, ...invocation.args.slice(0, at)].join(' '),
    args,
    operands: own.operands,
    flags,
    has: (...names) => names.some((name) => flags.has(name)),
  };
}
