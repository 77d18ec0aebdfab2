/** What reading a shell text gives: simple commands with their words, redirections, input and folder. */

export interface Word {
  /** The value after quotes are removed and known expansions made; else the source of what is unknown, in its place. */
  text: string;
  /** True when the value is known: neither an unknown expansion nor a file name pattern is in it. */
  literal: boolean;
  /** Not literal only because of a file name pattern (`src/*.js`). */
  glob?: true;
  /** A process substitution: the text that it would give to its reader; null when unknown. */
  produces?: string | null;
}

export interface Redirect {
  /** `>`, `>>`, `>|`, `&>`, `>&`, `<`, `<>`, … */
  operator: string;
  target: Word;
}

export interface SimpleCommand {
  /** `NAME=value` before the program. */
  assignments: string[];
  words: Word[];
  redirects: Redirect[];
  /** What it reads on its standard input where that is known: a here-document, a here-string, `echo text |`. */
  stdin?: string;
  /** Parts of `stdin` are only known when it runs. */
  stdinUnknown?: boolean;
  /** Its standard input is the output of another command. */
  pipedInput?: boolean;
  /** Another command reads its output. */
  pipedOutput?: boolean;
  /** It, or what it is part of, ends in `&`. */
  background?: boolean;
  /** `timeout` ends it. */
  timed?: boolean;
  /** Where it runs: absolute when `Place.folder` was; null when only known at run time. */
  folder?: string | null;
  /** It runs inside a container: its paths are not those of this machine. */
  elsewhere?: boolean;
}

export type ShellReading = { ok: true; commands: SimpleCommand[] } | { ok: false; why: string };

/** What is known of the place where a text would run. All of it may be left out. */
export interface Place {
  /** Where the shell stands. */
  folder?: string | null;
  /** It is a plain `sh`, which may not know what bash knows. */
  posix?: boolean;
  /** What `git rev-parse --show-toplevel` answers. */
  toplevel?: string;
  /** Variables with known values, such as TMPDIR. */
  variables?: ReadonlyMap<string, string>;
  /** Whether `cd` to this absolute path would succeed; without it every `cd` is taken to. */
  isFolder?: (path: string) => boolean;
}
