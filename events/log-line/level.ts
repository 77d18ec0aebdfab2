/** Log levels: the many names that loggers give them, as six. */

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

const NAMES: Record<string, Level> = {
  trace: 'trace',
  verbose: 'trace',
  silly: 'trace',
  debug: 'debug',
  dbg: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  http: 'info',
  log: 'info',
  notice: 'info',
  success: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  error: 'error',
  err: 'error',
  severe: 'error',
  fatal: 'fatal',
  ftl: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
};

/** The names that may stand as a level in a text line: alternatives of a regular expression, longest first. */
export const LEVEL_PATTERN = Object.keys(NAMES)
  .filter((name) => name !== 'http' && name !== 'log')
  .sort((a, b) => b.length - a.length)
  .join('|');

/** The level that a name (any case) or a pino/bunyan number (10 trace … 60 fatal) means. */
export function parseLevel(value: unknown): Level | undefined {
  if (typeof value === 'string') return NAMES[value.trim().toLowerCase()] ?? numericLevel(Number(value || Number.NaN));
  return typeof value === 'number' ? numericLevel(value) : undefined;
}

function numericLevel(value: number): Level | undefined {
  if (!(value >= 10 && value <= 100)) return undefined;
  const levels: Level[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  return levels[Math.min(Math.floor(value / 10), 6) - 1];
}

/** A line of this level reports an error. */
export function isErrorLevel(level: Level | undefined): boolean {
  return level === 'error' || level === 'fatal';
}
