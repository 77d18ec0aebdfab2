/**
 * What a failed case tells of an incident that has no error of its own to throw: the status of a request, or that the
 * case ran out of time. Read from the runner's words alone, so it is weak evidence.
 */
import { maskText } from '../../events/mask.ts';
import type { TestCase } from '../check-run.ts';
import type { FailedRequest } from './incident-kind.ts';

/** The first line of a case that its own runner ended: node:test and tape, vitest, jest, mocha, pytest-timeout. */
const RUNNER_TIMEOUT = [
  /^test timed out after \d+ ?ms$/,
  /^Test timed out in \d+ms\./,
  /^(?:thrown: )?"?Exceeded timeout of \d+ ms for a test/,
  /^Timeout of \d+ms exceeded\./,
  /^Timeout (?:>|\(>)\d+(?:\.\d+)?s/,
];

/** Whether the runner itself ended the case; the gate's clock ends the whole command, and nothing is counted then. */
export function endedByRunner({ failure = '' }: TestCase, output: string): boolean {
  const line = failure.trimStart().split('\n', 1)[0] ?? '';
  const said = line.replace(/^(?:E\s+)?(?:(?:Error|Failed)(?: \[\w+\])?: )?/, '').trim();
  // In vitest's report the stack keeps the name of what it was made for; the message stands in the output alone.
  if (said === 'STACK_TRACE_ERROR') return /\bTest timed out in \d+ms\./.test(output);
  return RUNNER_TIMEOUT.some((pattern) => pattern.test(said));
}

/** What is missing for the case to show this request; undefined when it names both its path and its status. */
export function missingOfRequest(one: TestCase, output: string, request: FailedRequest): string | undefined {
  const failure = withoutPlaces(one.failure ?? '');
  if (!new RegExp(`(?<![\\d.])${request.status}(?![\\d.]\\d|\\d)`).test(failure.replaceAll(request.path, ' ')))
    return `the status ${request.status}`;
  const named = [one.name, failure, output].some((text) => names(text, request.path));
  return named ? undefined : `the path ${request.path}`;
}

/** Without line and column numbers, which would pass for a status. */
function withoutPlaces(failure: string): string {
  return failure.replace(/^\s*at .*$/gm, '').replace(/(\.\w{1,5}|line )[:,]?\d+(?::\d+)?/g, '$1');
}

/** Ids in a path differ between production and a test. */
function names(text: string, path: string): boolean {
  const found = (whole: string, part: string) => {
    for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1))
      if (!/[\w/-]/.test(whole[at + part.length] ?? '')) return true;
    return false;
  };
  return found(text, path) || found(maskText(text), maskText(path));
}
