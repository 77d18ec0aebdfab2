/** What the calls of a scenario came to, held against what is expected of each. Pure. */
import { nearest } from '../../../context/nearest.ts';
import { type CallExpectation, heldBy } from '../../../context/schemas/expectation.ts';
import { foreignLine } from '../../foreign-line.ts';
import type { Judgement } from '../../runner/judge.ts';
import { type CaseResult, type DirectCase, directError, judgeCases } from '../cases.ts';
import { differences, show } from '../difference.ts';
import { type CallOutcome, type ThrownError, textOf } from './outcome.ts';

export interface Call {
  /** Repository-relative. */
  module: string;
  export: string;
  cases: readonly DirectCase[];
}

/** @param exit of the process that made the calls. */
export function judgeOutcomes(
  call: Call,
  expectations: readonly CallExpectation[],
  outcomes: readonly CallOutcome[],
  exit: number | null,
): Judgement {
  const results: CaseResult[] = [];
  for (const one of outcomes) {
    switch (one.outcome) {
      case 'not_loaded':
        return notLoaded(call, textOf(one.error));
      case 'no_loader':
        return directError(
          'command_not_found',
          `${one.error.message} Install tsx, esbuild or typescript as a development dependency, or use Node 22.18 or newer.`,
        );
      case 'no_export':
        return notLoaded(call, missingExport(call, one));
      case 'ended':
        if (one.row < 0) return notLoaded(call, `Error: it ended the process (exit code ${one.exit}) while it loaded`);
        results[one.row] = {
          passed: false,
          failure: `Error: the process ended (exit code ${one.exit}) before the call of ${call.export} came back`,
        };
        break;
      case 'returned':
      case 'threw': {
        const expectation = expectations[one.row];
        if (expectation) results[one.row] = judgeOne(expectation, one);
        break;
      }
      default:
        one satisfies never;
    }
  }
  const gap = Array.from<CaseResult | undefined>(results).indexOf(undefined);
  const told = gap === -1 ? results : results.slice(0, gap);
  if (told.length === 0)
    return directError('runner_failed', `The process ended (exit code ${exit}) and did not say what came.`);
  return judgeCases(call.cases, told, { file: call.module });
}

function judgeOne(
  expected: CallExpectation,
  came: Extract<CallOutcome, { outcome: 'returned' | 'threw' }>,
): CaseResult {
  if (expected.outcome === 'returns') {
    if (came.outcome === 'threw')
      return { passed: false, failure: `${textOf(came.error)}\n\nexpected a result: ${show(expected.value)}` };
    const found = differences(expected, came.value);
    if (found.length === 0) return { passed: true };
    const whole = `expected${expected.exact ? ' exactly' : ''}: ${show(expected.value)}\nactual: ${show(came.value)}`;
    return { passed: false, failure: `AssertionError: ${found.join('\n')}\n\n${whole}` };
  }
  const { type, message } = expected;
  const wanted = `expected ${[type ?? 'an error', ...(message === undefined ? [] : [show(message)])].join(': ')}`;
  if (came.outcome === 'returned')
    return { passed: false, failure: `AssertionError: ${wanted} to be thrown, got the result ${show(came.value)}` };
  return throwsAs(came.error, type, message)
    ? { passed: true }
    : { passed: false, failure: `${textOf(came.error)}\n\n${wanted} to be thrown` };
}

function throwsAs(error: ThrownError, type: string | undefined, message: string | undefined): boolean {
  return (
    (type === undefined || error.types.includes(type)) && (message === undefined || heldBy(error.message, message))
  );
}

/** One failed case under the module's name, as for a test file that does not load, so that runs can be compared. */
function notLoaded({ module }: Call, failure: string): Judgement {
  const lines = failure.split('\n').filter((text) => text.trim() !== '');
  const line = lines.find((text) => /\w(?:Error|Exception)\b.*: /.test(text)) ?? lines[0] ?? '';
  return directError('load_error', `${module} did not load or did not run: ${foreignLine(line, 300)}`, {
    counts: { passed: 0, failed: 1, skipped: 0 },
    cases: [{ name: module, file: module, status: 'failed', failure }],
  });
}

function missingExport(
  { module, export: name }: Call,
  { found, names }: Extract<CallOutcome, { outcome: 'no_export' }>,
): string {
  if (found !== null) return `Error: ${name} of ${module} is no function but ${found}`;
  const near = nearest(name, names);
  const has = names.length === 0 ? 'it has none' : `it has ${names.slice(0, 10).join(', ')}`;
  return `Error: ${module} has no export ${name}; ${has}${near && names.length > 1 ? `. Did you mean ${near}?` : ''}`;
}
