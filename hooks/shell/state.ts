/** What a shell would know at a point of a script: variables, folder and functions, copied for subshells, merged after branches. */
import type { Function as FunctionNode } from 'unbash';
import type { Place, Word } from './command.ts';

/** A variable's value; undefined: assigned, but only known at run time. */
export type Value = Word | undefined;

export class ShellState {
  readonly variables: Map<string, Value>;
  readonly functions: Map<string, FunctionNode>;
  /** Variables that do not keep what is assigned to them: read-only ones, and those with an attribute that changes it. */
  readonly odd: Set<string>;
  /** What the function that is being called has declared as its own; all branches in it share this. */
  locals: Set<string>;
  /** Folders that the text itself makes. */
  readonly made: Set<string>;
  folder: string | null;
  readonly posix: boolean;
  /** Set by `exit`, `return`, `break`: what follows in this branch does not run. */
  ended = false;
  /** After a `cd` that may fail: how things stand if it did. */
  failed: ShellState | undefined;

  constructor(from: Place | ShellState) {
    if (from instanceof ShellState) {
      this.variables = new Map(from.variables);
      this.functions = new Map(from.functions);
      this.made = new Set(from.made);
      this.odd = new Set(from.odd);
      this.locals = from.locals;
      this.folder = from.folder;
      this.posix = from.posix;
    } else {
      const known = [...(from.variables ?? [])];
      this.variables = new Map(known.map(([name, text]) => [name, { text, literal: true }]));
      // Stays recognisable in whatever it is assigned to: it is the client or the server.
      this.variables.set('PPID', { text: '$PPID', literal: true });
      this.functions = new Map();
      this.made = new Set();
      this.odd = new Set();
      this.locals = new Set();
      this.folder = from.folder === undefined ? '' : from.folder;
      this.posix = from.posix === true;
    }
  }

  copy(): ShellState {
    return new ShellState(this);
  }

  set(name: string, value: Value): void {
    this.variables.set(name, this.odd.has(name) ? undefined : value);
  }

  /** After a branch that may or may not have run: what both agree on stays known. */
  merge(other: ShellState): void {
    for (const name of new Set([...this.variables.keys(), ...other.variables.keys()])) {
      const mine = this.variables.get(name);
      const theirs = other.variables.get(name);
      const agree = mine && theirs && mine.text === theirs.text && mine.literal === theirs.literal;
      if (!agree) this.variables.set(name, undefined);
    }
    for (const [name, body] of other.functions) this.functions.set(name, body);
    for (const name of other.odd) this.odd.add(name);
    if (this.folder !== other.folder) this.folder = null;
  }

  /** Everything that `other` ended with becomes this state's own. */
  become(other: ShellState): void {
    for (const [name, value] of other.variables) this.variables.set(name, value);
    for (const [name, body] of other.functions) this.functions.set(name, body);
    for (const path of other.made) this.made.add(path);
    for (const name of other.odd) this.odd.add(name);
    this.folder = other.folder;
  }
}
