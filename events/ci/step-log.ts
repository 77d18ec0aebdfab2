/**
 * The part of a GitHub Actions job's log that one step wrote, as the program printed it: without the times that the runner
 * puts before every line, without its own marks, without colours.
 */
import { toPlainText } from '../plain-text.ts';

export interface StepTimes {
  /** ISO 8601; whole seconds, as the API gives them. */
  started: string;
  completed: string;
}

export interface StepLog {
  /** What the step ran, its first line; undefined when the log does not show it. */
  command: string | undefined;
  text: string;
}

const TIME = /^\ufeff?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) ?/;
const BEGINS = '##[group]Run ';
const FAILED =
  /^##\[error\](?:Process completed with exit code \d+|The operation was canceled|The action .* has timed out)/;
const MARK = /^(?:##\[(?:error|warning|notice|debug|group|command)\]|\[command\])/;

/** Without times of the step, the first step that failed is taken. */
export function stepLog(log: string, times?: StepTimes): StepLog {
  const lines = log.split(/\r?\n/).map(readLine);
  const inside = times ? within(lines, times) : lines;
  const texts = (inside.length > 0 ? inside : lines).map(({ text }) => text);
  const failed = texts.findIndex((text) => FAILED.test(text));
  const end = failed === -1 ? texts.length : failed;
  const begin = texts.slice(0, end).findLastIndex((text) => text.startsWith(BEGINS));
  if (begin === -1) return { command: undefined, text: printed(texts.slice(0, end)) };
  const header = texts.indexOf('##[endgroup]', begin);
  const from = header === -1 || header > end ? begin + 1 : header + 1;
  return { command: texts[begin]?.slice(BEGINS.length).trim(), text: printed(texts.slice(from, end)) };
}

interface Line {
  /** Milliseconds; of a line that the runner put no time before, undefined. */
  at: number | undefined;
  text: string;
}

function readLine(raw: string): Line {
  const time = TIME.exec(raw);
  return {
    at: time?.[1] === undefined ? undefined : Date.parse(time[1]),
    text: toPlainText(time ? raw.slice(time[0].length) : raw),
  };
}

/** Lines of a second that two steps share are in both; the marks tell them apart. */
function within(lines: Line[], { started, completed }: StepTimes): Line[] {
  const from = Math.floor(Date.parse(started) / 1000) * 1000;
  const to = Math.floor(Date.parse(completed) / 1000) * 1000 + 1000;
  let last = false;
  return lines.filter(({ at }) => {
    if (at !== undefined) last = at >= from && at < to;
    return last;
  });
}

function printed(texts: string[]): string {
  return texts
    .filter((text) => text !== '##[endgroup]')
    .map((text) => text.replace(MARK, ''))
    .join('\n')
    .trim();
}
