/** A call as the rules see it: what was asked, what came back, in digests. */

import { TIME_PATTERN } from '../../events/mask.ts';
import { programName } from '../shell/program-name.ts';
import { readShell } from '../shell.ts';
import { readCheckCommand } from '../trace/check-report/check-command.ts';
import { readCheckReport } from '../trace/check-report.ts';
import { digest } from '../trace/digest.ts';
import { pathOf, WRITING_TOOLS } from '../trace/file-tools.ts';
import type { ToolCall } from '../trace/happening.ts';
import { mayChangeFiles } from '../trace/may-change.ts';
import { callKind, normalInput } from '../trace/normal-input.ts';
import { clipped, shownPath } from './advice-text.ts';
import { maskedLines } from './masked-output.ts';
import { commitsIn, type Standing, standingOf } from './progress.ts';
import { type Question, questionOf } from './question.ts';
import { type Units, unitsOf } from './similarity.ts';
import { countersIn, isWaiting } from './waiting-output.ts';

export interface Call {
  /** Equal for the same call. */
  key: string;
  /** Equal for calls that ask for the same thing in other words. */
  kind: string;
  /** For advice: `Bash npm test`. At most 80 characters. */
  name: string;
  /** Equal for the same masked result; `SAME_AGAIN` where the client only said that nothing is new. */
  result: string;
  /** It tells of a failure, in words that can be compared; null where it does not. */
  failure: Units | null;
  /** Numbers that could count something, in the order in which they stand there. */
  counters: number[];
  /** It looks at something that others carry on with. */
  waiting: boolean;
  /** It may have changed files, or tried to. */
  changes: boolean;
  /** It may have changed something outside of the files: it did more than read, and is no check. */
  acts: boolean;
  report: Report | null;
  /** Where it failed; null where it did not. */
  standing: Standing | null;
  /** What it asks, in other words than the call's; null for calls that do not ask. */
  question: Question | null;
  /** Another commit's files are there now: what fails on them is not what was changed. */
  history: boolean;
}

export interface Report {
  /** Equal for the same check, whatever is done with its output. */
  check: string;
  /** Number of failing checks. */
  failing: number;
  /** Equal for the same failing checks with the same errors. */
  point: string;
  errors: string;
  /** How many checks were told of; null where the report does not say. */
  cases: number | null;
  /** For advice: the first failing checks. */
  names: string;
}

const ERROR_WORDS =
  /\b(?:\w*error|\w*exception|traceback|fatal|panic(?:ked)?|failed|failure|cannot|can't|unable|not found|no such|denied|refused|invalid|undefined|unexpected|must be)\b/i;
/** An exit code alone says nothing that could be compared. */
const BARE_EXIT = /^(?:Exit code -?\d+|<tool_use_error>|<\/tool_use_error>)\s*$/gm;
const WRITES =
  /\b(?:(?:sed|perl) (?:-\w+ )*-\w*i|git (?:checkout|restore|stash|revert|reset|apply|cherry-pick|switch)|patch|mv|cp|rm)\b/;
const FEWEST_WORDS = 3;
export const SAME_AGAIN = 'same';
/** The client's answer when a file is read again that has not changed since. */
const UNCHANGED = /^[^\n]{0,60}file unchanged since/i;
/** Programs that stand beside what a command is about. */
const ASIDE = new Set(['cd', 'sleep', 'echo', 'cat', 'head', 'tail', 'grep', 'true', '']);

/** Replay asks many detectors about the same call. */
const read = new WeakMap<ToolCall, Readonly<Call>>();

export function readCall(call: ToolCall): Readonly<Call> {
  const known = read.get(call) ?? reading(call);
  read.set(call, known);
  return known;
}

function reading(call: ToolCall): Call {
  const normal = normalInput(call.tool, call.input, call.cwd);
  const lines = maskedLines(call.output);
  const found = readCheckReport(call);
  const report = found && {
    check: checkOf(call) ?? digest(normal),
    failing: found.failing.length,
    point: digest(found.errors, ...found.failing),
    errors: found.errors,
    cases: casesIn(call.output),
    names: clipped(found.failing.slice(0, 3).join(', '), 100),
  };
  const changes = mayChangeFiles(call) && (report === null || writesBeside(call));
  const failed = report ? report.failing > 0 : failedWithWords(call, changes);
  return {
    key: digest(normal),
    kind: digest(kindOf(call, changes, report)),
    name: nameOf(call),
    result: resultOf(call, lines, report),
    // Parallel checks tell their cases in any order.
    failure: failed ? unitsOf(call.output, report ? lines.toSorted() : lines) : null,
    counters: report ? [] : countersIn(call.output),
    waiting: !report && isWaiting(call),
    changes,
    acts: changes && report === null && call.outcome === 'ok',
    report,
    standing: failed ? standingOf(call) : null,
    question: questionOf(call),
    history: movesHistory(call),
  };
}

const CASES = /(\d{1,6}) (?:tests?|examples?|runs|specs?|scenarios|passed|passing|pass)\b/gi;

function casesIn(output: string): number | null {
  const told = [...output.slice(-4096).matchAll(CASES)].map((found) => Number(found[1]));
  return told.length === 0 ? null : told.reduce((sum, count) => sum + count, 0);
}

/** `git checkout -- FILE` takes changes back; these bring the files of another commit. */
const HISTORY =
  /\bgit (?:-\S+ )*(?:bisect|rebase|am|pull|switch|cherry-pick|merge)\b|\bgit (?:-\S+ )*(?:checkout (?:-q |--detach |-[bB] )*[\w@^~/-]+(?:\.\d+)*\s*(?:$|[;&|])|reset --hard (?!HEAD\s*$)\S+)/;

function movesHistory({ input: { command }, outcome }: ToolCall): boolean {
  return outcome !== 'refused' && typeof command === 'string' && HISTORY.test(command);
}

function checkOf({ input: { command } }: ToolCall): string | undefined {
  const check = typeof command === 'string' ? readCheckCommand(command) : undefined;
  return check && digest(check.name);
}

/** A check changes nothing that it checks, unless the same command line does more. */
function writesBeside({ input: { command } }: ToolCall): boolean {
  return typeof command === 'string' && WRITES.test(command);
}

function resultOf(call: ToolCall, lines: readonly string[], report: Report | null): string {
  if (report) return digest('report', report.point);
  if (movesHistory(call)) return digest(call.outcome, ...commitsIn(call.output), ...lines);
  return call.tool === 'Read' && UNCHANGED.test(call.output) ? SAME_AGAIN : digest(call.outcome, ...lines);
}

/**
 * An editing tool and its file; the failing checks, however they were run; for commands that do something their programs,
 * for what reads the whole call without its numbers.
 */
function kindOf(call: ToolCall, changes: boolean, report: Report | null): string {
  if (report) return `report ${report.point}`;
  if (WRITING_TOOLS.has(call.tool) || call.tool === 'Read') return `${call.tool} ${pathOf(call)}`;
  const { command } = call.input;
  const reading = call.tool === 'Bash' && changes && typeof command === 'string' ? readShell(command) : null;
  if (!reading?.ok) return callKind(call);
  return `Bash ${reading.commands
    .map(({ words }) => programName(words[0]))
    .filter((name) => !ASIDE.has(name))
    .join(' ')}`;
}

function failedWithWords(call: ToolCall, changes: boolean): boolean {
  const said = call.output.replace(BARE_EXIT, '').slice(0, 8192);
  if ((said.match(/\w+/g)?.length ?? 0) < FEWEST_WORDS) return false;
  if (call.outcome !== 'ok') return true;
  // A search finds the word "error" in healthy code, and a log of errors is one that was read well. Tools of servers say
  // themselves that they failed.
  return changes && call.tool === 'Bash' && !looksAtData(call) && ERROR_WORDS.test(withoutLog(said));
}

const LOG_LINE = new RegExp(`^.{0,40}(?<![\\w.:])(?:${TIME_PATTERN})(?![\\w:]).*$`, 'gm');

const LOGS = /\b(?:logs?|journalctl|events?|tail -f)\b/;
const DATA = /^\s*(?:\[|\{(?!\s*"(?:error|message|detail)))/;
/** They count failures, and there is none. */
const NO_FAILURE = /\b(?:(?:failed|failures?|errors?|unreachable)[=:] ?0|(?:0|no) (?:failed|failures?|errors?))\b/gi;

/** It was told well what somebody else failed at. */
function looksAtData({ input: { command }, output }: ToolCall): boolean {
  return (typeof command === 'string' && LOGS.test(command)) || DATA.test(output);
}

function withoutLog(text: string): string {
  return text.replace(LOG_LINE, '').replace(NO_FAILURE, '');
}

function nameOf(call: ToolCall): string {
  const { command } = call.input;
  const what = typeof command === 'string' ? command : shownPath(pathOf(call), call.cwd) || JSON.stringify(call.input);
  const tool = call.tool.replace(/^mcp__.*__/, '');
  return clipped(`${tool} ${what}`, 80);
}
