/**
 * Where the test cases, suites and hooks of a JavaScript or TypeScript test file begin and end, by following brackets
 * past strings, templates, comments and regular expressions. No syntax tree: test files of every dialect must pass
 * through, and lines are all that is asked.
 */

export type BlockKind = 'suite' | 'case' | 'hook';

export interface Block {
  kind: BlockKind;
  /** The called name with its modifiers, such as `it.skip`. */
  callee: string;
  /** First argument when it is a plain string, else empty. */
  title: string;
  /** 1-based, both inclusive. */
  start: number;
  end: number;
  /** A statement of its own, right in the body of another case, with nothing beside it on its lines. */
  subtest: boolean;
}

const KINDS: Record<string, BlockKind> = {
  describe: 'suite',
  context: 'suite',
  suite: 'suite',
  it: 'case',
  test: 'case',
  specify: 'case',
  bench: 'case',
  before: 'hook',
  beforeAll: 'hook',
  beforeEach: 'hook',
  after: 'hook',
  afterAll: 'hook',
  afterEach: 'hook',
};
for (const name of ['describe', 'it', 'test']) {
  KINDS[`f${name}`] = KINDS[name] ?? 'case';
  KINDS[`x${name}`] = KINDS[name] ?? 'case';
}

/** A bracket, or a template, and what it is part of. */
export interface Bracket {
  open: string;
  start: number;
  end: number;
  /** The body of a suite, the rows of a table of cases, the names of an import: what may be added to. */
  grows: boolean;
}

interface Open {
  bracket: string;
  block: Block | undefined;
  /** Where it is told to the caller. */
  told: Bracket;
  /** Of a case: what its function calls the handle by which it can hold cases of its own, as in `(t) => { t.test(…) }`. */
  handle?: string | undefined;
}

interface Read {
  /** In the order they begin. */
  blocks: Block[];
  brackets: Bracket[];
}

interface Callee {
  name: string;
  start: number;
  subtest: boolean;
}

/** Blocks in the order they begin; null when brackets do not match, so that nothing can be told. */
export function readBlocks(text: string): Block[] | null {
  return readJavaScript(text)?.blocks ?? null;
}

export function readJavaScript(text: string): Read | null {
  const blocks: Block[] = [];
  const brackets: Bracket[] = [];
  const stack: Open[] = [];
  let line = 1;
  let at = 0;
  /** The last thing that was read and is no white space: tells a regular expression from a division. */
  let previous = '';
  /** A callee whose opening parenthesis is awaited. */
  let callee: Callee | undefined;
  /** A call such as `it.each(rows)` that just closed: the next `(` continues the same block. */
  let closed: Block | undefined;
  /** Whether a statement begins here, as far as brackets, semicolons and the cases before tell. */
  let begins = true;

  const tell = (open: string, grows = false): Bracket => {
    const told = { open, start: line, end: 0, grows };
    brackets.push(told);
    return told;
  };
  const close = (): Open | undefined => {
    const open = stack.pop();
    if (open) open.told.end = line;
    return open;
  };
  const skipTo = (end: number) => {
    for (; at < end; at++) if (text[at] === '\n') line++;
  };

  /** From a backtick, or the end of an expression, through the template's own text. */
  const templateText = () => {
    at++;
    const stop = readTemplate(text, at);
    skipTo(stop.end);
    if (stop.opens) stack.push({ bracket: '${', block: undefined, told: tell('${') });
    else close();
    previous = '"';
  };

  while (at < text.length) {
    const char = text[at] as string;
    if (/\s/.test(char)) {
      skipTo(at + 1);
      continue;
    }
    const trivia = endOfTrivia(text, at);
    if (trivia !== undefined) {
      skipTo(trivia);
      continue;
    }
    const literal = endOfLiteral(text, at, previous);
    if (literal !== undefined) {
      skipTo(literal);
      previous = '"';
      continue;
    }
    if (char === '`') {
      // A template: its text is skipped, its ${} expressions are read like code.
      stack.push({ bracket: '`', block: undefined, told: tell('`') });
      templateText();
      continue;
    }
    const word = /^[\w$]+(?:\s*\.\s*[\w$]+)*/.exec(text.slice(at, at + 300))?.[0];
    if (word && /[A-Za-z_$]/.test(char)) {
      const name = word.replace(/\s+/g, '');
      if (previous !== 'await') begins = ';{}'.includes(previous) || closed !== undefined;
      const nested = makesSubtest(name, stack);
      const called = previous !== '.' && (nested || KINDS[name.split('.')[0] ?? ''] !== undefined);
      const apart = begins && stack.at(-1)?.bracket === '{' && makesSubtest(name, [stack.at(-2)]);
      callee = called ? { name, start: line, subtest: apart && isAloneBefore(text, at) } : undefined;
      closed = undefined;
      skipTo(at + word.length);
      previous = name.split('.').at(-1) ?? name;
      continue;
    }
    if ('([{'.includes(char)) {
      let block: Block | undefined;
      if (char === '(' && closed) block = closed;
      else if (char === '(' && callee) {
        block = {
          kind: kindOf(callee.name),
          callee: callee.name,
          title: '',
          start: callee.start,
          end: 0,
          subtest: callee.subtest,
        };
        blocks.push(block);
      }
      if (block && block.title === '') block.title = titleAt(text, at + 1);
      const handle = block?.kind === 'case' ? handleAt(text, at + 1) : undefined;
      stack.push({ bracket: char, block, handle, told: tell(char, grows(char, previous, stack.at(-1), stack)) });
      callee = undefined;
      closed = undefined;
    } else if (')]}'.includes(char)) {
      const open = close();
      if (!open) return null;
      if (char === '}' && open.bracket === '${') {
        templateText();
        continue;
      }
      if (open.bracket !== { ')': '(', ']': '[', '}': '{' }[char]) return null;
      closed = open.block;
      if (open.block) {
        open.block.end = line;
        open.block.subtest &&= isAloneBehind(text, at + 1);
      }
    } else if (char !== '.' && char !== '`') {
      callee = undefined;
      closed = undefined;
    }
    previous = char;
    at++;
  }
  return stack.length === 0 ? { blocks, brackets } : null;
}

/** Of `test.describe` and `test.beforeEach` the last word tells, of `it.skip` and `test.each` the first. */
function kindOf(name: string): BlockKind {
  const words = name.split('.');
  const told = words.slice(1).find((word) => KINDS[word] !== undefined && KINDS[word] !== 'case');
  return KINDS[told ?? words[0] ?? ''] ?? 'case';
}

/** Whether what opens here may be added to without a change to what is there. */
function grows(char: string, previous: string, outer: Open | undefined, stack: readonly Open[]): boolean {
  if (char === '{') {
    if (previous === 'import' || previous === 'type') return stack.length === 0;
    return outer?.bracket === '(' && outer.block?.kind === 'suite' && (previous === '>' || previous === ')');
  }
  if (char !== '[') return false;
  if (outer?.bracket === '(' && outer.block) return /\.(?:each|for)$/.test(outer.block.callee);
  return stack.every((open) => open.told.grows);
}

function endOfTrivia(text: string, at: number): number | undefined {
  if (text.startsWith('//', at)) return lineEnd(text, at);
  if (at === 0 && text.startsWith('#!')) return lineEnd(text, at);
  if (!text.startsWith('/*', at)) return undefined;
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? text.length : end + 2;
}

/** End of a string or regular expression that begins here. Neither crosses a line: a stray quote in JSX text ends there. */
function endOfLiteral(text: string, at: number, previous: string): number | undefined {
  const char = text[at] as string;
  // An apostrophe within a word is JSX text (don't): no expression has a name right before a quote.
  if (char === "'" && /\w/.test(text[at - 1] ?? '') && !KEYWORD.test(previous)) return undefined;
  if (char === '"' || char === "'") return scan(text, at, (inner) => inner === char);
  // `/>` ends a JSX element far more often than it begins a regular expression.
  if (char !== '/' || text[at + 1] === '>' || !beginsExpression(previous)) return undefined;
  let inClass = false;
  return scan(text, at, (inner) => {
    if (inner === '[') inClass = true;
    else if (inner === ']') inClass = false;
    return inner === '/' && !inClass;
  });
}

function scan(text: string, at: number, isEnd: (char: string) => boolean): number {
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '\\') i++;
    else if (char === '\n') return i;
    else if (isEnd(char)) return i + 1;
  }
  return text.length;
}

/** Words after which an expression begins. */
const KEYWORD = /^(?:return|typeof|case|in|of|await|yield|do|else|void|delete|throw|new|from|import|default)$/;

function beginsExpression(previous: string): boolean {
  return previous === '' || '(,=:[!&|?{};+-*%~^>'.includes(previous) || KEYWORD.test(previous);
}

/** From inside a template to behind its closing backtick, or behind the `${` that comes first. */
function readTemplate(text: string, at: number): { end: number; opens: boolean } {
  for (let i = at; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '`') return { end: i + 1, opens: false };
    else if (text[i] === '$' && text[i + 1] === '{') return { end: i + 2, opens: true };
  }
  return { end: text.length, opens: false };
}

function titleAt(text: string, at: number): string {
  return /^\s*(["'`])((?:\\.|(?!\1)[^\\\n])*)\1/.exec(text.slice(at, at + 500))?.[2] ?? '';
}

/** What the function of a case calls its first parameter. */
function handleAt(text: string, at: number): string | undefined {
  const [head = ''] = /^[^\n]*\n?[^\n]*/.exec(text.slice(at, at + 500)) ?? [];
  return /,\s*(?:async\s+)?(?:function\s*[\w$]*\s*)?\(?\s*([\w$]+)\s*(?::[^=()]*)?\)?\s*(?:=>\s*)?\{/.exec(head)?.[1];
}

/** Whether a call of this name makes a case within one of these. */
function makesSubtest(name: string, within: readonly (Open | undefined)[]): boolean {
  const [handle, method] = name.split('.');
  return method === 'test' && within.some((open) => open?.handle === handle && handle !== undefined);
}

function isAloneBefore(text: string, at: number): boolean {
  return /^\s*(?:await\s+)?$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at));
}

function isAloneBehind(text: string, at: number): boolean {
  return /^[ \t]*;?[ \t]*(?:\/\/.*)?\r?$/.test(text.slice(at, lineEnd(text, at)));
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
