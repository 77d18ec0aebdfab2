/**
 * Stack traces of PHP: `#0 file(line): call()` down to `{main}`, below `Uncaught Type: message in file:line` or, as Monolog
 * writes it, `Type(code: 0): message at file:line`. The place of the head is where it was thrown.
 */
import type { StackBlock, StackFrame, TraceLine } from './block.ts';

const FRAME = /^\s*#(\d{1,4}) (?:(\S.{0,1000}?)\((\d{1,9})\)|\[internal function\]|(\{main\}))(?:: (.*))?$/;
const HEAD =
  /(?:Uncaught |PHP Fatal error: {1,3}(?:Uncaught )?|\[object\] \(|^|[\s:])([A-Z_][\w\\]{0,200}?(?:Error|Exception|Failure)\w{0,60})(?:\(code: \S{0,20}\))?: (.{0,3000}?) (?:in|at) (\/[^\s:]{1,500}|[A-Za-z]:\\[^:]{1,500}|[\w./-]{1,300}\.php)(?::|\()(\d{1,9})\)?/s;
const MAX_HEAD_LINES = 12;

export function startsPhpTrace(line: string): boolean {
  return line.trimStart().startsWith('#0 ') && FRAME.test(line);
}

export function readPhpTrace(lines: TraceLine[], first: number, floor: number): StackBlock {
  let start = first;
  let head: RegExpExecArray | null = null;
  for (let i = first - 1; i >= Math.max(floor, first - MAX_HEAD_LINES) && !head; i--) {
    head = HEAD.exec(
      lines
        .slice(i, first)
        .map(({ text }) => text.slice(0, 4000))
        .join('\n'),
    );
    start = head || i === first - 1 ? i : start;
    if (lines[i]?.prefixed) break;
  }
  const calls: { place?: { file: string; line: number } | undefined; call?: string | undefined }[] = [];
  let i = first;
  for (; i < lines.length; i++) {
    const text = lines[i]?.text.slice(0, 4000) ?? '';
    const frame = FRAME.exec(text);
    if (!frame || (i > first && Number(frame[1]) === 0)) break;
    const [, , file, line, main, call] = frame;
    if (main === undefined)
      calls.push({ place: file === undefined ? undefined : { file, line: Number(line) }, call: nameOf(call) });
  }
  if (/^\s*thrown in .+ on line \d+$/.test(lines[i]?.text ?? '')) i++;
  if (/^\s*"\}/.test(lines[i]?.text ?? '')) i++;
  const thrown = head?.[3] === undefined ? undefined : { file: head[3], line: Number(head[4]) };
  // A place is where the call of its line was made; the function it stands in is that of the next line.
  const places = [thrown, ...calls.map(({ place }) => place)];
  const frames = places.flatMap((place, at): StackFrame[] => {
    if (place === undefined) return [];
    const name = calls[at]?.call;
    return [
      {
        ...place,
        ...(name ? { function: name } : {}),
        in_app: !/\/vendor\/|\/usr\/share\/php|^phar:/.test(place.file),
      },
    ];
  });
  const above = lines[first - 1]?.text.trim() ?? '';
  const message = head?.[2]?.trim() ?? (/^(?:Stack trace:|\[stacktrace\])$/i.test(above) ? '' : above);
  return { start, end: i, stack: { language: 'php', type: head?.[1] ?? '', message, frames } };
}

/** `App\Cart->total(Object(Order))` without what was passed. */
function nameOf(call: string | undefined): string | undefined {
  return /^([\w\\{}$:>-]{1,300}?)\(/.exec(call ?? '')?.[1];
}
