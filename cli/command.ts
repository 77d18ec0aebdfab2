/** What a command is: one declaration with a short `run`. `main.ts` does everything that is the same for all. */
import type { z } from 'zod';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';

export interface Call extends Output {
  /** The folder it was called in. */
  cwd: string;
  /** Aborted by the first Ctrl-C, or when the terminal goes away. */
  signal: AbortSignal;
  version: string;
}

export interface Answer {
  /** What `--json` prints; left out where the text is the document (JSON lines, JUnit, …). */
  value?: unknown;
  /** For people, or in the format that was asked for. */
  text: string;
  /** Default 0. */
  exit?: ExitCode;
}

export interface Command<Input extends z.ZodType = z.ZodType> {
  /** The words it is called by, such as `context lint`. */
  name: string;
  /** In the notation of commander: `<incident>`, `[file]`, `<files...>`. */
  arguments?: readonly string[];
  summary: string;
  /** `[flags, description]`, in the notation of commander. */
  options?: ReadonlyArray<readonly [flags: string, description: string]>;
  /** Arguments and options by their names in camelCase. */
  input: Input;
  run(input: z.output<Input>, call: Call): Promise<Answer>;
}

/** Declares a command; the type of `run` follows from the schema. */
export function command<Input extends z.ZodType>(declaration: Command<Input>): Command {
  return declaration as unknown as Command;
}

export const JSON_OPTION = ['--json', 'print one JSON document'] as const;
