/** Where functions and classes of a Python file begin and end, by indentation, past strings and brackets. */

export interface PythonBlock {
  kind: 'def' | 'class';
  name: string;
  /** Names of the classes and functions around it, outermost first, then its own. */
  path: string;
  /** 1-based line of `def` or `class`. */
  start: number;
  /** 1-based, inclusive. */
  end: number;
  indent: number;
}

/** Every function and class in the order they begin. */
export function readPythonBlocks(text: string): PythonBlock[] {
  const blocks: PythonBlock[] = [];
  const open: PythonBlock[] = [];
  let last = 0;
  for (const { line, end, text: statement } of logicalLines(text)) {
    const indent = indentOf(statement);
    while (open.length > 0 && indent <= (open.at(-1)?.indent ?? 0)) close(open, last);
    const header = /^\s*(?:(?:async\s+)?(def)|(class))\s+([^\W\d]\w*)/u.exec(statement);
    if (header) {
      const name = header[3] ?? '';
      const block: PythonBlock = {
        kind: header[1] ? 'def' : 'class',
        name,
        path: [...open.map((outer) => outer.name), name].join('.'),
        start: line,
        end,
        indent,
      };
      blocks.push(block);
      open.push(block);
    }
    last = end;
  }
  while (open.length > 0) close(open, last);
  return blocks;
}

function close(open: PythonBlock[], last: number): void {
  const block = open.pop();
  if (block) block.end = Math.max(block.end, last);
}

function indentOf(statement: string): number {
  let width = 0;
  for (const char of statement) {
    if (char === ' ') width++;
    else if (char === '\t') width += 8 - (width % 8);
    else break;
  }
  return width;
}

interface LogicalLine {
  line: number;
  end: number;
  text: string;
}

/** Statements by their first and last line; blank lines and comments are left out. */
function* logicalLines(text: string): Generator<LogicalLine> {
  let line = 1;
  let start = 1;
  let begin = 0;
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (char === '#') {
      while (at < text.length && text[at] !== '\n') at++;
      continue;
    }
    if (char === '"' || char === "'") {
      const end = endOfString(text, at, char);
      for (; at < end; at++) if (text[at] === '\n') line++;
      continue;
    }
    if (char === '\\' && text[at + 1] === '\n') {
      line++;
      at += 2;
      continue;
    }
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth = Math.max(0, depth - 1);
    else if (char === '\n') {
      if (depth === 0) {
        const statement = text.slice(begin, at);
        if (isStatement(statement)) yield { line: start, end: line, text: statement };
        begin = at + 1;
        start = line + 1;
      }
      line++;
    }
    at++;
  }
  const rest = text.slice(begin);
  if (isStatement(rest)) yield { line: start, end: line, text: rest };
}

function isStatement(text: string): boolean {
  return /^\s*[^\s#]/.test(text);
}

function endOfString(text: string, at: number, quote: string): number {
  const triple = quote.repeat(3);
  if (text.startsWith(triple, at)) {
    for (let i = at + 3; i < text.length; i++) {
      if (text[i] === '\\') i++;
      else if (text.startsWith(triple, i)) return i + 3;
    }
    return text.length;
  }
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === '\n') return i;
  }
  return text.length;
}
