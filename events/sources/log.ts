/**
 * Plain text logs of any common shape. First the stacks are found, then what each logger line says by itself; what
 * belongs to a stack is not reported twice. Warnings and quieter levels report nothing, with or without a stack.
 */
import { isErrorLevel } from '../log-line/level.ts';
import { type LogLine, readHead, readLine } from '../log-line/log-line.ts';
import { byWriter, untangle } from '../log-line/writers.ts';
import type { Occurrence } from '../occurrence.ts';
import { toPlainText } from '../plain-text.ts';
import type { StackBlock } from '../stack/block.ts';
import { parseErrorHead } from '../stack/error-head.ts';
import { findStacks, parseStack } from '../stack/stack.ts';
import { readAccessLine } from './access-line.ts';

/** Of longer logs the end is read: the newest errors matter most. */
const MAX_LINES = 500_000;
/** A logger's own line stands at most this far above the stack that it printed. */
const NEAR = 5;
const NO_MESSAGE = 'Error without a message';
/** Lines that continue an error line without a stack. */
const MAX_DETAIL = 30;

/** True when the text holds a line that a logger wrote, or a stack; other text is an error told by a person. */
export function looksLikeLog(text: string): boolean {
  const plain = toPlainText(text);
  const lines = plain.split('\n').slice(-MAX_LINES);
  return lines.some(isLogLine) || findStacks(read(plain).map(toTraceLine)).length > 0;
}

function isLogLine(text: string): boolean {
  const { format, level, message } = readLine(text);
  if (readAccessLine(message)) return true;
  // People begin a sentence with a date; only machines add the time of day.
  const prefix = text.slice(0, text.length - message.length);
  return format === 'structured' || (format === 'text' && (level !== undefined || /\d:\d{2}/.test(prefix)));
}

/** The errors of a log, in the order they stand. `text` is plain. */
export function readLog(text: string): Occurrence[] {
  return byWriter(text.split('\n').slice(-MAX_LINES))
    .flatMap((written) => {
      const lines = untangle(written.map(({ text: line, at }) => ({ line: readLine(line), at })));
      return readWriter(lines.map(({ line }) => line)).map((found) => ({ ...found, at: lines[found.at]?.at ?? 0 }));
    })
    .sort((a, b) => a.at - b.at)
    .map(({ occurrence }) => occurrence);
}

/** The errors of one writer, each with the line where it stands. */
function readWriter(lines: LogLine[]): { at: number; occurrence: Occurrence }[] {
  const traces = lines.map(toTraceLine);
  const taken = new Set<number>();
  const found: { at: number; occurrence: Occurrence }[] = [];
  const lastMarked = lines.findLastIndex((line) => line.format !== 'bare');

  for (const block of findStacks(traces)) {
    const owner = findOwner(lines, block.start);
    const announced = owner === block.start ? sameRecordAbove(lines, owner) : owner;
    const said = belongs(lines, announced, block, taken) ? announced : undefined;
    for (let i = block.start; i < block.end; i++) taken.add(i);
    if (isQuiet(lines, block, owner, lastMarked)) continue;
    if (said !== undefined) taken.add(said);
    const raw = traces.slice(block.start, block.end).map((line) => line.text);
    found.push({
      at: block.start,
      occurrence: fromStack(block, raw.join('\n'), lines[owner ?? -1], lines[said ?? -1]),
    });
  }
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line === undefined || taken.has(i)) continue;
    if (line.format !== 'structured' && line.message.trim() === '') continue;
    const occurrence =
      line.format === 'structured' ? fromStructured(line) : fromText(line, () => takeDetail(lines, i, taken));
    if (occurrence) found.push({ at: i, occurrence });
  }
  return found;
}

function read(text: string): LogLine[] {
  return text.split('\n').slice(-MAX_LINES).map(readLine);
}

/** A structured line is whole: no stack goes into or out of it. */
function toTraceLine(line: LogLine) {
  return { text: line.format === 'structured' ? '' : line.message, prefixed: line.format !== 'bare' };
}

/** The logger line that line `at` stands under; itself when it has a prefix. */
function findOwner(lines: LogLine[], at: number): number | undefined {
  for (let i = at; i >= Math.max(0, at - 200); i--) {
    const format = lines[i]?.format;
    if (format === 'structured') return undefined;
    if (format === 'text') return i;
  }
  return undefined;
}

/** Where every line of a traceback has a prefix, the line that announced it is the one above with the same prefix. */
function sameRecordAbove(lines: LogLine[], at: number): number | undefined {
  const [above, line] = [lines[at - 1], lines[at]];
  if (above?.format !== 'text' || line?.time === undefined || !line.message.startsWith('Traceback (')) return undefined;
  return above.time === line.time && above.level === line.level && above.logger === line.logger ? at - 1 : undefined;
}

/** Whether the error line `owner` announced the stack, as `logger.exception("…")` does, so that both are one error. */
function belongs(lines: LogLine[], owner: number | undefined, block: StackBlock, taken: Set<number>): owner is number {
  if (owner === undefined || taken.has(owner) || !isErrorLevel(lines[owner]?.level)) return false;
  // Node prints the place above an error that nobody caught, and so nobody announced.
  if (/^\S.{0,1000}:\d+$/.test(lines[block.start]?.message ?? '')) return false;
  // pino-pretty prints whole objects, indented, between the two.
  return block.start - owner <= NEAR || lines.slice(owner + 1, block.start).every((line) => isIndented(line.message));
}

/** Whether the stack was logged below error level. A bare stack below a quiet line may also be an uncaught error. */
function isQuiet(lines: LogLine[], block: StackBlock, owner: number | undefined, lastMarked: number): boolean {
  const level = lines[owner ?? -1]?.level;
  if (owner === undefined || level === undefined || isErrorLevel(level)) return false;
  if (owner === block.start || isIndented(lines[block.start]?.message ?? '')) return true;
  // Python's `logger.warning(…, exc_info=True)` prints a bare traceback; the process lives on and logs again.
  return block.stack.language === 'python' && block.start === owner + 1 && level !== 'info' && lastMarked >= block.end;
}

function isIndented(text: string): boolean {
  return /^\s/.test(text);
}

function fromStack(block: StackBlock, text: string, owner: LogLine | undefined, said: LogLine | undefined): Occurrence {
  const { stack } = block;
  return {
    type: stack.type,
    message: stack.message || said?.message.trim() || (stack.type ? '' : NO_MESSAGE),
    stack,
    text,
    time: owner?.time,
    labels: { logger: owner?.logger, log_message: said?.message.trim() },
  };
}

function fromStructured(line: LogLine): Occurrence | undefined {
  const failed =
    line.level === undefined ? line.stack !== undefined || line.type !== undefined : isErrorLevel(line.level);
  if (!failed) return undefined;
  const text = line.stack ?? (line.message.includes('\n') ? line.message : undefined);
  const stack = text === undefined ? undefined : parseStack(text);
  const own = stack?.message || line.errorMessage;
  const head = own === undefined ? readHead(line) : undefined;
  return {
    type: line.type ?? (stack?.type || head?.type || ''),
    message: own ?? head?.message ?? (line.message || NO_MESSAGE),
    stack,
    text,
    time: line.time,
    service: line.service,
    environment: line.environment,
    endpoint: line.endpoint,
    labels: { logger: line.logger, log_message: own === undefined || own === line.message ? undefined : line.message },
  };
}

function fromText(line: LogLine, takeDetail: () => string): Occurrence | undefined {
  const access = readAccessLine(line.message);
  if (access) return access.status < 500 ? undefined : { ...access.occurrence, time: line.time };
  const head = readHead(line);
  const failed =
    line.level === undefined ? head !== undefined && !/Warning$/.test(head.type) : isErrorLevel(line.level);
  if (!failed) return undefined;
  const detail = takeDetail();
  return {
    type: head?.type ?? '',
    message: head?.message || line.message.trim(),
    text: detail === '' ? undefined : `${line.message}\n${detail}`,
    time: line.time,
    endpoint: /\b((?:GET|POST|PUT|PATCH|DELETE) \/[^\s?#"',;)]{0,300})/.exec(line.message.slice(0, 2000))?.[1],
    labels: {
      logger: line.logger,
      log_message: head && !line.message.trim().startsWith(head.type) ? line.message.trim() : undefined,
    },
  };
}

/** The bare lines right below an error line are its own; they are taken with it. */
function takeDetail(lines: LogLine[], at: number, taken: Set<number>): string {
  const detail: string[] = [];
  for (let i = at + 1; i <= at + MAX_DETAIL && !taken.has(i); i++) {
    const line = lines[i];
    if (line?.format !== 'bare' || line.message.trim() === '') break;
    if (parseErrorHead(line.message) && !/^(?:\s|Caused by:)/.test(line.message)) break;
    if (lines[at]?.format === 'bare' && !/^[\s})\]]/.test(line.message)) break;
    taken.add(i);
    detail.push(line.message);
  }
  return detail.join('\n');
}
