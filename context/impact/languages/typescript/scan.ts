/**
 * The imports in a TypeScript or JavaScript text, found without parsing it: the scan jumps from quote to quote
 * past comments, regular expressions and other strings, and looks at what stands before each string. Of a text that
 * does not parse it finds what it can. A false specifier costs one test run, a missed one costs a bug: in doubt it counts.
 */
import { type ImportKind, note } from '../../language.ts';
import { clauseKind } from './clause.ts';

const CODE = /["'`/]/g;
/** Inside `${…}` braces are counted as well, to know where the template goes on. */
const CODE_IN_TEMPLATE = /["'`/{}]/g;
const WORD_CHARACTER = /[\w$]/;
const BEFORE_REGEX = /(?:^|[^\w$.])(?:return|typeof|case|in|of|void|delete|do|else|instanceof|throw|yield|await)$/;
const REFERENCE = /^\/\/\/\s*<reference\s+(path|types)\s*=\s*["']([^"']+)["']/;
/** In a comment that starts with two stars: an imported type in the braces of a tag, and the tag `import` of TypeScript 5.5. */
const DOCUMENTED =
  /@[a-z]+[ \t]*\{[^@]{0,400}?\bimport\(\s*["']([^"'\n]+)["']\s*\)|@import\s[^@]{0,400}?\bfrom\s+["']([^"'\n]+)["']/g;

/** Calls whose first argument names a module. Mocks count: a test that mocks a module is about that module. */
const CALLS = new Map<string, ImportKind>([
  ...named('', ['import', 'require', 'module.require', 'require.resolve', 'import.meta.resolve'], 'value'),
  ...['vi', 'vitest'].flatMap((runner) => [
    ...named(`${runner}.`, ['unmock', 'doUnmock', 'importActual'], 'value'),
    ...named(`${runner}.`, ['mock', 'doMock', 'importMock'], 'mock'),
  ]),
  ...named('jest.', ['unmock', 'dontMock', 'deepUnmock', 'requireActual'], 'value'),
  ...named('jest.', ['mock', 'doMock', 'setMock', 'requireMock'], 'mock'),
  ...named('jest.', ['createMockFromModule', 'genMockFromModule', 'unstable_mockModule'], 'mock'),
  ...named('', ['.mock', '.doMock', 'mock.module'], 'mock'),
  ...named('', ['proxyquire', 'esmock'], 'value'), // these load the module, and mock what it imports
]);

function named(prefix: string, names: readonly string[], kind: ImportKind): Array<[string, ImportKind]> {
  return names.map((name) => [prefix + name, kind]);
}

/** Every specifier once, in the order of the text, with the strongest way in which it is used. */
export function scanImports(text: string): Map<string, ImportKind> {
  return new Scan(text).run();
}

class Scan {
  private readonly text: string;
  private readonly found = new Map<string, ImportKind>();
  /** Where the last specifier ended: the clause of the next one begins behind it. */
  private lastSpecifier = 0;
  /** Where the next `import` stands, for comments that name types. */
  private nextImport = -1;
  /** Starts and ends of the comments so far, to look back past them. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** From where on nothing ends a template or a comment: hostile text must not be searched to its end again and again. */
  private noTemplateEnd = Number.POSITIVE_INFINITY;
  private noCommentEnd = Number.POSITIVE_INFINITY;
  /** Up to where a line was searched in vain for the end of a string or a regular expression, by its first character. */
  private readonly searched = new Map<string, number>();
  /** Open braces in each `${` that is still open, innermost last. */
  private readonly braces: number[] = [];

  constructor(text: string) {
    this.text = text;
  }

  run(): Map<string, ImportKind> {
    const { text } = this;
    let at = text.startsWith('#!') ? endOfLine(text, 0) : 0;
    while (at < text.length) {
      const pattern = this.braces.length > 0 ? CODE_IN_TEMPLATE : CODE;
      pattern.lastIndex = at;
      if (!pattern.test(text)) break;
      at = this.step(pattern.lastIndex - 1);
    }
    return this.found;
  }

  /** Handles the character at `at` and answers where to go on. */
  private step(at: number): number {
    switch (this.text[at]) {
      case '/':
        return this.slash(at);
      case '`':
        return this.template(at, at + 1);
      case '{':
        this.braces.push((this.braces.pop() ?? 0) + 1);
        return at + 1;
      case '}': {
        const open = (this.braces.pop() ?? 0) - 1;
        if (open < 0) return this.template(at, at + 1);
        this.braces.push(open);
        return at + 1;
      }
      default:
        return this.string(at);
    }
  }

  /** A string ends on its own line; an apostrophe in JSX text does not, and is passed over. */
  private string(at: number): number {
    const { text } = this;
    const quote = text[at] ?? '';
    if (at < (this.searched.get(quote) ?? 0)) return at + 1;
    let end = at + 1;
    for (; end < text.length && text[end] !== '\n'; end++) {
      const character = text[end];
      if (character === '\\') end++;
      else if (character === quote) {
        this.consider(at, end);
        return end + 1;
      }
    }
    this.searched.set(quote, end);
    return at + 1;
  }

  /** From `from` to the end of the template's current stretch of text. `at` is the backtick or the `}` before it. */
  private template(at: number, from: number): number {
    const { text } = this;
    for (let end = from; end < text.length && from < this.noTemplateEnd; end++) {
      const character = text[end];
      if (character === '\\') end++;
      else if (character === '`') {
        if (text[at] === '`') this.consider(at, end);
        return end + 1;
      } else if (character === '$' && text[end + 1] === '{') {
        this.braces.push(0);
        return end + 2;
      }
    }
    this.noTemplateEnd = Math.min(this.noTemplateEnd, from);
    return from; // never closed: it was a backtick in JSX text, so what follows is code
  }

  private slash(at: number): number {
    const { text } = this;
    if (text[at + 1] === '/') {
      const end = endOfLine(text, at);
      const [, what, target] = (text[at + 2] === '/' && REFERENCE.exec(text.slice(at, end))) || [];
      if (target !== undefined) note(this.found, what === 'path' ? asRelative(target) : target, 'type');
      return this.comment(at, end);
    }
    if (text[at + 1] === '*') {
      const end = at < this.noCommentEnd ? text.indexOf('*/', at + 2) : -1;
      if (end >= 0) {
        if (text[at + 2] === '*') this.documentation(at, end);
        return this.comment(at, end + 2);
      }
      this.noCommentEnd = Math.min(this.noCommentEnd, at);
      return at + 2;
    }
    return this.startsRegex(at) ? this.regex(at) : at + 1;
  }

  private documentation(at: number, end: number): void {
    if (this.nextImport < at) {
      const next = this.text.indexOf('import', at);
      this.nextImport = next < 0 ? this.text.length : next;
    }
    if (this.nextImport > end) return;
    const comment = this.text.slice(at, end);
    if (!comment.includes('@')) return;
    for (const [, typed, imported] of comment.matchAll(DOCUMENTED)) note(this.found, typed ?? imported ?? '', 'type');
  }

  private regex(at: number): number {
    const { text } = this;
    if (at < (this.searched.get('/') ?? 0)) return at + 1;
    let inClass = false;
    let end = at + 1;
    for (; end < text.length && text[end] !== '\n'; end++) {
      const character = text[end];
      if (character === '\\') end++;
      else if (character === '[') inClass = true;
      else if (character === ']') inClass = false;
      else if (character === '/' && !inClass) return end + 1;
    }
    this.searched.set('/', end);
    return at + 1; // it was a division
  }

  private comment(start: number, end: number): number {
    this.starts.push(start);
    this.ends.push(end);
    return end;
  }

  /** Index of the last character before `at` that is neither white space nor in a comment; -1 at the start. */
  private before(at: number): number {
    let index = at - 1;
    let comment = this.ends.length - 1;
    while (comment >= 0 && (this.starts[comment] ?? 0) >= at) comment--;
    for (; ; comment--) {
      while (index >= 0 && isSpace(this.text.charCodeAt(index))) index--;
      if ((this.ends[comment] ?? 0) <= index || comment < 0) return index;
      index = (this.starts[comment] ?? 0) - 1;
    }
  }

  private startsRegex(at: number): boolean {
    const last = this.before(at);
    if (last < 0) return true;
    const character = this.text[last] ?? '';
    if (WORD_CHARACTER.test(character)) return BEFORE_REGEX.test(this.text.slice(Math.max(0, last - 11), last + 1));
    return !')]}"\'`<'.includes(character); // `</b>` closes an element
  }

  /** Counts the string from `open` to `close` when what stands before it makes it a specifier. */
  private consider(open: number, close: number): void {
    if (close === open + 1) return;
    const specifier = unescaped(this.text.slice(open + 1, close));
    const last = this.before(open);
    switch (this.text[last]) {
      case '(':
        this.argument(last, close, specifier);
        return;
      case 'm':
        if (this.endsWithWord(last, 'from'))
          note(this.found, specifier, clauseKind(this.text, this.lastSpecifier, last - 3));
        break;
      case 't':
        if (this.endsWithWord(last, 'import')) note(this.found, specifier, 'value');
        break;
      case 'e': // declare module './x': adds to the types of that module
        if (this.text[open + 1] === '.' && this.endsWithWord(last, 'module')) note(this.found, specifier, 'type');
        break;
      default:
        return;
    }
    this.lastSpecifier = close;
  }

  /** Counts the first argument of the call whose bracket is at `bracket`. */
  private argument(bracket: number, close: number, specifier: string): void {
    const { text } = this;
    const end = skipTypeArguments(text, this.before(bracket));
    let start = end;
    while (start >= 0 && end - start < 40 && /[\w$.]/.test(text[start] ?? '')) start--;
    const callee = text.slice(start + 1, end + 1).replace(/^\.\.\./, ''); // `{ ...require('./a') }`
    if (callee === 'URL' && /^\s*,\s*import\.meta\.url/.test(text.slice(close + 1, close + 60)))
      note(this.found, asRelative(specifier), 'value');
    const kind = CALLS.get(callee);
    if (kind === undefined) return;
    const next = /^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*([\s\S]?)/.exec(text.slice(close + 1, close + 200))?.[1];
    if (next !== ')' && next !== ',') return; // only a part of the name
    const typed =
      callee === 'import' && (this.endsWithWord(this.before(start + 1), 'typeof') || isTypeMember(text, close));
    note(this.found, specifier, typed ? 'type' : kind);
  }

  private endsWithWord(last: number, word: string): boolean {
    const start = last - word.length + 1;
    return this.text.startsWith(word, start) && !/[\w$.]/.test(this.text[start - 1] ?? ' ');
  }
}

/** `import('./a').A` names a type: a promise has no members but these. */
function isTypeMember(text: string, close: number): boolean {
  const member = /^\s*\)\s*\.\s*([\p{L}_$][\w$]*)/u.exec(text.slice(close + 1, close + 100))?.[1];
  return member !== undefined && !/^(?:then|catch|finally)$/.test(member);
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** For `importActual<typeof import('./x')>(`: the index before the `<`; `last` itself where there is no such list. */
function skipTypeArguments(text: string, last: number): number {
  if (text[last] !== '>') return last;
  let depth = 0;
  for (let index = last; index >= 0 && last - index < 400; index--) {
    if (text[index] === '>' && text[index - 1] !== '=') depth++;
    else if (text[index] === '<' && --depth === 0) return index - 1;
  }
  return last;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;
}

function unescaped(written: string): string {
  if (!written.includes('\\')) return written;
  return written.replace(/\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi, (_, braced, four, two, one) =>
    one === undefined ? String.fromCodePoint(Math.min(Number.parseInt(braced ?? four ?? two, 16), 0x10ffff)) : one,
  );
}

function asRelative(path: string): string {
  return path.startsWith('.') ? path : `./${path}`;
}
