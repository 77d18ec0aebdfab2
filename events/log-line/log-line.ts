/** One line of a log on its own: what its logger wrote around the message, and the message. */
import { type ErrorHead, findErrorHead, parseErrorHead } from '../stack/error-head.ts';
import { parseLogfmt, readFields, type StructuredLine } from './fields.ts';
import { parsePrefix } from './prefix.ts';

export interface LogLine extends StructuredLine {
  /** `bare`: no logger's mark on it; it may continue the line above. */
  format: 'bare' | 'text' | 'structured';
}

/** Longer lines are cut here before they are looked at (1 MiB of UTF-16 units). */
const MAX_LINE = 1 << 20;

/**
 * Reads one line without its line break. For a structured line `message` is the message field; of a head such as
 * `TypeError: x` (see `readHead`) `type` and `message` are taken.
 */
export function parseLogLine(line: string): LogLine {
  const parsed = readLine(line.slice(0, MAX_LINE));
  if (parsed.type !== undefined) return parsed;
  const head = readHead(parsed);
  return head ? { ...parsed, type: head.type, message: head.message } : parsed;
}

/**
 * The error that a line's message starts with or, when a logger wrote the line, names further inside as in
 * `request failed: TypeError: x`.
 */
export function readHead(line: LogLine): ErrorHead | undefined {
  const said = line.message.trim();
  return parseErrorHead(said) ?? (line.format === 'bare' ? undefined : findErrorHead(said.slice(0, 4000)));
}

/** As `parseLogLine`, with the message left whole: `TypeError: x` stays in it, and its indentation too. */
export function readLine(line: string): LogLine {
  const prefix = parsePrefix(line);
  const rest = prefix ? line.slice(prefix.end) : line;
  const structured = readStructured(rest.trim());
  if (structured) {
    return {
      format: 'structured',
      ...structured,
      time: structured.time ?? prefix?.time,
      level: structured.level ?? prefix?.level,
    };
  }
  if (!prefix) return { format: 'bare', message: line };
  const { time, level, logger } = prefix;
  return { format: 'text', time, level, logger, message: rest };
}

function readStructured(text: string): (StructuredLine & { format?: LogLine['format'] }) | undefined {
  if (text.startsWith('{') && text.endsWith('}')) {
    const fields = parseObject(text);
    if (!fields) return undefined;
    // Docker's json-file driver wraps the line that the program wrote.
    if (typeof fields.log === 'string' && typeof fields.stream === 'string') return unwrap(fields.log, fields.time);
    return readFields(fields);
  }
  const pairs = parseLogfmt(text);
  return pairs && readFields(pairs);
}

function unwrap(line: string, time: unknown): LogLine {
  const inner = readLine(line.replace(/\r?\n$/, ''));
  const outer = readFields({ time, message: inner.message });
  return { ...inner, time: inner.time ?? outer?.time };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
