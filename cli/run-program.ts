/** Finds the command among those given, parses what was typed, runs it, and turns its answer or its error into output and exit code. */
import { CommanderError, Command as Program } from 'commander';
import type { Answer, Call, Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { HELP } from './help.ts';
import { openOutput } from './output.ts';

export interface MainOptions {
  version: string;
  cwd: string;
  signal: AbortSignal;
}

/** `words`: the arguments after the program's name. Answers with the exit code. */
export async function runProgram(
  commands: readonly Command[],
  words: readonly string[],
  options: MainOptions,
): Promise<number> {
  let exit: number = EXIT.done;
  const program = describe(commands, options.version, async (command, given) => {
    exit = await runCommand(command, given, options);
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return exit;
  } catch (error) {
    // Commander has printed the help, the version, or what is wrong with the words.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
}

async function runCommand(command: Command, given: Record<string, unknown>, options: MainOptions): Promise<number> {
  const json = given.json === true;
  const output = openOutput({ json });
  const call: Call = { ...output, ...options };
  try {
    const input = command.input.safeParse(given);
    if (!input.success) {
      const issue = input.error.issues[0];
      const place = issue?.path.join('.') ?? '';
      output.warn(
        `error: ${place === '' ? '' : `${place}: `}${issue?.message}\n  See \`self-healing ${command.name} --help\`.`,
      );
      return EXIT.usage;
    }
    const answer: Answer = await command.run(input.data, call);
    await output.print(json && answer.value !== undefined ? `${JSON.stringify(answer.value, null, 2)}\n` : answer.text);
    return answer.exit ?? EXIT.done;
  } catch (error) {
    const failure = failureOf(error, options.signal.aborted);
    if (json) await output.print(`${JSON.stringify(failure.value, null, 2)}\n`);
    output.warn(failure.text);
    return failure.exit;
  }
}

type Run = (command: Command, given: Record<string, unknown>) => Promise<void>;

function describe(commands: readonly Command[], version: string, run: Run): Program {
  const program = new Program('self-healing')
    .description(
      'Turns a production error into a small, proven, reviewable fix, or into a clear hand-over to a person.',
    )
    .version(version, '-v, --version')
    .enablePositionalOptions()
    .helpCommand(false)
    .configureHelp(HELP)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('See `self-healing --help`.');
  const known = new Map<string, Program>();
  for (const command of commands) declare(program, known, command, run);
  return program;
}

/** A command of two words stands below the first; when that is no command itself it only gathers them. */
function declare(program: Program, known: Map<string, Program>, command: Command, run: Run): void {
  const [first = '', second] = command.name.split(' ');
  const parent = known.get(first) ?? program.command(first);
  const target = second === undefined ? parent : parent.command(second);
  known.set(first, parent);
  target.description(command.summary);
  for (const argument of command.arguments ?? []) target.argument(argument);
  for (const [flags, description] of command.options ?? []) target.option(flags, description);
  target.action(async () => {
    const names = target.registeredArguments.map((argument) => argument.name());
    const named = Object.fromEntries(names.map((name, at) => [name, target.processedArgs[at]]));
    await run(command, { ...target.opts(), ...named });
  });
}
