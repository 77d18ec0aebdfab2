/** Values of words: quotes removed, known expansions made, substitutions handed over to be walked. */
import type { ParameterExpansionPart, ParsedScript, Word as WordNode, WordPart } from 'unbash';
import { expandBraces } from './braces.ts';
import type { Word } from './command.ts';
import type { ShellState } from './state.ts';
import { Unreadable } from './unreadable.ts';

/** What evaluating a word may need of the walk it is part of. */
export interface Substituting {
  /** Walks a substituted script; the text that it prints, or null when unknown. */
  script(script: ParsedScript | undefined): string | null;
  /** Walks the commands inside an arithmetic expression. */
  arithmetic(part: Extract<WordPart, { type: 'ArithmeticExpansion' }>): void;
}

interface Piece {
  text: string;
  known: boolean;
  glob?: boolean;
  /** Unquoted and expanded: the shell splits it at blanks. */
  splits?: boolean;
}

/** The words that one word of the source becomes. */
export function expandWord(node: WordNode, state: ShellState, run: Substituting): Word[] {
  if (!node.parts) return [bare(node, state)];
  const produced = node.parts.length === 1 && node.parts[0]?.type === 'ProcessSubstitution' ? node.parts[0] : undefined;
  if (produced) {
    const produces = run.script(produced.script);
    return [{ text: '/dev/fd/63', literal: true, produces: produced.operator === '<' ? produces : '' }];
  }
  const braces = braceWords(node);
  if (braces) return braces;
  const pieces = node.parts.flatMap((part) => pieceOf(part, state, run));
  return fields(node.text.startsWith('~') ? atHome(pieces, state) : pieces, state.variables.has('IFS'));
}

/** The value of a word where the shell neither splits nor matches file names: assignments, here-documents, `case`. */
export function wholeValue(node: WordNode, state: ShellState, run: Substituting): Word {
  if (!node.parts) return bare(node, state);
  return joined(node.parts, state, run, node.text.startsWith('~'));
}

export function wholeValueOf(parts: readonly WordPart[], state: ShellState, run: Substituting): Word {
  return joined(parts, state, run, false);
}

function joined(parts: readonly WordPart[], state: ShellState, run: Substituting, tilde: boolean): Word {
  const values = parts.flatMap((part) => pieceOf(part, state, run));
  const pieces = tilde ? atHome(values, state) : values;
  const known = pieces.every((piece) => piece.known);
  const text = pieces.map((piece) => piece.text).join('');
  return known && pieces.some((piece) => piece.glob) ? { text, literal: false, glob: true } : { text, literal: known };
}

function bare(node: WordNode, state: ShellState): Word {
  if (!node.text.startsWith('~')) return { text: node.value, literal: true };
  const pieces = atHome([{ text: node.value, known: true }], state);
  return { text: pieces.map((piece) => piece.text).join(''), literal: pieces.every((piece) => piece.known) };
}

/** What an unquoted `~` stands for, at the beginning of a word. */
function atHome([first, ...rest]: readonly Piece[], state: ShellState): Piece[] {
  const home = state.variables.get('HOME');
  if (first?.known && home?.literal && /^~(?=\/|$)/.test(first.text))
    return [{ ...first, text: first.text.replace('~', () => home.text) }, ...rest];
  return [{ text: '', known: false }, ...(first ? [first] : []), ...rest];
}

function braceWords(node: WordNode): Word[] | undefined {
  const parts = node.parts ?? [];
  if (!parts.some((part) => part.type === 'BraceExpansion')) return undefined;
  // Quotes and expansions inside braces are rare; what is not plain stays unknown.
  if (!parts.every((part) => part.type === 'BraceExpansion' || part.type === 'Literal' || part.type === 'Glob'))
    return undefined;
  const source = parts.map((part) => part.text).join('');
  if (/['"$`\\~]/.test(source)) return undefined;
  return expandBraces(source)?.map((text) =>
    /[*?[]/.test(text) ? { text, literal: false, glob: true } : { text, literal: true },
  );
}

function pieceOf(part: WordPart, state: ShellState, run: Substituting): Piece[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [{ text: part.value, known: true }];
    case 'DoubleQuoted':
    case 'LocaleString': {
      const inner = part.parts.flatMap((child) => pieceOf(child, state, run));
      return [{ text: '', known: true }, ...inner.map((piece) => ({ text: piece.text, known: piece.known }))];
    }
    case 'Glob':
    case 'ExtendedGlob':
      for (const child of part.parts ?? []) pieceOf(child, state, run);
      return [{ text: part.text, known: true, glob: true }];
    case 'BraceExpansion':
      for (const child of part.parts ?? []) pieceOf(child, state, run);
      return [{ text: part.text, known: false }];
    case 'SimpleExpansion':
      return [variable(part.text.slice(1), part.text, state)];
    case 'ParameterExpansion':
      return [parameter(part, state, run)];
    case 'ArithmeticExpansion':
      run.arithmetic(part);
      return [{ text: part.text, known: false }];
    case 'CommandExpansion': {
      const output = run.script(part.script);
      return [output === null ? unknown(part.text) : { text: output.replace(/\n+$/, ''), known: true, splits: true }];
    }
    case 'ProcessSubstitution':
      run.script(part.script);
      return [{ text: part.text, known: false }];
  }
}

function variable(name: string, source: string, state: ShellState): Piece {
  if (name === 'PWD')
    return state.folder === null ? unknown(source) : { text: state.folder, known: state.folder !== '', splits: true };
  const value = state.variables.get(name);
  if (!value || (!value.literal && !value.glob)) return unknown(source);
  return { text: value.text, known: true, splits: true, ...(value.glob && { glob: true }) };
}

function parameter(part: ParameterExpansionPart, state: ShellState, run: Substituting): Piece {
  if (part.index) wholeValue(part.index, state, run);
  const { operation } = part;
  const value = part.prefix || part.index ? unknown(part.text) : variable(part.parameter, part.text, state);
  if (!operation) return value;
  switch (operation.type) {
    case 'Default': {
      const operand = wholeValue(operation.operand, state, run);
      if (operation.operator.endsWith('=') && !value.known) state.set(part.parameter, undefined);
      if (!value.known || operation.operator.endsWith('+')) return unknown(part.text);
      if (value.text !== '' || !operation.operator.startsWith(':')) return value;
      return { text: operand.text, known: operand.literal, splits: true };
    }
    case 'Remove': {
      const operand = wholeValue(operation.operand, state, run);
      return (value.known && operand.literal && removed(value, operation.operator, operand.text)) || unknown(part.text);
    }
    case 'Replace':
      wholeValue(operation.pattern, state, run);
      wholeValue(operation.replacement, state, run);
      return unknown(part.text);
    case 'Slice':
      wholeValue(operation.offset, state, run);
      if (operation.length) wholeValue(operation.length, state, run);
      return unknown(part.text);
    case 'CaseModification':
      if (operation.operand) wholeValue(operation.operand, state, run);
      return unknown(part.text);
    case 'Transform':
      // `@P` runs the substitutions inside the value.
      if (!/^[QEAaUuLK]$/.test(operation.operand.value)) throw new Unreadable('a variable is expanded as a prompt');
      return unknown(part.text);
    case 'Names':
      return unknown(part.text);
    case 'Unknown':
      throw new Unreadable(`"${part.text}" is not an expansion that it knows`);
  }
}

function removed(value: Piece, operator: string, pattern: string): Piece | undefined {
  if (/[*?[\\]/.test(pattern)) return undefined;
  const { text } = value;
  if (operator.startsWith('%'))
    return { ...value, text: text.endsWith(pattern) ? text.slice(0, text.length - pattern.length) : text };
  return { ...value, text: text.startsWith(pattern) ? text.slice(pattern.length) : text };
}

function unknown(source: string): Piece {
  return { text: source, known: false };
}

/** Joins pieces into words, splitting where the shell would. */
function fields(pieces: Piece[], otherSeparators: boolean): Word[] {
  const words: Word[] = [];
  let current: { text: string; known: boolean; glob: boolean } | undefined;
  const add = (text: string, piece: Piece) => {
    current ??= { text: '', known: true, glob: false };
    current.text += text;
    current.known &&= piece.known && !(piece.splits && otherSeparators);
    current.glob ||= piece.glob === true || (piece.splits === true && /[*?[]/.test(text));
  };
  const end = () => {
    if (current) words.push(finished(current));
    current = undefined;
  };
  for (const piece of pieces) {
    if (!piece.splits) add(piece.text, piece);
    else {
      const parts = piece.text.split(/[ \t\n]+/);
      parts.forEach((text, index) => {
        if (index > 0) end();
        if (text !== '') add(text, piece);
      });
    }
  }
  end();
  return words;
}

function finished({ text, known, glob }: { text: string; known: boolean; glob: boolean }): Word {
  return known && glob ? { text, literal: false, glob: true } : { text, literal: known };
}
