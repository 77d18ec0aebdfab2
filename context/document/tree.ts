/**
 * YAML text to a syntax tree, with bounds on what a hostile or broken file may cost: size, number of tokens, depth,
 * aliases. Deep nesting is stopped while lexing, before anything recursive sees it.
 */
import { Composer, type CST, type Document, isScalar, Lexer, LineCounter, type ParsedNode, Parser, visit } from 'yaml';
import type { Place, ProblemCode } from './problem.ts';

export interface Fault {
  code: ProblemCode;
  message: string;
  offset: number;
}

export type Tree =
  | { ok: true; document: Document.Parsed<ParsedNode>; value: unknown; placeOf: (offset: number) => Place }
  | { ok: false; faults: Fault[]; placeOf: (offset: number) => Place };

const MAX_BYTES = 5_000_000;
const MAX_TOKENS = 500_000;
const MAX_DEPTH = 100;
const MAX_ALIASES = 100;

class Bound extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

function* tokens(text: string, lines: LineCounter): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine);
  let count = 0;
  let offset = 0;
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > MAX_TOKENS)
      throw new Bound({ code: 'too_large', message: `More than ${MAX_TOKENS} YAML tokens; split the file.`, offset });
    yield* parser.next(lexeme);
    // The parser keeps one level for the document, and up to two for each level of nesting.
    if (parser.stack.length > 2 * MAX_DEPTH)
      throw new Bound({ code: 'too_deep', message: `Nested more than ${MAX_DEPTH} levels deep.`, offset });
    offset = parser.offset;
  }
  yield* parser.end();
}

function compose(text: string, lines: LineCounter): Document.Parsed<ParsedNode> {
  // Duplicate keys are looked for below: the library compares every pair.
  const composer = new Composer({
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    keepSourceTokens: true,
    logLevel: 'error',
  });
  let first: Document.Parsed<ParsedNode> | undefined;
  for (const document of composer.compose(tokens(text, lines), true, text.length)) {
    if (first)
      throw new Bound({
        code: 'yaml_syntax',
        message: 'Only one YAML document per file; remove the `---`.',
        offset: document.range[0],
      });
    first = document as Document.Parsed<ParsedNode>;
  }
  if (!first) throw new Error('the YAML composer yielded no document');
  return first;
}

function duplicateKeys(document: Document.Parsed<ParsedNode>): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value))
          faults.push({
            code: 'yaml_syntax',
            message: `The key ${JSON.stringify(key.value)} is given twice.`,
            offset: key.range?.[0] ?? 0,
          });
        seen.add(key.value);
      }
    },
  });
  return faults;
}

/** An anchor that holds an alias to itself. */
function isCyclic(value: unknown, above = new Set<unknown>(), done = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false;
  if (above.has(value)) return true;
  above.add(value);
  const found = Object.values(value).some((child) => isCyclic(child, above, done));
  above.delete(value);
  done.add(value);
  return found;
}

export function parseTree(text: string): Tree {
  const lines = new LineCounter();
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const failed = (faults: Fault[]): Tree => ({ ok: false, faults, placeOf });
  if (Buffer.byteLength(text) > MAX_BYTES)
    return failed([{ code: 'too_large', message: `Larger than ${MAX_BYTES / 1e6} MB; split the file.`, offset: 0 }]);
  try {
    const document = compose(text, lines);
    const errors = [...document.errors, ...document.warnings].map(
      ({ message, pos }): Fault => ({ code: 'yaml_syntax', message, offset: pos[0] }),
    );
    const faults = errors.length > 0 ? errors : duplicateKeys(document);
    if (faults.length > 0) return failed(faults);
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (isCyclic(value))
      return failed([{ code: 'too_many_aliases', message: 'An anchor holds an alias to itself.', offset: 0 }]);
    return { ok: true, document, value, placeOf };
  } catch (error) {
    if (error instanceof Bound) return failed([error.fault]);
    if (error instanceof ReferenceError)
      return failed([{ code: 'too_many_aliases', message: `${error.message}.`, offset: 0 }]);
    throw error;
  }
}
