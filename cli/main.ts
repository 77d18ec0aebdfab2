/** The program with all its commands. */
import { COMMANDS } from './commands/index.ts';
import { type MainOptions, runProgram } from './run-program.ts';

/** `words`: the arguments after the program's name. Answers with the exit code. */
export function main(words: readonly string[], options: MainOptions): Promise<number> {
  return runProgram(COMMANDS, words, options);
}
