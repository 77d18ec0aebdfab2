/**
 * Structured log lines: what the fields of a JSON object or of logfmt pairs mean. Knows the names that pino, bunyan,
 * winston, structlog, python-json-logger, logrus, zap, ECS, GCP and serilog write.
 */
import { type Level, parseLevel } from './level.ts';
import { parseTime } from './time.ts';

export interface StructuredLine {
  time?: string | undefined;
  level?: Level | undefined;
  logger?: string | undefined;
  message: string;
  /** Type of the error object, when one is there. */
  type?: string | undefined;
  /** The error object's own message. */
  errorMessage?: string | undefined;
  /** Stack text of the error object, its head line included when the logger wrote one. */
  stack?: string | undefined;
  service?: string | undefined;
  environment?: string | undefined;
  /** `GET /path` when the line tells of a request. */
  endpoint?: string | undefined;
}

type Fields = Record<string, unknown>;

const LEVEL_KEYS = [
  'level',
  'severity',
  'levelname',
  'log.level',
  'lvl',
  'loglevel',
  'level_name',
  '@l',
  'SeverityText',
];
const TIME_KEYS = ['time', 'timestamp', '@timestamp', 'ts', 'asctime', 'datetime', 'date', '@t', 't', 'created'];
const MESSAGE_KEYS = ['msg', 'message', 'event', '@m', 'text', 'short_message', '@mt', 'body'];
const LOGGER_KEYS = ['logger', 'logger_name', 'log.logger', 'context', 'module', 'SourceContext'];
const SERVICE_KEYS = ['service', 'service.name', 'service_name', 'app', 'application'];
const ENVIRONMENT_KEYS = ['environment', 'env', 'service.environment', 'deployment.environment', 'stage'];
const ERROR_KEYS = ['err', 'error', 'exception', 'exc', 'e', 'cause', 'reason'];
const STACK_KEYS = [
  'stack',
  'stack_trace',
  'stackTrace',
  'stacktrace',
  'traceback',
  'exc_info',
  'exc_text',
  'error.stack_trace',
  'error.stack',
  'err.stack',
  '@x',
  'exception',
];

/** Undefined when the fields are no log line: neither a level nor a message nor an error in them. */
export function readFields(fields: Fields): StructuredLine | undefined {
  const error = readError(fields);
  const level = first(fields, LEVEL_KEYS, parseLevel);
  const said = first(fields, MESSAGE_KEYS, nonEmpty);
  if (level === undefined && said === undefined && error === undefined) return undefined;
  const name = nonEmpty(fields.name);
  return {
    time: first(fields, TIME_KEYS, parseTime),
    level,
    logger: first(fields, LOGGER_KEYS, nonEmpty) ?? name,
    message: said ?? error?.message ?? '',
    type: error?.type,
    errorMessage: error?.message,
    stack: error?.stack,
    service: first(fields, SERVICE_KEYS, readName) ?? (typeof fields.pid === 'number' ? name : undefined),
    environment: first(fields, ENVIRONMENT_KEYS, nonEmpty),
    endpoint: readEndpoint(fields),
  };
}

function readError(
  fields: Fields,
): { type?: string | undefined; message?: string | undefined; stack?: string | undefined } | undefined {
  const stack = first(fields, STACK_KEYS, readStack);
  for (const key of ERROR_KEYS) {
    const error = fields[key];
    if (isFields(error)) {
      const own = first(error, STACK_KEYS, readStack);
      const type = first(error, ['type', 'name', 'kind', 'class', 'exc_type'], nonEmpty);
      const message = first(error, ['message', 'msg', 'value', 'exc_value'], nonEmpty);
      if (own ?? type ?? message) return { type, message, stack: own ?? stack };
    }
  }
  const type = first(fields, ['error.type', 'error.name', 'err.type', 'exception.type', 'exc_type'], nonEmpty);
  const message = first(fields, ['error.message', 'err.message', 'exception.message', 'error', 'err'], nonEmpty);
  if (type === undefined && stack === undefined && message === undefined) return undefined;
  return { type, message, stack };
}

/** A stack is text of several lines; structlog's dictionaries of frames are written out as a Python traceback. */
function readStack(value: unknown): string | undefined {
  if (typeof value === 'string') return /\n|Traceback|^\s*at /.test(value) ? value : undefined;
  if (!Array.isArray(value)) return undefined;
  if (value.every((line) => typeof line === 'string')) return value.length > 1 ? value.join('\n') : undefined;
  const traces = value.filter(isFields).filter((trace) => Array.isArray(trace.frames));
  // structlog lists the last raised exception first; a printed traceback ends with it.
  const texts = traces.reverse().map((trace) => {
    const frames = (trace.frames as unknown[]).filter(isFields);
    const places = frames.map((frame) => `  File "${frame.filename}", line ${frame.lineno}, in ${frame.name}`);
    return ['Traceback (most recent call last):', ...places, `${trace.exc_type}: ${trace.exc_value}`].join('\n');
  });
  return texts.length > 0
    ? texts.join(`\n\nThe above exception was the direct cause of the following exception:\n\n`)
    : undefined;
}

function readEndpoint(fields: Fields): string | undefined {
  const request = [fields.req, fields.request, fields.http, fields].find(
    (part) => isFields(part) && nonEmpty(part.method),
  );
  if (!isFields(request)) return undefined;
  const route = first(request, ['route', 'path', 'url', 'originalUrl', 'uri'], nonEmpty);
  const method = nonEmpty(request.method);
  return method && route && /^[A-Za-z]{3,7}$/.test(method)
    ? `${method.toUpperCase()} ${route.split(/[?#]/, 1)[0]}`
    : undefined;
}

function first<T>(fields: Fields, keys: string[], read: (value: unknown) => T | undefined): T | undefined {
  for (const key of keys) {
    const value = fields[key];
    const found = value === undefined || value === null ? undefined : read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function readName(value: unknown): string | undefined {
  return nonEmpty(isFields(value) ? value.name : value);
}

/** A quote that nothing closes runs to the end, so that no text is read twice. */
const PAIR = /(?:^|\s)([A-Za-z_@][\w.@-]{0,60})=("(?:[^"\\\n]|\\.)*"?|[^\s"]*)/g;

/** The pairs of a logfmt line (`level=error msg="…"`), or undefined when it holds no level and no message. */
export function parseLogfmt(line: string): Fields | undefined {
  if (!/(?:^|\s)(?:level|lvl|severity)=/.test(line) || !/^["\w@.-]+=/.test(line)) return undefined;
  const fields: Fields = {};
  for (const [, key, raw] of line.matchAll(PAIR))
    if (key !== undefined && raw !== undefined) fields[key] = unquote(raw);
  return fields;
}

function unquote(raw: string): string {
  if (!raw.startsWith('"')) return raw;
  return raw
    .slice(1, -1)
    .replace(/\\(.)/g, (_match, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);
}
