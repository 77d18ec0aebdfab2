/**
 * Stacks of the JVM: `at package.Class.method(File.java:12)`, with causes. Of a chain the outermost error is meant, unless
 * only a cause reaches the application.
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
  /^\s*at (?:[\w.@-]{0,200}\/){0,2}([\w$.-]{1,300})\.([\w$<>-]{1,200})\((?:([\w$.-]{1,200}\.\w{1,10})(?::(\d{1,9}))?|Native Method|Unknown Source|<generated>)\)(?: ~?\[.{0,200}\])?\s*$/;
const CAUSE = /^\s*(?:Caused by|Suppressed): (\S.*)$/;
const LEFT_OUT = /^\s*\.\.\. \d+ (?:more|common frames omitted)/;
const HEAD =
  /^(?:Exception in thread "[^"]{0,200}" )?(?:.{0,300}?[\s:(])?((?:[a-z_][\w$]{0,60}\.){1,12}[A-Z][\w$]{0,120})(?:: ?(.*))?$/s;
const LIBRARY =
  /^(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure|org\.(?:springframework|apache|hibernate|junit|eclipse|jboss|postgresql|slf4j|gradle|mockito|codehaus)|io\.(?:netty|micronaut|quarkus|vertx|undertow|grpc|reactivex)|reactor|akka|com\.(?:fasterxml|zaxxer|mysql|google\.common)|ch\.qos|okhttp3|retrofit2)\./;

export function isJavaFrame(line: string): boolean {
  return FRAME.test(line);
}

/** The block whose first frame is line `first`; its head is looked for down to line `floor`. */
export function readJavaStack(lines: TraceLine[], first: number, floor: number): StackBlock {
  const { start, text } = headAbove(lines, first, floor, (line) => HEAD.test(line));
  const errors: ParsedStack[] = [toStack(text)];
  let i = first;
  for (; i < lines.length; i++) {
    const line = lines[i]?.text.slice(0, MAX_TRACE_LINE) ?? '';
    const frame = FRAME.exec(line);
    const cause = CAUSE.exec(line)?.[1];
    if (frame) errors.at(-1)?.frames.push(toFrame(frame));
    else if (cause !== undefined) errors.push(toStack(cause));
    else if (!LEFT_OUT.test(line) && !continuesCause(lines, i)) break;
  }
  const thrown = errors.find(hasInAppFrame) ?? errors[0] ?? toStack(text);
  return { start, end: i, stack: thrown };
}

/** A cause's message may have several lines before its frames. */
function continuesCause(lines: TraceLine[], at: number): boolean {
  if (lines[at]?.prefixed) return false;
  for (let i = at + 1; i <= at + 10 && i < lines.length; i++) {
    if (lines[i]?.prefixed) return false;
    if (FRAME.test(lines[i]?.text ?? ''))
      return (
        CAUSE.test(
          lines.slice(Math.max(0, at - 10), at).findLast(({ text }) => !FRAME.test(text) && CAUSE.test(text))?.text ??
            '',
        ) && !FRAME.test(lines[at - 1]?.text ?? '')
      );
  }
  return false;
}

function toStack(head: string): ParsedStack {
  const [, type = '', message] = HEAD.exec(head) ?? [];
  return { language: 'java', type, message: (type === '' ? head : (message ?? '')).trim(), frames: [] };
}

/** The file stands where its package says: the printed name has no folder. */
function toFrame([, owner = '', method = '', file, line]: RegExpExecArray): StackFrame {
  const folder = owner.split('.').slice(0, -1).join('/');
  return {
    file: file === undefined ? owner : folder === '' ? file : `${folder}/${file}`,
    ...(line === undefined ? {} : { line: Number(line) }),
    function: `${owner.slice(owner.lastIndexOf('.') + 1)}.${method}`,
    in_app: file !== undefined && !LIBRARY.test(`${owner}.`) && !/\$\$|^jdk\.internal|Lambda\//.test(owner),
  };
}
