/**
 * Python tracebacks: chains ("During handling …", "direct cause"), syntax errors, exception groups. Of a chain the last
 * raised exception is meant: Python prints it last. Of a group it is the first member raised in the application, because
 * a group's own message only counts.
 */
import {
  hasInAppFrame,
  MAX_TRACE_LINE,
  type ParsedStack,
  type StackBlock,
  type StackFrame,
  type TraceLine,
} from './block.ts';
import { cleanPath } from './repository-path.ts';

const HEADER = /^[\s|+]*(?:Exception Group )?Traceback \(most recent call last\):\s*$/;
/** Text of the program may stand before it on the same line. */
const LATE_HEADER = /(?:^|\s)Traceback \(most recent call last\):\s*$/;
const FRAME = /^\s*File "(.{1,2000}?)", line (\d{1,9})(?:, in (.*))?$/;
const CHAIN =
  /^(?:During handling of the above exception, another exception occurred|The above exception was the direct cause of the following exception):$/;
const EXCEPTION = /^([A-Za-z_][\w]*(?:\.(?:[A-Za-z_]\w*|<locals>))*)(?:: ?([\s\S]*))?$/;
const MAX_MESSAGE_LINES = 40;
/** Of deeper recursion the innermost frames are kept. */
const MAX_FRAMES = 500;
/** Python itself prints groups no deeper. */
const MAX_DEPTH = 10;

/** Whether a traceback starts at this line. */
export function startsPythonStack(lines: TraceLine[], at: number): boolean {
  const text = textOf(lines, at);
  return LATE_HEADER.test(text) || HEADER.test(text) || isBareSyntaxError(lines, at);
}

/** A syntax error of the script itself has no traceback header. */
function isBareSyntaxError(lines: TraceLine[], at: number): boolean {
  if (FRAME.exec(textOf(lines, at))?.[3] !== undefined || !FRAME.test(textOf(lines, at))) return false;
  for (let i = at + 1; i <= at + 4; i++)
    if (/^\s*(?:Syntax|Indentation|Tab)Error: /.test(textOf(lines, i))) return true;
  return false;
}

interface Raised extends ParsedStack {
  /** Members of an exception group. */
  members: Raised[];
}

/** The block that starts at line `start`. */
export function readPythonStack(lines: TraceLine[], start: number): StackBlock {
  let last: Raised = { language: 'python', type: '', message: '', frames: [], members: [] };
  let at = start;
  for (;;) {
    const read = readTraceback(lines, FRAME.test(textOf(lines, at)) ? at - 1 : at);
    last = read.raised;
    at = read.end;
    const next = findNextInChain(lines, at);
    if (next === undefined) break;
    at = next;
  }
  const leaf = leaves(last).find(hasInAppFrame);
  const { type, message, frames } = leaf ?? last;
  return { start, end: at, stack: { language: 'python', type, message, frames } };
}

function leaves(raised: Raised): Raised[] {
  return raised.members.length === 0 ? [raised] : raised.members.flatMap(leaves);
}

/** The next header, when only a chain marker and blank lines stand between. */
function findNextInChain(lines: TraceLine[], at: number): number | undefined {
  let i = skipBlank(lines, at);
  if (!CHAIN.test(undecorated(textOf(lines, i)).trim())) return undefined;
  i = skipBlank(lines, i + 1);
  return HEADER.test(textOf(lines, i)) ? i : undefined;
}

function skipBlank(lines: TraceLine[], at: number): number {
  let i = at;
  while (i < lines.length && i < at + 3 && undecorated(textOf(lines, i)).trim() === '') i++;
  return i;
}

/** One traceback: its header at `header`, frames, the exception and, for a group, its members. */
function readTraceback(lines: TraceLine[], header: number, depth = 0): { raised: Raised; end: number } {
  const raised: Raised = { language: 'python', type: '', message: '', frames: [], members: [] };
  const grouped = /^\s*[|+]/.test(textOf(lines, header));
  const strip = (text: string) => (grouped ? undecorated(text) : text);
  const indent = indentOf(strip(textOf(lines, header)).replace(/^(?!\s).*(?=Traceback)/, ''));
  const frames: StackFrame[] = [];
  let i = header + 1;
  for (; i < lines.length; i++) {
    const text = strip(textOf(lines, i));
    const frame = FRAME.exec(text);
    if (frame) {
      frames.push(toFrame(frame));
      if (frames.length > 2 * MAX_FRAMES) frames.splice(0, MAX_FRAMES);
      // The line of code is indented; caret lines and "Previous line repeated" are too.
      continue;
    }
    if (text.trim() === '') break;
    if (indentOf(text) <= indent || isSyntaxErrorLine(text, frames)) break;
  }
  raised.frames = frames.reverse();
  if (strip(textOf(lines, i)).trim() === '') return { raised, end: i };
  const exception = EXCEPTION.exec(strip(textOf(lines, i)).trim());
  raised.type = exception?.[1] ?? '';
  const first = exception ? (exception[2] ?? '') : strip(textOf(lines, i)).trim();
  if (grouped) {
    raised.message = first;
    return { raised, end: depth < MAX_DEPTH ? readMembers(lines, i + 1, raised, depth + 1) : i + 1 };
  }
  const end = messageEnd(lines, i + 1);
  raised.message = [first, ...lines.slice(i + 1, end).map((line) => line.text.slice(0, MAX_TRACE_LINE))]
    .join('\n')
    .trim();
  return { raised, end };
}

/** Without a header there is no indentation to compare with. */
function isSyntaxErrorLine(text: string, frames: StackFrame[]): boolean {
  return frames.at(-1)?.function === undefined && /^\s*(?:Syntax|Indentation|Tab)Error: /.test(text);
}

/** Everything of a group below its own line is decorated with `|` and `+`; each member has a traceback of its own. */
function readMembers(lines: TraceLine[], from: number, group: Raised, depth: number): number {
  let i = from;
  while (i < lines.length && /^\s*[|+]/.test(textOf(lines, i))) {
    if (HEADER.test(textOf(lines, i))) {
      const member = readTraceback(lines, i, depth);
      group.members.push(member.raised);
      i = Math.max(member.end, i + 1);
    } else i++;
  }
  return i;
}

/** The message goes on over lines that are clearly its own: indented, or in brackets, or notes of a database. */
function messageEnd(lines: TraceLine[], from: number): number {
  let i = from;
  while (i < lines.length && i < from + MAX_MESSAGE_LINES) {
    const line = lines[i];
    if (line === undefined || line.prefixed || line.text.trim() === '') break;
    if (!/^(?:\s+\S|[[({]|[A-Z]{3,12}(?: \d+)?: )/.test(line.text) || /^\s*(?:at |File ")/.test(line.text)) break;
    i++;
  }
  return i;
}

function toFrame([, file = '', line = '', name]: RegExpExecArray): StackFrame {
  const path = cleanPath(file);
  return {
    file: path,
    line: Number(line),
    ...(name === undefined ? {} : { function: name.trim() }),
    in_app: !/(?:^|\/)(?:site-packages|dist-packages)\/|\/lib(?:64)?\/python\d(?:\.\d+)?\/|\/Python\d+\/Lib\/|^</.test(
      path,
    ),
  };
}

function undecorated(text: string): string {
  return text.replace(/^\s*(?:\|\s?|\+[-+ ]?)+/, '');
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function textOf(lines: TraceLine[], at: number): string {
  return lines[at]?.text.slice(0, MAX_TRACE_LINE) ?? '';
}
