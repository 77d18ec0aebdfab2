/** Panics of Rust: `thread 'main' panicked at src/main.rs:4:5:` and the message below it, or the old form on one line. */

import { hasInAppFrame, type StackBlock, type StackFrame, type TraceLine } from './block.ts';
import { cleanPath } from './repository-path.ts';

const NEW = /^(?:.{0,300}?\s)?thread '([^']{0,200})'(?: \(\d+\))? panicked at (\S.{0,1000}?):(\d{1,9}):(\d{1,9}):$/;
const OLD =
  /^(?:.{0,300}?\s)?thread '([^']{0,200})'(?: \(\d+\))? panicked at '([\s\S]{0,3000})', (\S.{0,1000}?):(\d{1,9}):(\d{1,9})$/;
const STEP = /^\s{1,8}\d{1,4}: (?:0x[0-9a-f]+ - )?(\S.{0,500})$/;
const AT = /^\s{6,24}at (\S.{0,1000}?):(\d{1,9})(?::(\d{1,9}))?$/;
const MAX_MESSAGE_LINES = 40;

export function startsRustPanic(line: string): boolean {
  return line.includes(' panicked at ') && (NEW.test(line) || OLD.test(line));
}

export function readRustPanic(lines: TraceLine[], start: number): StackBlock {
  const first = textOf(lines, start);
  const fresh = NEW.exec(first);
  const [, , said = '', file = '', line = '', column = ''] = OLD.exec(first) ?? [];
  const message: string[] = fresh ? [] : [said];
  let i = start + 1;
  if (fresh)
    for (; i < lines.length && message.length < MAX_MESSAGE_LINES && !endsMessage(lines, i); i++)
      message.push(textOf(lines, i));
  const at = fresh ? { file: fresh[2] ?? '', line: fresh[3], column: fresh[4] } : { file, line, column };
  const thrown = toFrame(at.file, at.line, at.column);
  const frames: StackFrame[] = [];
  if (textOf(lines, i) === 'stack backtrace:') {
    let name: string | undefined;
    for (i++; i < lines.length; i++) {
      const text = textOf(lines, i);
      const place = AT.exec(text);
      const step = STEP.exec(text)?.[1];
      if (place) frames.push(toFrame(place[1] ?? '', place[2], place[3], name));
      else if (step !== undefined) name = step.replace(/::h[0-9a-f]{16}$/, '');
      else break;
    }
  }
  while (/^note: /.test(textOf(lines, i))) i++;
  const stack = {
    language: 'rust' as const,
    type: 'panic',
    message: message.join('\n').trim(),
    frames: frames.some(({ in_app }) => in_app) || !hasInAppFrame({ frames: [thrown] }) ? frames : [thrown, ...frames],
  };
  return { start, end: i, stack };
}

function endsMessage(lines: TraceLine[], at: number): boolean {
  return (
    lines[at]?.prefixed === true ||
    /^(?:note: |stack backtrace:$)/.test(textOf(lines, at)) ||
    startsRustPanic(textOf(lines, at))
  );
}

function toFrame(path: string, line: string | undefined, column?: string, name?: string): StackFrame {
  const file = cleanPath(path).replace(/^\.\//, '');
  return {
    file,
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
    ...(name === undefined ? {} : { function: name }),
    in_app: !/^\/rustc\/|\/\.cargo\/(?:registry|git)\/|\/rustlib\/|\/library\/(?:std|core|alloc)\//.test(file),
  };
}

function textOf(lines: TraceLine[], at: number): string {
  return lines[at]?.text.slice(0, 4000) ?? '';
}
