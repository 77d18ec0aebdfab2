/** How the help lists the commands: those of two words too, and without what every line would repeat. */
import type { Help, Command as Program } from 'commander';

export const HELP: Partial<Help> = {
  visibleCommands: (program) =>
    program.commands.flatMap((command) => [command, ...command.commands].filter(isRunnable)),
  subcommandTerm: (command) =>
    [pathOf(command), ...command.registeredArguments.map((argument) => termOf(argument.name(), argument))].join(' '),
};

/** One that only gathers others has nothing to say of its own. */
function isRunnable(command: Program): boolean {
  return command.description() !== '';
}

/** Its words, the program's own name left out. */
function pathOf(command: Program): string {
  const { parent } = command;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

function termOf(name: string, { required, variadic }: { required: boolean; variadic: boolean }): string {
  const term = `${name}${variadic ? '...' : ''}`;
  return required ? `<${term}>` : `[${term}]`;
}
