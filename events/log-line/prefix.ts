/**
 * The prefix that a logger writes before its message: time, level, logger, process, in any of the usual orders.
 * A line has a prefix when a time or a level was found; brackets and names alone may belong to the message.
 */
import { SOURCE_EXTENSION, TIME_PATTERN } from '../mask.ts';
import { LEVEL_PATTERN, type Level, parseLevel } from './level.ts';
import { parseTime } from './time.ts';

export interface Prefix {
  /** A time was there, even when it carries no date (`time` is then undefined). */
  timed: boolean;
  time?: string | undefined;
  level?: Level | undefined;
  logger?: string | undefined;
  /** Where the message starts: one separator and one space after the prefix are gone, further indentation is kept. */
  end: number;
}

interface State extends Prefix {
  /** Tokens read so far. */
  tokens: number;
  /** The time was written as syslog does, without a year: a host follows. */
  syslog: boolean;
}

interface Token {
  pattern: RegExp;
  when?: (state: State) => boolean;
  /** Returns false when the match is no such token after all. */
  take: (state: State, match: RegExpExecArray) => boolean | undefined;
}

/** What may stand between two tokens. */
const GLUE = '[ \\t]{0,40}(?:[-–|:,;]{1,3}[ \\t]{1,40})?';
const token = (pattern: string, flags = 'y') => new RegExp(GLUE + pattern, flags);
const begun = (state: State) => state.timed || state.level !== undefined;
const skip = () => true;

const takeTime: Token['take'] = (state, [, time = '']) => {
  state.timed = true;
  state.time = parseTime(time);
  state.syslog = SYSLOG_TIME.test(time);
  return true;
};
const SYSLOG_TIME = /^[A-Z][a-z]{2} {1,2}\d{1,2} [\d:.]{5,20}$/;

/** What tells one request or process from another: words with a digit in them, or none at all. */
const ID = '(?:-|[A-Za-z_.-]{0,40}\\d[\\w.-]{0,60})';
const IDS = `\\[${ID}(?: ${ID}){0,9}\\]`;
/** A column of whoever collected the line: a host, a place, a stream. */
const COLUMN = '(?:[A-Za-z_.:/@-]{0,60}\\d[\\w.:/@-]{0,60}|-|std(?:out|err)|[FP])';
const HOST = '(?=[\\w.@/-]{0,80}[\\d.@/-]|localhost )[\\w.@/-]{1,120}';

/** A type of error, or a file. */
const NO_LOGGER = new RegExp(`(?:Error|Exception|Warning)$|\\.${SOURCE_EXTENSION}(?::\\d+)?$`);

const TOKENS: Token[] = [
  // Wrappers that say time and level at once: celery, Ruby, klog, python's basicConfig.
  {
    pattern: token(`\\[(${TIME_PATTERN}): (${LEVEL_PATTERN})/[\\w-]{1,60}\\]`, 'yi'),
    take: (state, [, time, level]) => {
      state.timed = true;
      state.time = parseTime(time);
      state.level = parseLevel(level);
      return true;
    },
  },
  {
    pattern: new RegExp(`[DIWEFA], \\[(${TIME_PATTERN}) #\\d{1,9}\\] {1,3}(${LEVEL_PATTERN}) -- [^:\\n]{0,60}:`, 'yi'),
    when: (state) => state.tokens === 0,
    take: (state, [, time, level]) => {
      state.timed = true;
      state.time = parseTime(time);
      state.level = parseLevel(level);
      return true;
    },
  },
  {
    pattern: /([IWEF])\d{4} \d{2}:\d{2}:\d{2}\.\d{1,9} {1,10}\d{1,9} [\w.-]{1,80}:\d{1,6}\]/y,
    when: (state) => state.tokens === 0,
    take: (state, [, letter]) => {
      state.timed = true;
      state.level = ({ I: 'info', W: 'warn', E: 'error', F: 'fatal' } as const)[letter as 'I' | 'W' | 'E' | 'F'];
      return true;
    },
  },
  {
    pattern: /(TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL):([\w.]{1,100}):/y,
    when: (state) => state.tokens === 0,
    take: (state, [, level, logger]) => {
      state.level = parseLevel(level);
      state.logger = logger;
      return true;
    },
  },
  // The name of the file, before the time of its line: `tail`, `grep`, collectors of many logs. Or seconds since 1970.
  {
    pattern: new RegExp(
      `(?:[\\w./~-]{1,200}?\\.(?:log|out|err)[\\w.:-]{0,60}?[: \\t]{1,4}|(?:- )?\\d{10}(?:\\.\\d{1,6})?[ \\t])(?=\\[?(?:${TIME_PATTERN})(?![\\w:]))`,
      'y',
    ),
    when: (state) => state.tokens === 0,
    take: skip,
  },
  // Container and platform wrappers.
  { pattern: /[a-z][\w.-]{0,60}[-_]\d{1,4}[ \t]{1,40}\|/y, when: (state) => state.tokens === 0, take: skip },
  {
    pattern: /(?:##\[|::)(error|warning)(?:\]|(?: [^:\n]{0,300})?::)/y,
    when: (state) => state.tokens === 0 || state.timed,
    take: (state, [, level]) => {
      state.level = parseLevel(level);
      return true;
    },
  },
  {
    pattern: /npm (ERR!|error|WARN|warn)(?= |$)/y,
    when: (state) => state.level === undefined,
    take: (state, [, level]) => {
      state.level = /^e/i.test(level ?? '') ? 'error' : 'warn';
      return true;
    },
  },
  { pattern: token('std(?:out|err) [FP](?= )'), when: (state) => state.timed, take: skip },
  // A program's own time behind the one that it was collected at.
  {
    pattern: new RegExp(
      `(?=[ \\t][^\\n]{0,150}\\d\\d[:.]\\d\\d)(?:[ \\t]{1,10}${COLUMN}){0,3}[ \\t]{1,10}\\[?(${TIME_PATTERN})\\]?(?![\\w:])`,
      'y',
    ),
    when: (state) => state.timed && !state.level && !state.syslog,
    take: (state, match) => {
      const outer = state.time;
      takeTime(state, match);
      // A day alone is less than a clock; a clock alone is no time.
      if (outer !== undefined && (state.time === undefined || !outer.endsWith('T00:00:00.000Z'))) state.time = outer;
      return true;
    },
  },
  {
    pattern: token('(?:[\\w.@/-]{1,120} )?[\\w./-]{1,80}(?:\\([\\w.-]{1,40}\\))?\\[[\\w.-]{1,20}\\]:'),
    when: (state) => state.timed && !state.level,
    take: skip,
  },
  // The same without a process id, where a host stands before it.
  {
    pattern: token(
      `${HOST} (?!(?:${LEVEL_PATTERN}):)([A-Za-z][\\w./-]{0,60})(?:\\([\\w.-]{1,40}\\))?:(?=[ \\t]|$)`,
      'yi',
    ),
    when: (state) => state.syslog && !state.level,
    take: (_state, [, program = '']) => !/(?:Error|Exception|Warning)$/.test(program),
  },
  // A thread whose name says much, before the logger: Hadoop and its like.
  {
    pattern: token('\\[[^\\[\\]\\n]{1,300}\\](?= [A-Za-z_$][\\w.$]{2,120}: )'),
    when: (state) => state.level !== undefined,
    take: skip,
  },
  // A thread in brackets, with brackets and places of its own: `[worker[id=3]/0:0:0:0:2181:Place@368] - `.
  {
    pattern: token('\\[(?:[^\\[\\]\\n]|\\[[^\\[\\]\\n]{0,60}\\]){1,300}\\](?= - )'),
    when: (state) => state.level !== undefined,
    take: skip,
  },
  // A logger, and what tells the request: `INFO shop.cart [req-7f3a 12 - -] `.
  {
    pattern: token(`([A-Za-z_$][\\w$-]{0,60}(?:\\.[\\w$-]{1,60}){1,8}) ${IDS}(?=[ \\t]|$)`),
    when: (state) => state.level !== undefined && state.logger === undefined,
    take: (state, [, logger = '']) => {
      if (NO_LOGGER.test(logger)) return false;
      state.logger = logger;
      return true;
    },
  },
  // A program of Windows, with its bits.
  { pattern: token('[\\w.-]{1,60}\\.exe(?: \\*\\d{2})?(?= - )'), when: (state) => state.timed, take: skip },
  // The plain tokens.
  { pattern: token(`\\[?(${TIME_PATTERN})\\]?(?![\\w:])`), when: (state) => !state.timed, take: takeTime },
  {
    pattern: token(`([\\[<(]?)(${LEVEL_PATTERN})(?:/[\\w.-]{1,40})?([\\]>)]?)(:?)(?=[\\s:|,\\]-]|$)`, 'yi'),
    when: (state) => !state.level,
    take: (state, [, open = '', word = '', close = '', colon]) => {
      if ((open === '') !== (close === '')) return false;
      const upper = word === word.toUpperCase();
      const lower = word === word.toLowerCase();
      // `Error: …` is the head of an error, not a level; words in running text are neither.
      if (open === '' && !upper && /^(?:error|panic|alert)/i.test(word) && !lower) return false;
      // Go's own word for the end of a program, and no logger's.
      if (open === '' && word === 'panic') return false;
      const plain = state.timed && /^(?:trace|debug|info|warn(?:ing)?|error|fatal|critical)$/i.test(word);
      if (open === '' && !upper && !plain && colon === '') return false;
      state.level = parseLevel(word);
      return true;
    },
  },
  {
    pattern: token('\\[([^\\[\\]\\n:]{1,80}(?::[^\\[\\]\\n :]{1,40})?)\\](?=[\\s:-]|$)'),
    take: (state, [, name = '']) => {
      if (begun(state) && !/^[\d#. -]+$/.test(name)) state.logger = name;
      return true;
    },
  },
  { pattern: token('\\([^()\\n]{1,60}\\)(?=:)'), when: begun, take: skip },
  { pattern: token('\\d{1,9}#\\d{1,9}:'), when: begun, take: skip },
  { pattern: token(`\\d{1,9}(?=[ \\t]{1,10}(?:-{1,3}[ \\t]|\\[|(?:${LEVEL_PATTERN})\\b))`, 'yi'), take: skip },
  { pattern: /[ \t]-{3}(?=[ \t])/y, when: begun, take: skip },
  {
    pattern: token(`([\\w.$@/-]{1,100})(?=[ \\t]{1,10}-[ \\t]{1,10}\\[?(?:${LEVEL_PATTERN})\\b)`, 'yi'),
    when: (state) => state.timed && !state.level,
    take: (state, [, logger]) => {
      state.logger = logger;
      return true;
    },
  },
  {
    pattern: token(
      '([\\w.$<>]{1,100}:[\\w.$<>]{1,100}:\\d{1,6}|[\\w$@/-]{1,60}(?:\\.[\\w$-]{1,60}){1,8}|[a-z][\\w-]{0,60}(?= - ))(?=[ \\t]{0,40}(?:-|:)(?:[ \\t]|$))',
    ),
    when: (state) => state.level !== undefined,
    take: (state, [, logger = '']) => {
      if (NO_LOGGER.test(logger)) return false;
      state.logger = logger;
      return true;
    },
  },
];

const MAX_TOKENS = 12;

/** The prefix of one line, or undefined when it has none. */
export function parsePrefix(line: string): Prefix | undefined {
  // Indented lines continue what stands above them.
  if (/^\s/.test(line)) return undefined;
  const state: State = { timed: false, end: 0, tokens: 0, syslog: false };
  let container = false;
  while (state.tokens < MAX_TOKENS) {
    if (!takeToken(line, state)) break;
    container ||= state.tokens === 0 && /\|$/.test(line.slice(0, state.end));
    state.tokens++;
  }
  if (!begun(state) && !container) return undefined;
  const separator = /^[ \t]*(?:[-–|>:]{1,2}(?=[ \t]|$)|:(?!:))?[ \t]?/y;
  separator.lastIndex = 0;
  state.end += separator.exec(line.slice(state.end, state.end + 60))?.[0].length ?? 0;
  return state;
}

function takeToken(line: string, state: State): boolean {
  for (const { pattern, when, take } of TOKENS) {
    if (when && !when(state)) continue;
    pattern.lastIndex = state.end;
    const match = pattern.exec(line);
    if (!match || take(state, match) === false) continue;
    state.end = pattern.lastIndex;
    return true;
  }
  return false;
}
