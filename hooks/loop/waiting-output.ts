/** What tells waiting from going in circles: counters that move, and words that something is still in work. */
import { TIME_PATTERN } from '../../events/mask.ts';
import type { ToolCall } from '../trace/happening.ts';

/** A line of progress holds a handful of numbers; those of a table would fill the state. */
const MAX_COUNTERS = 24;
/** Numbers that change from run to run and count nothing: times, durations, ids, addresses, processes. */
const NOISE = new RegExp(
  [
    `(?<![\\w.:])(?:${TIME_PATTERN})(?![\\w:])`,
    '\\d+(?:\\.\\d+)? ?(?:ns|us|µs|ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)(?![A-Za-z0-9_])',
    '0[xX][0-9A-Fa-f]+',
    '(?:\\d{1,3}\\.){3}\\d{1,3}(?::\\d+)?',
    '[\\w.-]{1,60}\\[\\d+\\]',
    '\\b[A-Za-z]\\w{0,40}(?:\\.\\w{1,40}){2,}: \\d+',
    '\\b(?:pid|process|port|seed|thread|node|localhost)[ =:#]{1,3}\\d+',
    '(?<![0-9A-Za-z])(?=[A-Fa-f]{0,64}\\d)(?=\\d{0,64}[A-Fa-f])[0-9A-Fa-f-]{8,64}(?![0-9A-Za-z])',
  ].join('|'),
  'gi',
);
/** Nobody counts in thousandths: that is measured. */
const MEASURED = /\.\d{3}/;
/** Characters at the end of an output in which progress is told. */
const LENGTH = 4096;

/** The numbers of an output that could count something, those at its end. */
export function countersIn(output: string): number[] {
  const found =
    output
      .slice(-LENGTH)
      .replace(NOISE, ' ')
      .match(/\d+(?:\.\d+)?/g) ?? [];
  return found
    .filter((number) => !MEASURED.test(number))
    .slice(-MAX_COUNTERS)
    .map(Number)
    .filter(Number.isFinite);
}

const IN_WORK =
  /\b(?:in[ _-]progress|running|pending|queued|waiting|building|starting|creating|deploying|installing|downloading|processing|initiali[sz]ing|provisioning|not ready|still)\b/i;
/** Characters; a longer output is a report, in which such a word says nothing about the whole. */
const FAILED = /\b(?:error|failed|unable|cannot|could not|denied)\b/i;
const DONE: Record<string, RegExp> = {
  building: /\bbuilt\b/i,
  starting: /\b(?:started|healthy|listening|ready)\b/i,
  creating: /\b(?:created|started)\b/i,
  deploying: /\bdeployed\b/i,
  installing: /\binstalled\b/i,
  downloading: /\bdownloaded\b/i,
  processing: /\bprocessed\b/i,
  provisioning: /\bprovisioned\b/i,
};
const SHORT_STATUS = 1500;
const WAITS = /(?:^|[;&|(]\s*|\s)sleep\s+[\d.]+[smh]?(?=\s*(?:$|[;&|)\n]))/;
const ONLY_WAITS = /^\s*sleep\s+[\d.]+[smh]?\s*(?:(?:;|&&)\s*(?:true|:)?\s*)?$/;

/** Something that others carry on with is looked at: the call waits before it looks, or gives a short status of work. */
export function isWaiting(call: Pick<ToolCall, 'input' | 'output' | 'outcome'>): boolean {
  const { command } = call.input;
  if (typeof command === 'string' && WAITS.test(command)) return true;
  return call.outcome === 'ok' && call.output.length < SHORT_STATUS && isInWork(call.output);
}

/** A line of work that did not fail, and whose end is not told further below. */
function isInWork(output: string): boolean {
  const lines = output.split('\n');
  return lines.some((line, at) => {
    const word = IN_WORK.exec(line)?.[0].toLowerCase();
    if (word === undefined || FAILED.test(line)) return false;
    const done = word.endsWith('ing') ? DONE[word] : undefined;
    return done === undefined || !lines.slice(at).some((later) => done.test(later));
  });
}

/** Waits and does nothing else. */
export function onlyWaits(call: Pick<ToolCall, 'tool' | 'input'>): boolean {
  const { command } = call.input;
  return call.tool === 'Bash' && typeof command === 'string' && ONLY_WAITS.test(command);
}
