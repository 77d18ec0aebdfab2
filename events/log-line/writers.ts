/**
 * Lines of several writers in one text, put back together: containers of one compose log, stdout and stderr of one container,
 * lines that the container runtime cut into parts, and a quiet line that another thread wrote into the middle of a stack.
 */
import { isErrorLevel } from './level.ts';
import type { LogLine } from './log-line.ts';

export interface WrittenLine {
  text: string;
  /** Where it stood among all lines. */
  at: number;
}

const COMPOSE = /^([a-z][\w.-]{0,60}[-_.]\d{1,4})[ \t]{1,40}\|/;
/** Kubernetes' own format: time, stream, whether the line is whole (`F`) or goes on in the next one (`P`). */
const CRI = /^(\d{4}-\S{10,40}) (stdout|stderr) ([FP])(?: |$)/;
/** Docker's json-file: a line that goes on has no line break at its end. */
const DOCKER = /^\{"log":"((?:[^"\\]|\\.)*)","stream":"(stdout|stderr)"/;

/** The lines by writer, each in its order, parts joined. */
export function byWriter(lines: readonly string[]): WrittenLine[][] {
  const writers = new Map<string, { lines: WrittenLine[]; open: boolean }>();
  for (const [at, text] of lines.entries()) {
    const { key, whole, rest } = tellWriter(text);
    const writer = writers.get(key) ?? { lines: [], open: false };
    writers.set(key, writer);
    const last = writer.lines.at(-1);
    if (writer.open && last && rest !== undefined) last.text = joined(last.text, rest);
    else writer.lines.push({ text, at });
    writer.open = !whole;
  }
  return [...writers.values()].map(({ lines: own }) => own);
}

function tellWriter(text: string): { key: string; whole: boolean; rest?: string } {
  const cri = CRI.exec(text);
  if (cri) return { key: `cri ${cri[2]}`, whole: cri[3] === 'F', rest: text.slice(cri[0].length) };
  const docker = text.startsWith('{"log":"') ? DOCKER.exec(text) : null;
  if (docker?.[1] !== undefined)
    return { key: `docker ${docker[2]}`, whole: docker[1].endsWith('\\n') || docker[1] === '', rest: docker[1] };
  const compose = COMPOSE.exec(text);
  return { key: compose ? `compose ${compose[1]}` : '', whole: true };
}

function joined(text: string, rest: string): string {
  const docker = DOCKER.exec(text);
  if (docker?.[1] === undefined) return text + rest;
  const end = '{"log":"'.length + docker[1].length;
  return text.slice(0, end) + rest + text.slice(end);
}

const FRAME = /^\s+(?:at |File "|from |\.\.\. \d+ more)/;
const MAX_HELD = 3;

/** Quiet lines with frames right above and right below are put behind the stack they were written into. Changes `lines`. */
export function untangle<T extends { line: LogLine }>(lines: T[]): T[] {
  const out: T[] = [];
  let held: T[] = [];
  const isFrame = (one: T | undefined) => one?.line.format === 'bare' && FRAME.test(one.line.message);
  for (const [at, one] of lines.entries()) {
    if (isQuiet(one.line) && isFrame(out.at(-1)) && lines.slice(at + 1, at + 1 + MAX_HELD).some(isFrame)) {
      const next = lines.slice(at + 1, at + 1 + MAX_HELD).find((other) => !isQuiet(other.line));
      if (isFrame(next)) {
        held.push(one);
        continue;
      }
    }
    if (held.length > 0 && !isFrame(one)) {
      out.push(...held);
      held = [];
    }
    out.push(one);
  }
  return [...out, ...held];
}

/** Another thread's word about something else; one that names an error may own the frames below it. */
function isQuiet({ format, level, message }: LogLine): boolean {
  return (
    format !== 'bare' &&
    !isErrorLevel(level) &&
    level !== undefined &&
    !/error|exception|trace/i.test(message.slice(0, 2000))
  );
}
