/**
 * Backtraces of Ruby: the interpreter's own (`file:line:in 'method': message (Type)`, then `from` lines) and what Rails and
 * loggers write (`Type (message):` or `Type: message`, then bare places).
 */
import type { StackBlock, StackFrame, TraceLine } from './block.ts';
import { headAbove } from './head-above.ts';

const PLACE =
  /^\s*(?:from )?((?:[A-Za-z]:)?[^\s:]{1,500}|\(\w+\)|<internal:[^>]{1,100}>):(\d{1,9}):in [`'"]([^\n]{1,300}?)['"]/;
const THROWN = /^(.{1,2000}?)(?: \(([A-Z][\w:]{0,200})\))?$/;
const NAMED =
  /^(?:.{0,200}?\s)?([A-Z][\w:]{0,100}(?:Error|Exception|Timeout|NotFound|Invalid|Interrupt)\w{0,40}|[A-Z]\w{0,60}::[A-Z][\w:]{0,100})(?: \((.*)\):?|: (.*))$/s;

export function isRubyPlace(line: string): boolean {
  return PLACE.test(line);
}

/** The block whose first place is line `first`. */
export function readRubyStack(lines: TraceLine[], first: number, floor: number): StackBlock {
  const said = messageAt(lines, first);
  const above = said === undefined ? headAbove(lines, first, floor, (line) => NAMED.test(line)) : undefined;
  const frames: StackFrame[] = [];
  let i = first;
  for (; i < lines.length; i++) {
    const place = PLACE.exec(textOf(lines, i));
    if (!place) {
      // Between message and places the code may be quoted, with a mark below it.
      if (i <= first + 6 && said !== undefined && !lines[i]?.prefixed && restHasPlace(lines, i)) continue;
      break;
    }
    if (i > first && messageAt(lines, i) !== undefined) break;
    frames.push(toFrame(place));
  }
  const named = above && NAMED.exec(above.text);
  const stack = {
    language: 'ruby' as const,
    type: said?.type ?? named?.[1] ?? '',
    message: (said?.message ?? named?.[2] ?? named?.[3] ?? above?.text ?? '').trim(),
    frames,
  };
  return { start: above?.start ?? first, end: i, stack };
}

function restHasPlace(lines: TraceLine[], at: number): boolean {
  for (let i = at + 1; i <= at + 6; i++) if (/^\s+from /.test(textOf(lines, i))) return true;
  return false;
}

/** What the interpreter prints behind the place where it was raised. */
function messageAt(lines: TraceLine[], at: number): { type: string; message: string } | undefined {
  const text = textOf(lines, at);
  const place = PLACE.exec(text);
  if (!place || /^\s*from /.test(text)) return undefined;
  const rest = text.slice(place[0].length);
  if (!rest.startsWith(': ')) return undefined;
  const [, message = '', type] = THROWN.exec(rest.slice(2)) ?? [];
  return { type: type ?? '', message };
}

function toFrame([, file = '', line = '', name = '']: RegExpExecArray): StackFrame {
  return {
    file,
    line: Number(line),
    function: name,
    in_app:
      !/\/(?:gems|rubygems|bundler)\/|\/(?:lib\/)?ruby\/\d|^<internal:|^\((?:eval|irb)|\/bin\/(?:rails|rake|bundle|puma|sidekiq)$/.test(
        file,
      ),
  };
}

function textOf(lines: TraceLine[], at: number): string {
  return lines[at]?.text.slice(0, 4000) ?? '';
}
