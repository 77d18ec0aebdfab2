/**
 * Reads a command line the way a POSIX shell splits it, without running anything: which simple commands stand in it,
 * and whether it needs a shell at all. It never expands anything: `$HOME` stays `$HOME`, and says that a shell is needed.
 */

export interface ShellLine {
  /** The simple commands in order, quotes resolved, redirections left out. */
  commands: string[][];
  /** The source of each simple command, as it was written. */
  texts: string[];
  /** What stands between them: `&&`, `||`, `;`, `|`, `&`. */
  operators: string[];
  /** The first thing that only a shell can carry out (`&&`, `$`, `*`, …), or null when the words are the command. */
  needsShell: string | null;
  /** Words written after the line become arguments of its last command. */
  appendable: boolean;
}

const OPERATORS = ['&&', '||', ';', '|', '&', '\n'];
const REDIRECTION = /^\d*(?:>>|>&|>\||<&|<<<|<<-?|<>|&>>|&>|>|<)/;

export function readShellLine(line: string): ShellLine {
  const commands: string[][] = [[]];
  const texts: string[] = [];
  const operators: string[] = [];
  let from = 0;
  let word: string | null = null;
  let needsShell: string | null = null;
  let redirected = false;
  let closed = true;
  let last = '';

  const shell = (what: string) => {
    needsShell ??= what;
  };
  const add = (text: string) => {
    word = (word ?? '') + text;
  };
  const endWord = () => {
    if (word === null) return;
    if (redirected) redirected = false;
    else commands.at(-1)?.push(word);
    last = 'word';
    word = null;
  };

  for (let at = 0; at < line.length; ) {
    const rest = line.slice(at);
    const char = rest[0] as string;
    if (char === "'") {
      const end = line.indexOf("'", at + 1);
      closed = end !== -1;
      add(line.slice(at + 1, closed ? end : undefined));
      at = closed ? end + 1 : line.length;
    } else if (char === '"') {
      const quoted = readDoubleQuoted(rest);
      if (quoted.special) shell(quoted.special);
      closed = quoted.closed;
      add(quoted.text);
      at += quoted.length;
    } else if (char === '\\') {
      shell('\\');
      if (rest[1] !== '\n') add(rest[1] ?? '');
      at += 2;
    } else if (char === ' ' || char === '\t') {
      endWord();
      at += 1;
    } else if (word === null && char === '#') {
      shell('#');
      break;
    } else if ((word === null || /^\d+$/.test(word)) && REDIRECTION.test(rest)) {
      shell('a redirection');
      word = null;
      at += (REDIRECTION.exec(rest) as RegExpExecArray)[0].length;
      redirected = true;
    } else if (char === '<' || char === '>') {
      endWord();
    } else {
      const operator = OPERATORS.find((candidate) => rest.startsWith(candidate));
      if (operator) {
        endWord();
        const separator = operator === '\n' ? ';' : operator;
        shell(separator);
        last = 'operator';
        if (commands.at(-1)?.length) {
          operators.push(separator);
          texts.push(line.slice(from, at).trim());
          commands.push([]);
        }
        at += operator.length;
        from = at;
      } else {
        if ('$`(){}*?[]!~'.includes(char)) shell(char);
        add(char);
        at += 1;
      }
    }
  }
  endWord();
  if (!closed) shell('a quote that is not closed');
  if (commands.at(-1)?.length === 0) {
    commands.pop();
    operators.splice(Math.max(0, commands.length - 1));
  } else texts.push(line.slice(from).trim());
  const final = commands.at(-1)?.at(-1) ?? '';
  return {
    commands,
    texts,
    operators,
    needsShell,
    appendable: closed && last === 'word' && needsShell !== '#' && !/[)}]$/.test(final),
  };
}

function readDoubleQuoted(rest: string): { text: string; length: number; closed: boolean; special: string | null } {
  let text = '';
  let special: string | null = null;
  for (let at = 1; at < rest.length; at++) {
    const char = rest[at] as string;
    if (char === '"') return { text, length: at + 1, closed: true, special };
    if (char === '$' || char === '`') special ??= char;
    if (char === '\\') {
      special ??= '\\';
      const next = rest[at + 1] ?? '';
      if ('$`"\\'.includes(next)) {
        text += next;
        at++;
        continue;
      }
    }
    text += char;
  }
  return { text, length: rest.length, closed: false, special };
}

/** One argument, quoted for a POSIX shell when it has to be. */
export function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
