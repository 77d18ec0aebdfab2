/** The one place where an error becomes a text and an exit code. */
import { describeError, RemoteError } from '../events/errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

export interface Failure {
  /** For stderr. */
  text: string;
  /** For `--json`. */
  value: { error: { code: string; message: string; next: string } };
  exit: ExitCode;
}

export function failureOf(error: unknown, aborted: boolean): Failure {
  if (aborted && describeError(error).bug) {
    // Whatever was cut short by the signal has ended in an error of its own.
    const message = 'Interrupted.';
    return { text: message, value: { error: { code: 'failed', message, next: '' } }, exit: EXIT.escalated };
  }
  const { code, message, next, bug } = describeError(error);
  const stack = process.env.SELF_HEALING_DEBUG && error instanceof Error ? `\n${error.stack}` : '';
  const hint = bug && stack === '' ? 'SELF_HEALING_DEBUG=1 shows where it happened.' : '';
  const text = [`error: ${message}`, ...[next, hint].filter((line) => line !== '').map((line) => `  ${line}`)].join(
    '\n',
  );
  return { text: text + stack, value: { error: { code, message, next } }, exit: exitOf(error, code, bug) };
}

function exitOf(error: unknown, code: string, bug: boolean): ExitCode {
  if (bug) return EXIT.bug;
  if (error instanceof RemoteError || code === 'not_ready' || code === 'failed') return EXIT.findings;
  return EXIT.usage;
}
