/**
 * A conservative reader of shell command lines: it finds every simple command in a text, also those inside
 * substitutions, groups, pipes and here-documents, and says which words it could not know. It expands nothing.
 * What it cannot read it refuses to read, so that the caller can take the strictest view.
 */

export interface Word {
  text: string;
  /** False when the shell would still expand it (variable, substitution, glob, brace): `text` is then only its source. */
  literal: boolean;
}

export interface Redirect {
  /** `>`, `>>`, `>|`, `&>`, `<`, `<<<`, … */
  operator: string;
  target: Word;
}

export interface SimpleCommand {
  assignments: string[];
  words: Word[];
  redirects: Redirect[];
  /** Text of its here-document or here-string, which an interpreter would run. */
  stdin?: string;
}

export type ShellReading = { ok: true; commands: SimpleCommand[] } | { ok: false; why: string };

const KEYWORDS = new Set([
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  'in',
  'select',
  'function',
  'time',
  'coproc',
  '!',
  '{',
  '}',
  '[[',
  ']]',
]);
const MAX_DEPTH = 12;
const MAX_LENGTH = 200_000;

class Unreadable extends Error {}

/** Reads a command line. Never throws; linear in the length of the text per nesting level. */
export function readShell(text: string): ShellReading {
  if (text.length > MAX_LENGTH) return { ok: false, why: `it is longer than ${MAX_LENGTH} characters` };
  const commands: SimpleCommand[] = [];
  try {
    new Reader(text, commands, 0).run();
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, why: error.message };
    throw error;
  }
  return { ok: true, commands };
}

class Reader {
  private readonly text: string;
  private readonly commands: SimpleCommand[];
  private readonly depth: number;
  private at = 0;
  private command: SimpleCommand = { assignments: [], words: [], redirects: [] };
  private word: Word | undefined;
  private redirect: string | undefined;
  private heredocs: { command: SimpleCommand; delimiter: string; quoted: boolean; stripTabs: boolean }[] = [];

  constructor(text: string, commands: SimpleCommand[], depth: number) {
    if (depth > MAX_DEPTH) throw new Unreadable('it is nested too deeply');
    this.text = text;
    this.commands = commands;
    this.depth = depth;
  }

  run(): void {
    while (this.at < this.text.length) this.step();
    this.endCommand();
    if (this.heredocs.length > 0) throw new Unreadable('a here-document has no end');
  }

  private step(): void {
    const char = this.text[this.at] ?? '';
    const rest = this.text.slice(this.at, this.at + 3);
    if (char === '\n') {
      this.at++;
      this.endCommand();
      this.readHeredocs();
    } else if (char === ' ' || char === '\t' || char === '\r') {
      this.at++;
      this.endWord();
    } else if (char === '#' && !this.word) {
      while (this.at < this.text.length && this.text[this.at] !== '\n') this.at++;
    } else if (char === '\\') {
      this.escape();
    } else if (char === "'") {
      this.singleQuoted();
    } else if (char === '"') {
      this.at++;
      this.doubleQuoted();
    } else if (char === '$' || char === '`') {
      this.expansion();
    } else if (/^(&>>|<<<|<<-)/.test(rest)) {
      this.startRedirect(rest);
    } else if (/^(&>|>>|>\||<<|<>|>&|<&)/.test(rest)) {
      this.startRedirect(rest.slice(0, 2));
    } else if (rest.startsWith('<(') || rest.startsWith('>(')) {
      this.at += 2;
      this.nested(this.untilClosing(')'));
      this.append('', false);
    } else if (char === '<' || char === '>') {
      this.startRedirect(char);
    } else if (char === ';' || char === '&' || char === '|' || char === '(' || char === ')') {
      this.at++;
      this.endCommand();
    } else {
      this.at++;
      this.append(char, !'*?[{~'.includes(char) || (char === '{' && this.text[this.at] === '}'));
    }
  }

  private append(text: string, literal: boolean): void {
    if (this.word) {
      this.word.text += text;
      this.word.literal &&= literal;
    } else {
      this.word = { text, literal };
    }
  }

  private endWord(): void {
    const word = this.word;
    this.word = undefined;
    if (!word) return;
    if (this.redirect !== undefined) {
      const operator = this.redirect;
      this.redirect = undefined;
      if (operator === '<<<') this.command.stdin = word.text;
      else if (!(operator.endsWith('&') && /^(\d+|-)$/.test(word.text)))
        this.command.redirects.push({ operator, target: word });
      return;
    }
    if (this.command.words.length === 0) {
      if (/^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(word.text)) {
        this.command.assignments.push(word.text);
        return;
      }
      if (word.literal && KEYWORDS.has(word.text)) return;
      if (word.text === '{' || word.text === '!') return;
    }
    this.command.words.push(word);
  }

  private endCommand(): void {
    this.endWord();
    if (this.redirect !== undefined) throw new Unreadable('a redirection has no target');
    const { words, redirects, assignments } = this.command;
    if (words.length + redirects.length + assignments.length > 0) this.commands.push(this.command);
    this.command = { assignments: [], words: [], redirects: [] };
  }

  private startRedirect(operator: string): void {
    // The digits before the operator name a file descriptor, not a word.
    if (this.word && /^\d+$/.test(this.word.text)) this.word = undefined;
    else this.endWord();
    this.at += operator.length;
    if (operator === '<<' || operator === '<<-') this.heredocStart(operator === '<<-');
    else this.redirect = operator;
  }

  private heredocStart(stripTabs: boolean): void {
    const found = /^[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([^\s;&|<>()'"`$]+))/.exec(this.text.slice(this.at));
    if (!found) throw new Unreadable('a here-document has no delimiter');
    this.at += found[0].length;
    const quoted = found[1] !== undefined || found[2] !== undefined || found[0].includes('\\');
    this.heredocs.push({ command: this.command, delimiter: found[1] ?? found[2] ?? found[3] ?? '', quoted, stripTabs });
  }

  private readHeredocs(): void {
    for (const heredoc of this.heredocs.splice(0)) {
      const lines: string[] = [];
      for (;;) {
        if (this.at >= this.text.length) throw new Unreadable('a here-document has no end');
        const end = this.text.indexOf('\n', this.at);
        const line = this.text.slice(this.at, end < 0 ? undefined : end);
        this.at = end < 0 ? this.text.length : end + 1;
        if ((heredoc.stripTabs ? line.replace(/^\t+/, '') : line) === heredoc.delimiter) break;
        lines.push(line);
      }
      heredoc.command.stdin = lines.join('\n');
      if (!heredoc.quoted) this.substitutionsIn(heredoc.command.stdin);
    }
  }

  /** Commands substituted inside text that is otherwise data. */
  private substitutionsIn(text: string): void {
    const reader = new Reader(text, this.commands, this.depth + 1);
    while (reader.at < text.length) {
      const char = text[reader.at];
      if (char === '\\') reader.at += 2;
      else if (char === '$' || char === '`') reader.expansion();
      else reader.at++;
    }
  }

  private escape(): void {
    const next = this.text[this.at + 1];
    if (next === undefined) throw new Unreadable('it ends with a backslash');
    this.at += 2;
    if (next !== '\n') this.append(next, true);
  }

  private singleQuoted(): void {
    const end = this.text.indexOf("'", this.at + 1);
    if (end < 0) throw new Unreadable('a single quote is not closed');
    this.append(this.text.slice(this.at + 1, end), true);
    this.at = end + 1;
  }

  private doubleQuoted(): void {
    this.append('', true);
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) throw new Unreadable('a double quote is not closed');
      if (char === '"') break;
      if (char === '\\') {
        const next = this.text[this.at + 1] ?? '';
        this.append('$`"\\\n'.includes(next) ? next.replace('\n', '') : `\\${next}`, true);
        this.at += 2;
      } else if (char === '$' || char === '`') {
        this.expansion();
      } else {
        this.append(char, true);
        this.at++;
      }
    }
    this.at++;
  }

  private expansion(): void {
    if (this.text[this.at] === '`') {
      const end = this.text.indexOf('`', this.at + 1);
      if (end < 0) throw new Unreadable('a backquote is not closed');
      this.nested(this.text.slice(this.at + 1, end).replaceAll('\\`', '`'));
      this.append(this.text.slice(this.at, end + 1), false);
      this.at = end + 1;
      return;
    }
    const start = this.at;
    const next = this.text[this.at + 1];
    if (next === "'" && !this.word) {
      throw new Unreadable("it uses $'…' quoting");
    } else if (next === '(') {
      this.at += 2;
      const inner = this.untilClosing(')');
      // `$((…))` is arithmetic, or a group that only looks like it: two words beside each other are a command.
      if (inner.startsWith('(') && !/[\w'"\\]\s+[\w'"\\-]/.test(inner)) this.substitutionsIn(inner);
      else this.nested(inner);
      this.append(this.text.slice(start, this.at), false);
    } else if (next === '{') {
      this.at += 2;
      this.substitutionsIn(this.untilClosing('}'));
      this.append(this.text.slice(start, this.at), false);
    } else {
      const name = /^\$([A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])?/.exec(this.text.slice(start, start + 200))?.[0] ?? '$';
      this.at += name.length;
      this.append(name, name === '$');
    }
  }

  private nested(text: string): void {
    new Reader(text, this.commands, this.depth + 1).run();
  }

  /** Text up to the closing bracket, quotes and nesting respected; `at` ends behind it. */
  private untilClosing(close: string): string {
    const open = close === ')' ? '(' : '{';
    const start = this.at;
    let level = 1;
    while (this.at < this.text.length) {
      const char = this.text[this.at];
      if (char === '\\') this.at++;
      else if (char === "'" && close === ')') {
        const end = this.text.indexOf("'", this.at + 1);
        if (end < 0) throw new Unreadable('a single quote is not closed');
        this.at = end;
      } else if (char === '"') {
        this.at++;
        while (this.at < this.text.length && this.text[this.at] !== '"') this.at += this.text[this.at] === '\\' ? 2 : 1;
      } else if (char === open) level++;
      else if (char === close && --level === 0) {
        this.at++;
        return this.text.slice(start, this.at - 1);
      }
      this.at++;
    }
    throw new Unreadable(`a "${open}" is not closed`);
  }
}
