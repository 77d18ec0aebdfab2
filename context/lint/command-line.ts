/** What can be known of a command line without running it: its simple commands, as far as their words stand in it. */
import { parse } from 'unbash';

export interface SimpleCommand {
  program: string;
  /** Undefined where only the shell knows the word. */
  words: (string | undefined)[];
}

/** Undefined where the line defines its own names or cannot be read. */
export function simpleCommands(line: string): SimpleCommand[] | undefined {
  const commands: SimpleCommand[] = [];
  let defines = false;
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const child of node) walk(child);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const { type, name, suffix } = node as { type?: unknown; name?: unknown; suffix?: unknown };
    if (type === 'Function') defines = true;
    if (type === 'Command' && name !== undefined) {
      const program = staticWord(name);
      const words = Array.isArray(suffix) ? suffix.filter(isWord).map(staticWord) : [];
      if (program !== undefined) commands.push({ program, words });
    }
    for (const child of Object.values(node)) walk(child);
  };
  try {
    walk(parse(line));
  } catch {
    return undefined;
  }
  const changed = commands.some(({ program }) => program === 'alias' || program === 'source' || program === '.');
  return defines || changed ? undefined : commands;
}

function isWord(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'type' in node && node.type === 'Word';
}

/** The word, when nothing in it is expanded. */
function staticWord(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null || !('value' in node) || !('text' in node)) return undefined;
  const { value, text } = node;
  if (typeof value !== 'string' || typeof text !== 'string') return undefined;
  const bare = text.replace(/'[^']*'/g, '');
  const quoted = bare.replace(/"(?:[^"\\]|\\.)*"/g, '');
  return /[$`]/.test(bare) || /[*?[\]{}~]/.test(quoted) ? undefined : value;
}
