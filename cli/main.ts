/** The program with all its commands. */
import { COMMANDS } from './commands/index.ts';
import { EXIT } from './exit-codes.ts';
import { notAvailable } from './not-available.ts';
import { openOutput } from './output.ts';
import { type MainOptions, runProgram } from './run-program.ts';

/** `words`: the arguments after the program's name. Answers with the exit code. */
export async function main(words: readonly string[], options: MainOptions): Promise<number> {
  const missing = notAvailable(words);
  if (missing === undefined) return runProgram(COMMANDS, words, options);
  openOutput({ json: false }).warn(missing);
  return EXIT.usage;
}
