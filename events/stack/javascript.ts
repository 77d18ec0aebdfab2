/**
 * JavaScript stacks: V8's own text, what node prints around it (code frame, properties, `[cause]`, `[errors]`), and the
 * failures of vitest and jest. Of a chain the outermost error is meant, unless only a cause reaches the application.
 */
import {
  hasInAppFrame,
  MAX_TRACE_LINE,
  type ParsedStack,
  type StackBlock,
  type StackFrame,
  type TraceLine,
} from './block.ts';
import { findErrorHead, parseAnyHead, parseErrorHead } from './error-head.ts';
import { cleanPath } from './repository-path.ts';

/** How far above its first frame an error's head may stand: messages have many lines. */
const MAX_MESSAGE_LINES = 60;

/** Code that vitest and jest print with line numbers. */
const QUOTED_CODE = /^\s*(?:>\s*)?\d{0,7}\s{0,10}\|/;

/** True when the line is a frame, wherever it points. */
export function isJavaScriptFrame(line: string): boolean {
  return readFrame(line) !== undefined;
}

interface ReadFrame {
  frame?: StackFrame;
  /** The line opens the printed properties of its error. */
  opens: boolean;
}

function readFrame(line: string): ReadFrame | undefined {
  const match = /^\s*(?:at|❯) +(?:async )?(\S.*)$/.exec(line.slice(0, MAX_TRACE_LINE));
  if (!match?.[1]) return undefined;
  const opens = match[1].endsWith(' {');
  const read = readPlace(opens ? match[1].slice(0, -2) : match[1], /^\s*❯/.test(line));
  return read && { ...read, opens };
}

/**
 * The place of a frame without its `at`: `name (file:line:column)` or `file:line:column`; with `spaced`, as vitest
 * writes it, `name file:line:column`. No frame in it when it points at no file.
 */
export function readPlace(text: string, spaced = false): { frame?: StackFrame } | undefined {
  if (/ \((?:index \d+|native)\)$/.test(text)) return {};
  const paren = text.endsWith(')') ? openingParen(text) : -1;
  if (paren > 0 && text[paren - 1] !== ' ') return undefined;
  const space = paren === -1 && spaced ? text.lastIndexOf(' ') : -1;
  const location = paren > 0 ? text.slice(paren + 1, -1) : text.slice(space + 1);
  const frame = readLocation(location, paren > 0 ? text.slice(0, paren - 1) : text.slice(0, Math.max(space, 0)));
  return frame && { frame };
}

/** Index of the parenthesis that the last character closes. */
function openingParen(text: string): number {
  let depth = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === ')') depth++;
    else if (text[i] === '(' && --depth === 0) return i;
  }
  return -1;
}

function readLocation(location: string, name: string): StackFrame | undefined {
  // Code made at run time has no file of its own; the place that made it has.
  const evaluated = /^eval at [^(]{0,200}\((.*)\), <anonymous>/.exec(location)?.[1];
  if (evaluated !== undefined)
    return readLocation(evaluated.replace(/^.*\((?=[^()]*:\d+:\d+)/, '').replace(/\)+$/, ''), name);
  const place = /^(.*?):(\d{1,9})(?::(\d{1,9}))?$/.exec(location);
  if (!place && location !== '<anonymous>' && !/^(?:node|wasm|native):?/.test(location)) return undefined;
  const file = cleanPath(place?.[1] ?? location);
  if (file === '') return undefined;
  const label = name.replace(/ \[as [^\]]*\]$/, '').trim();
  return {
    file,
    ...(place?.[2] === undefined ? {} : { line: Number(place[2]) }),
    ...(place?.[3] === undefined ? {} : { column: Number(place[3]) }),
    ...(label === '' ? {} : { function: label }),
    in_app: isInApp(file),
  };
}

function isInApp(file: string): boolean {
  return !/(?:^|\/)node_modules\/|^(?:node|wasm|native|bun|deno|ext):|^internal\/|^<|^native$|^webpack\//.test(file);
}

/** The block whose first frame is line `first`; its head is looked for down to line `floor`. */
export function readJavaScriptStack(lines: TraceLine[], first: number, floor: number): StackBlock {
  const { start, head, lead } = findHead(lines, first, floor);
  const outermost: ParsedStack = { language: 'javascript', ...head, frames: [] };
  const errors = [outermost];
  const around = findEnclosing(lines, start, floor);
  const end = readBody(lines, first, errors, around !== undefined);
  const stack = errors.find(hasInAppFrame) ?? outermost;
  if (lead && /^SyntaxError/.test(outermost.type)) outermost.frames.unshift(lead);
  return { start: around ?? start, end, stack: lead && hasInAppFrame(outermost) ? outermost : stack };
}

interface Head {
  start: number;
  head: { type: string; message: string };
  /** The place that node prints above an uncaught error. */
  lead?: StackFrame | undefined;
}

function findHead(lines: TraceLine[], first: number, floor: number): Head {
  for (let i = first - 1; i >= Math.max(floor, first - MAX_MESSAGE_LINES); i--) {
    const line = lines[i];
    if (line === undefined) break;
    const text = line.text.slice(0, MAX_TRACE_LINE).trim();
    const head = parseErrorHead(text) ?? (line.prefixed ? findErrorHead(text) : undefined);
    if (head) {
      const message = messageFrom(head.message, lines.slice(i + 1, first));
      return { head: { type: head.type, message }, ...findLead(lines, i, floor) };
    }
    // jest names the test, and prints no type for failed expectations.
    if (text.startsWith('● ')) {
      return { start: i + 1, head: { type: '', message: messageFrom('', lines.slice(i + 1, first)) } };
    }
    if (line.prefixed && i < first - 1) break;
    if (line.prefixed || (i === first - 1 && /^[A-Z][\w$]*: ./.test(text))) {
      return { start: i, head: parseCapitalised(text) ?? { type: '', message: text } };
    }
  }
  const above = first > floor ? (lines[first - 1]?.text.slice(0, MAX_TRACE_LINE).trim() ?? '') : '';
  return above === ''
    ? { start: first, head: { type: '', message: '' } }
    : { start: first - 1, head: { type: '', message: above } };
}

/** A class of the application's own, such as `NotFound: order 5`. */
function parseCapitalised(text: string): { type: string; message: string } | undefined {
  return /^[A-Z][\w$]*: ./.test(text) ? parseAnyHead(text) : undefined;
}

/** The rest of a message's lines; the code that test runners quote below it is no part of it. */
function messageFrom(firstLine: string, rest: TraceLine[]): string {
  const lines = rest.map((line) => line.text).filter((text) => !QUOTED_CODE.test(text));
  return [firstLine, ...lines].join('\n').trim();
}

/** `file:line`, the code, a caret and a blank line stand above an uncaught error. */
function findLead(lines: TraceLine[], head: number, floor: number): { start: number; lead?: StackFrame } {
  for (let i = head - 1; i >= Math.max(floor, head - 6); i--) {
    const text = lines[i]?.text ?? '';
    const caretBelow = lines.slice(i + 1, head).some((line) => /^\s*[\^~]+\s*$/.test(line.text));
    if (caretBelow && /^\S.{0,2000}:\d{1,9}$/.test(text)) {
      const lead = readLocation(text, '');
      return lead ? { start: i, lead } : { start: i };
    }
  }
  return { start: head };
}

/** An error without a stack of its own is printed as `[Error: x] {` with those it holds inside. */
function findEnclosing(lines: TraceLine[], head: number, floor: number): number | undefined {
  if (!/^\s/.test(lines[head]?.text ?? '')) return undefined;
  for (let i = head - 1; i >= Math.max(floor, head - 12); i--) {
    const text = lines[i]?.text.slice(0, MAX_TRACE_LINE) ?? '';
    if (/^\[.*\] \{$/.test(text)) return parseErrorHead(text) ? i : undefined;
    if (!/^\s/.test(text)) return undefined;
  }
  return undefined;
}

/** Reads frames, causes and properties from `from` on into `errors`; returns the line after them. */
function readBody(lines: TraceLine[], from: number, errors: ParsedStack[], enclosed: boolean): number {
  // The brace that ends it all stands left of the outermost frames, or at the margin.
  const indent = enclosed ? 1 : indentOf(lines[from]?.text ?? '');
  let open = enclosed;
  let i = from;
  for (; i < lines.length; i++) {
    const line = lines[i];
    if (line === undefined) break;
    const text = line.text.slice(0, MAX_TRACE_LINE);
    const read = readFrame(text);
    if (read) {
      if (read.frame) addFrame(errors.at(-1), read.frame);
      open ||= read.opens;
      continue;
    }
    if (QUOTED_CODE.test(text) || /^\s*\.\.\. \d+ (?:lines matching|more)/.test(text)) continue;
    const cause = /^\s*(?:\[cause\]|Caused by): (\S.*)$/i.exec(text)?.[1];
    if (cause !== undefined && (open || !line.prefixed)) startError(errors, cause);
    else if (!open || (line.prefixed && text.trim() !== '')) break;
    else if (indentOf(text) < indent && /^\s*[}\]],?$/.test(text)) return skipTrailer(lines, i + 1);
    else if (/^\s*\[?[A-Za-z_$]/.test(text) && parseErrorHead(text.trim())) startError(errors, text.trim());
  }
  return skipTrailer(lines, i);
}

/** V8 prints ten frames unless told otherwise; a text may hold any number. */
const MAX_FRAMES = 500;

function addFrame(error: ParsedStack | undefined, frame: StackFrame): void {
  if (error && error.frames.length < MAX_FRAMES) error.frames.push(frame);
}

function startError(errors: ParsedStack[], head: string): void {
  const parsed = parseErrorHead(head) ?? { type: '', message: head };
  errors.push({ language: 'javascript', ...parsed, frames: [] });
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** Node says its version after an uncaught error. */
function skipTrailer(lines: TraceLine[], at: number): number {
  const version = lines[at]?.text.trim() === '' ? at + 1 : at;
  return /^Node\.js v\d/.test(lines[version]?.text ?? '') ? version + 1 : at;
}
