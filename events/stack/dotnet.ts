/**
 * Stack traces of .NET: `at Namespace.Type.Method(args) in /path/File.cs:line 12`. Inner exceptions stand on the head's lines
 * behind `--->`, and their frames come first. The outermost is meant, unless only an inner one reaches the application.
 */
import {
  hasInAppFrame,
  MAX_TRACE_LINE,
  type ParsedStack,
  type StackBlock,
  type StackFrame,
  type TraceLine,
} from './block.ts';
import { headAbove } from './head-above.ts';

const FRAME =
  /^\s+(?:at|bei|à|в|en|em|in) ([\w.<>`+$[\],|]{1,400})\(([^()]{0,600}|.{0,600})\)(?: (?:in|à|в|en) (\S.{0,1000}?):(?:line|Zeile|ligne|línea) (\d{1,9}))?\s*$/;
const END = /^\s*--- End of (?:inner exception|stack trace from previous)/;
const HEAD =
  /(?:^|[\s>(])((?:[A-Z][\w`]{0,80}\.){1,10}[A-Z][\w`]{0,100}(?:Exception|Error|Failure))(?: \(0x[0-9A-Fa-f]+\))?: ?([\s\S]*)$/;
const LIBRARY =
  /^(?:System|Microsoft|Newtonsoft|NUnit|Xunit|Npgsql|MySql|Dapper|Serilog|Grpc|StackExchange|Polly|AutoMapper|MediatR)\./;

export function isDotnetFrame(line: string): boolean {
  return /^\s+\S{1,4} [A-Z]/.test(line) && FRAME.test(line);
}

/** The block whose first frame is line `first`; its head is looked for down to line `floor`. */
export function readDotnetStack(lines: TraceLine[], first: number, floor: number): StackBlock {
  const above = headAbove(lines, first, floor, (line) => HEAD.test(line) && !line.startsWith('--->'));
  // The frames of the innermost exception are printed first, those of the outermost last.
  const parts: StackFrame[][] = [[]];
  let i = first;
  for (; i < lines.length; i++) {
    const text = lines[i]?.text.slice(0, MAX_TRACE_LINE) ?? '';
    const frame = FRAME.exec(text);
    if (frame) parts[0]?.push(toFrame(frame));
    else if (!END.test(text)) break;
    else if (text.includes('inner exception')) parts.unshift([]);
  }
  const heads = above.text.split(/\s*--->\s*/);
  const errors = parts.map((frames, at) => toStack(heads[at] ?? above.text, frames));
  const stack = errors.find(hasInAppFrame) ?? errors[0] ?? toStack(above.text, []);
  return { start: above.start, end: i, stack };
}

function toStack(said: string, frames: StackFrame[]): ParsedStack {
  const [, type = '', message] = HEAD.exec(said) ?? [];
  return { language: 'dotnet', type, message: (message ?? said).trim(), frames };
}

function toFrame([, name = '', , file, line]: RegExpExecArray): StackFrame {
  return {
    file: (file ?? name).replaceAll('\\', '/'),
    ...(line === undefined ? {} : { line: Number(line) }),
    function: name.split('.').slice(-2).join('.'),
    in_app: file !== undefined && !LIBRARY.test(name),
  };
}
