/**
 * Brackets of Go and Java files, past strings, characters and comments: which lines each one holds, and what stands right
 * before it. Enough to tell what an added line was put into; no syntax tree.
 */

export interface Bracket {
  open: string;
  /** 1-based, both inclusive. */
  start: number;
  end: number;
  /** The text of its first line up to the bracket. */
  before: string;
}

const CLOSERS: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** In the order they begin; null when they do not match, so that nothing can be told. */
export function readBraces(text: string): Bracket[] | null {
  const found: Bracket[] = [];
  const stack: Bracket[] = [];
  let line = 1;
  let begin = 0;
  for (let at = 0; at < text.length; at++) {
    const end = endOfText(text, at);
    if (end !== undefined) {
      for (; at < end - 1; at++) {
        if (text[at] !== '\n') continue;
        line++;
        begin = at + 1;
      }
      continue;
    }
    const char = text[at] as string;
    if (char === '\n') {
      line++;
      begin = at + 1;
    } else if ('([{'.includes(char)) {
      const bracket = { open: char, start: line, end: 0, before: text.slice(begin, at) };
      found.push(bracket);
      stack.push(bracket);
    } else if (CLOSERS[char] !== undefined) {
      const bracket = stack.pop();
      if (bracket?.open !== CLOSERS[char]) return null;
      bracket.end = line;
    }
  }
  return stack.length === 0 ? found : null;
}

/** Behind a string, character or comment that begins here; a line comment ends before its line end. */
function endOfText(text: string, at: number): number | undefined {
  const char = text[at] as string;
  if (text.startsWith('//', at)) return orEnd(text, text.indexOf('\n', at), 0);
  if (text.startsWith('/*', at)) return orEnd(text, text.indexOf('*/', at + 2), 2);
  if (text.startsWith('"""', at)) return orEnd(text, text.indexOf('"""', at + 3), 3);
  if (char === '`') return orEnd(text, text.indexOf('`', at + 1), 1);
  if (char !== '"' && char !== "'") return undefined;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === char) return i + 1;
    else if (text[i] === '\n') return i;
  }
  return text.length;
}

function orEnd(text: string, at: number, length: number): number {
  return at < 0 ? text.length : at + length;
}
