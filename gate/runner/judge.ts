/**
 * What a finished test command proved. The report and the exit code must say the same: a report that contradicts the
 * exit code, a file that did not load, or a run without a case proves nothing, whatever colour it has.
 */
import { constants } from 'node:os';
import type { CheckRun, TestCase } from '../check-run.ts';
import { foreignLine } from '../foreign-line.ts';
import type { GroupResult } from '../process-group.ts';
import { limitSentence, type RunLimits } from '../run-limits.ts';
import type { Counts } from '../verification.ts';
import type { Report } from './reports/report.ts';

export type Judgement = Pick<CheckRun, 'status' | 'reason' | 'counts' | 'cases'>;

const NOTHING = { counts: null, cases: [] } satisfies Partial<Judgement>;

/** What the way a process ended already tells, before any report is read; null when the report decides. */
export function judgeEnding(group: GroupResult, timeoutMs: number, limits: RunLimits): Judgement | null {
  if (group.startError !== null)
    return error('command_not_found', `It could not be started: ${group.startError}.`, NOTHING);
  const over = group.overLimit ?? (isFileLimit(group) ? 'file' : null);
  if (over !== null) return error('over_limit', limitSentence(over, limits), NOTHING);
  if (group.timedOut !== null) {
    const message = `It was ended after ${timeoutMs / 1000} s.`;
    return { status: 'timed_out', reason: { code: 'timed_out', message }, ...NOTHING };
  }
  if (group.aborted) return error('aborted', 'The verification was stopped while it ran.', NOTHING);
  if (group.exit === 127 || group.exit === 126)
    return error(
      'command_not_found',
      `Its program was not found or cannot be executed (exit code ${group.exit})${shellSays(group.output)}.`,
      NOTHING,
    );
  if (group.exit === null) {
    const memory = group.signal === 'SIGKILL' ? ', as the system does when memory runs out' : '';
    return error('runner_failed', `It was ended by ${group.signal ?? 'a signal'}${memory}.`, NOTHING);
  }
  return null;
}

/** The kernel's signal for a file that grew too large; behind a shell it is an exit code. */
function isFileLimit({ signal, exit }: GroupResult): boolean {
  return signal === 'SIGXFSZ' || exit === 128 + constants.signals.SIGXFSZ;
}

/** Which program that is, in the words of the shell: behind a package script nobody sees it in the command. */
function shellSays(output: string): string {
  const line = output
    .split('\n')
    .findLast((text) => /not found|permission denied|cannot execute|no such file/i.test(text));
  return line === undefined ? '' : `: ${JSON.stringify(foreignLine(line))}`;
}

export function judgeReport(exit: number, report: Report): Judgement {
  if (!report.counted) return error(report.code, report.message, NOTHING);
  const cases = [...report.cases, ...report.loadErrors.map(notLoaded)];
  const counts = countCases(cases);
  const counted = { counts, cases };
  const [first] = report.loadErrors;
  if (first) {
    const place = first.file === undefined ? 'A test file' : first.file;
    const lines = first.message.split('\n').filter((text) => text.trim() !== '');
    const line = lines.find((text) => /\w(?:Error|Exception)\b.*: /.test(text)) ?? lines[0] ?? '';
    return error('load_error', `${place} did not load or did not run: ${foreignLine(line, 300)}`, counted);
  }
  if (counts.passed + counts.failed === 0) {
    const message = counts.skipped === 0 ? 'No test ran.' : `No test ran: all ${counts.skipped} were skipped.`;
    return error('no_test_ran', message, counted);
  }
  if (report.brokeOff !== undefined && (counts.failed === 0 || exit === 0))
    return error('runner_failed', report.brokeOff, counted);
  if ((exit === 0) !== (counts.failed === 0)) {
    const message = `It ended with exit code ${exit}, but its report counts ${counts.failed} failed of ${cases.length} cases.`;
    return error('exit_contradicts_counts', message, counted);
  }
  if (exit === 0) return { status: 'passed', ...counted };
  const reason = report.brokeOff === undefined ? {} : { reason: { code: 'broke_off', message: report.brokeOff } };
  return { status: 'failed', ...reason, ...counted };
}

export function countCases(cases: readonly TestCase[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status } of cases) counts[status]++;
  return counts;
}

/** A file that did not load is one failed case under its own name, so that runs can be compared case by case. */
function notLoaded(problem: { file?: string; message: string }): TestCase {
  const { file, message } = problem;
  return { name: file ?? 'a test file', ...(file === undefined ? {} : { file }), status: 'failed', failure: message };
}

function error(code: string, message: string, counted: Pick<Judgement, 'counts' | 'cases'>): Judgement {
  return { status: 'error', reason: { code, message }, ...counted };
}
