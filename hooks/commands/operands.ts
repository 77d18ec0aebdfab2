/** Words of a command that are not options. */
import type { SimpleCommand, Word } from '../shell.ts';

export function operandsOf(command: SimpleCommand): Word[] {
  const words = command.words.slice(1);
  const end = words.findIndex((word) => word.text === '--');
  if (end < 0) return words.filter((word) => !isOption(word));
  return [...words.slice(0, end).filter((word) => !isOption(word)), ...words.slice(end + 1)];
}

/**
 * What the sub-command may be: the operands from each place where it can begin. A word behind an option may be that
 * option's value or the sub-command; the first that stands behind no option ends the search.
 */
export function subCommands(command: SimpleCommand): Word[][] {
  const words = command.words.slice(1);
  const end = words.findIndex((word) => word.text === '--');
  const own = end < 0 ? words : words.slice(0, end);
  const found: Word[][] = [];
  for (const [index, word] of own.entries()) {
    if (isOption(word)) continue;
    found.push(
      own
        .slice(index)
        .filter((one) => !isOption(one))
        .slice(0, 5),
    );
    const before = own[index - 1];
    if (!before || !isOption(before) || before.text.includes('=')) break;
  }
  return found;
}

function isOption(word: Word): boolean {
  return /^-./.test(word.text);
}
